"""Parameters: added, removed, required, and how their values are written.

Parameters of a path are known by their place in it, headers without regard to case (RFC 9110 §5.1), the rest by name.
"""

from __future__ import annotations

from collections.abc import Mapping

from certify.contract.changes.comparing import Comparing, Pair
from certify.contract.changes.fields import FORM, SIMPLE, schema_of, written
from certify.contract.changes.ruling import REQUEST, breaking, deprecating, harmless
from certify.contract.changes.side import Node, Side

ADDED_REQUIRED = breaking(
    "request-required-parameter-added", REQUEST, "required parameter added", "a client does not send it"
)
ADDED = harmless("request-parameter-added", REQUEST, "optional parameter added", "a client need not send it")
REMOVED = breaking(
    "request-parameter-removed", REQUEST, "parameter removed", "what a client sends with effect has none now"
)
BECAME_REQUIRED = breaking(
    "request-parameter-became-required", REQUEST, "parameter became required", "a client may leave it out"
)
BECAME_OPTIONAL = harmless(
    "request-parameter-became-optional", REQUEST, "parameter became optional", "a client may go on sending it"
)
WRITTEN = breaking(
    "request-parameter-written-otherwise", REQUEST, "parameter is written otherwise",
    "style, explode or media type changed, so what a client writes is read as something else",
)  # fmt: skip
FREEDOM = breaking(
    "request-parameter-freedom-removed", REQUEST, "allowReserved or allowEmptyValue taken back",
    "what a client was free to write is refused or read otherwise",
)  # fmt: skip
DEPRECATED = deprecating("request-parameter-deprecated", REQUEST, "parameter deprecated", "it is going to be removed")
RULES = (ADDED_REQUIRED, ADDED, REMOVED, BECAME_REQUIRED, BECAME_OPTIONAL, WRITTEN, FREEDOM, DEPRECATED)
_FREEDOMS = ("allowReserved", "allowEmptyValue")
_IGNORED = frozenset([("accept", "header"), ("content-type", "header"), ("authorization", "header")])
"""Parameters that say nothing (OpenAPI 3.1 §4.8.12.1)."""
Name = tuple[str, str]


def look(comparing: Comparing, pair: Pair) -> None:
    old = declared(comparing.old, pair.old_item, pair.old, pair.names)
    new = declared(comparing.new, pair.new_item, pair.new, {})
    for key, node in old.items():
        if key in new:
            _both(comparing, pair, node, new[key])
        else:
            comparing.tell(REMOVED, pair.operation, node.pointer, f"{_said(node)} removed", _said(node))
    for key, node in new.items():
        if key not in old:
            rule = ADDED_REQUIRED if _required(node) else ADDED
            comparing.tell(rule, pair.operation, node.pointer, f"{_said(node)} added", "", _said(node))


def declared(side: Side, item: Node, operation: Node, names: Mapping[str, str]) -> dict[Name, Node]:
    """The parameters of an operation, its own before those of its path; ``names`` renames those in the path."""
    found: dict[Name, Node] = {}
    for level in (item / "parameters", operation / "parameters"):
        for number in range(len(level.value) if isinstance(level.value, list) else 0):
            node = side.follow(level / number)
            name, place = str(node.get("name")), str(node.get("in"))
            name = names.get(name, name) if place == "path" else name.lower() if place == "header" else name
            found[(name, place)] = node
    return {key: node for key, node in found.items() if key not in _IGNORED}


def _both(comparing: Comparing, pair: Pair, old: Node, new: Node) -> None:
    if _required(old) != _required(new):
        rule = BECAME_REQUIRED if _required(new) else BECAME_OPTIONAL
        comparing.tell(rule, pair.operation, new.pointer, f"{_said(new)}: {rule.title}")
    if _written(old) != _written(new):
        told = f"{_said(new)}: {WRITTEN.title}"
        comparing.tell(WRITTEN, pair.operation, new.pointer, told, _written(old), _written(new))
    if new.get("deprecated") is True and old.get("deprecated") is not True:
        comparing.tell(DEPRECATED, pair.operation, new.pointer, f"{_said(new)} deprecated")
    _freedoms(comparing, pair, old, new)
    comparing.compare_schemas(pair.operation, schema_of(old), schema_of(new), REQUEST)


def _freedoms(comparing: Comparing, pair: Pair, old: Node, new: Node) -> None:
    for name in _FREEDOMS:
        if old.get(name) is True and new.get(name) is not True:
            comparing.tell(FREEDOM, pair.operation, f"{new.pointer}/{name}", f"{_said(new)}: no {name} any more", name)


def _written(node: Node) -> str:
    return written(node, SIMPLE if node.get("in") in ("path", "header") else FORM)


def _required(node: Node) -> bool:
    return node.get("required") is True or node.get("in") == "path"


def _said(node: Node) -> str:
    return f"{node.get('in')} parameter {node.get('name')}"
