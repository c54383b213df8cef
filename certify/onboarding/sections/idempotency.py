"""The header that makes writes repeatable, where an operation declares one."""

from __future__ import annotations

import re

from certify.contract import Contract

_KEY = re.compile(r"(x-)?(idempotency|idempotent|request)[-_]?(key|token)", re.I)


def key_header(contract: Contract) -> tuple[str, str]:
    """The header and the operation that takes it, or two empty texts."""
    for operation in contract.operations:
        for parameter in operation.parameters if not operation.safe else ():
            if parameter.place == "header" and _KEY.fullmatch(parameter.name):
                return parameter.name, operation.id
    return "", ""
