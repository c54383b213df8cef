"""What the profile could say so that a role finds its operation: YAML to paste, filled in as far as is known."""

from __future__ import annotations

from collections.abc import Sequence

from certify.contract import Operation
from certify.suite.kit import Kit

_UNKNOWN = "FILL-IN"


def suggestion(kit: Kit, role: str, candidates: Sequence[Operation]) -> str:
    """The entry for ``operations`` that would enable a role, with the likeliest operation where there is one."""
    operation = candidates[0] if candidates else None
    name = operation.id if operation is not None else "METHOD /path"
    lines = ["operations:", f"  {role}:", f"    operation: {name}"]
    if operation is not None:
        values = {parameter.name: _UNKNOWN for parameter in operation.path_parameters}
        lines += [f"    path: {{{', '.join(f'{key}: {value}' for key, value in values.items())}}}"] if values else []
        lines += ["    body: {FILL-IN: a body that the sandbox accepts}"] if operation.body is not None else []
    return "\n".join(lines) + "\n"
