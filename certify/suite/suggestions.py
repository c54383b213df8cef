"""What the profile could say so that a role finds its operation: YAML to paste, filled in as far as is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from certify.contract import Operation
from certify.suite.kit import Kit
from certify.suite.verdicts import Stop

FILL_IN = "FILL-IN"
"""Stands where only the partner knows the value."""
_NEEDS_A_BODY = ("POST", "PUT", "PATCH")
_KINDS = {
    "read": "GET",
    "collection": "GET",
    "item": "GET",
    "create": "POST",
    "update": "PATCH",
    "delete": "DELETE",
    "paginated": "GET",
    "privileged": "GET",
}


def suggestion(kit: Kit, role: str, candidates: Sequence[Operation]) -> str:
    """The entry for ``operations`` that would enable a role, with the likeliest operation where there is one."""
    if not candidates:
        return _written(role, {"operation": f"{_KINDS[role]} /{FILL_IN}"})
    operation = candidates[0]
    entry: dict[str, Any] = {"operation": operation.id}
    if operation.path_parameters:
        entry["path"] = {parameter.name: FILL_IN for parameter in operation.path_parameters}
    required = [p.name for p in operation.parameters if p.place == "query" and p.required]
    if required:
        entry["query"] = dict.fromkeys(required, FILL_IN)
    if operation.body is not None and operation.method in _NEEDS_A_BODY:
        entry["body"] = _tried_body(kit, operation)
    return _written(role, entry)


def _tried_body(kit: Kit, operation: Operation) -> Any:
    """The body that was tried, to be corrected; it is the partner who knows what the sandbox wants."""
    assert operation.body is not None
    try:
        body = kit.things.inputs.body(operation, operation.body)
    except Stop:
        return {FILL_IN: "a body that the sandbox accepts"}
    return body if isinstance(body, (dict, list)) and body else {FILL_IN: "a body that the sandbox accepts"}


def _written(role: str, entry: Mapping[str, Any]) -> str:
    return yaml.safe_dump({"operations": {role: dict(entry)}}, sort_keys=False, allow_unicode=True, width=110)
