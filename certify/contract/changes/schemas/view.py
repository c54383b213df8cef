"""A schema as it is compared: references followed, ``allOf`` merged where that loses nothing, null set apart.

The same set of values can be written in many ways. A base that moved into an ``allOf``, a ``type`` list with null or
an ``anyOf`` with it, ``const`` or an ``enum`` of one: none of that is a change.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import Any

from certify.contract.changes.side import Node, Side, reference

DEEPEST = 100
"""Schemas that are merged one into the other; what lies deeper is not looked at, and that is told."""

_ALL = frozenset(["array", "boolean", "number", "object", "string"])
_UNTOLD = frozenset(["$ref", "allOf", "type", "properties", "required", "anyOf", "oneOf"])
TEXTS = frozenset(
    ["title", "description", "example", "examples", "externalDocs", "xml", "$comment", "deprecated", "summary"]
)
FLAGS = frozenset(["readOnly", "writeOnly", "default", "discriminator", "nullable"])


@dataclass
class View:
    """``types`` are those allowed besides null, integer being a part of number. ``members`` are the properties.

    ``keywords`` are all others that assert something, each with its value; those that stand ``besides`` an equal
    keyword in an ``allOf`` have a name of their own. ``choices`` are the members of ``oneOf`` and of ``anyOf``, each
    list one demand, and ``exclusive`` says of each whether it is a ``oneOf``. ``unfinished``: there is more.
    """

    node: Node
    types: frozenset[str] = _ALL
    nullable: bool = True
    members: dict[str, Node] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    keywords: dict[str, Any] = field(default_factory=dict)
    choices: list[list[Node]] = field(default_factory=list)
    exclusive: list[bool] = field(default_factory=list)
    discriminator: Any = None
    besides: dict[str, list[Any]] = field(default_factory=dict)
    unfinished: bool = False

    def place(self, name: str) -> str:
        return f"{self.node.pointer}/{name}"


def view(side: Side, node: Node) -> View:
    """The view of a schema; what is no schema says nothing."""
    seen = View(side.follow(node) if only_reference(node.value) else node)
    _gather(side, node, seen, set(), 0)
    seen.keywords.update({f"allOf {name}": sorted(items, key=written) for name, items in seen.besides.items()})
    return seen


def only_reference(value: Any) -> bool:
    return reference(value) is not None and not any(key not in TEXTS and key != "$ref" for key in value)


def _gather(side: Side, node: Node, seen: View, visited: set[str], depth: int) -> None:
    value = node.value
    if value is False:
        seen.types, seen.nullable = frozenset(), False
    if not isinstance(value, dict) or node.pointer in visited:
        return
    if depth > DEEPEST:
        seen.unfinished = True
        return
    visited.add(node.pointer)
    target = reference(value)
    if target is not None:
        next_one = Node(side.at(target), target)
        _gather(side, side.follow(next_one) if only_reference(next_one.value) else next_one, seen, visited, depth + 1)
    _take(side, node, seen)
    parts = value.get("allOf")
    for number in range(len(parts) if isinstance(parts, list) else 0):
        _gather(side, node / "allOf" / number, seen, visited, depth + 1)
    for keyword in ("oneOf", "anyOf"):
        if isinstance(value.get(keyword), list):
            _choose(side, node / keyword, seen, visited, depth)


def _take(side: Side, node: Node, seen: View) -> None:
    """The keywords of one object into the view: all of them hold at once."""
    value = node.value
    if "type" in value:
        _types(value["type"], seen)
    listed = value.get("required")
    seen.required |= {name for name in listed if isinstance(name, str)} if isinstance(listed, list) else set()
    properties = value.get("properties")
    for name in properties if isinstance(properties, dict) else ():
        own = node / "properties" / name
        if written(seen.members.setdefault(name, own).value) != written(own.value):
            _besides(f"properties {name}", own.value, seen)
    for name, item in value.items():
        if name == "discriminator":
            seen.discriminator = seen.discriminator or item
        elif name not in _UNTOLD and name not in TEXTS and name not in FLAGS and not name.startswith("x-"):
            _keyword(name, item, seen)


def _types(told: Any, seen: View) -> None:
    names = {name for name in (told if isinstance(told, list) else [told]) if isinstance(name, str)}
    seen.nullable = seen.nullable and "null" in names
    both = seen.types & names
    if "integer" in names and "number" in seen.types and "number" not in names:
        both |= {"integer"}
    if "integer" in seen.types and "number" in names:
        both |= {"integer"}
    seen.types = frozenset(both)


def _keyword(name: str, item: Any, seen: View) -> None:
    """Of two bounds the tighter one holds, and of two enums what both have."""
    if name in ("const", "enum"):
        values = [item] if name == "const" else item if isinstance(item, list) else []
        seen.nullable = seen.nullable and None in values
        name, item = "enum", [value for value in values if value is not None]
    if name not in seen.keywords:
        seen.keywords[name] = item
    elif name == "multipleOf" and _whole(item) and _whole(seen.keywords[name]):
        seen.keywords[name] = math.lcm(item, seen.keywords[name])
    elif _number(item) and _number(seen.keywords[name]) and name != "multipleOf":
        tighter = max if name.lower().startswith(("min", "exclusivemin")) else min
        seen.keywords[name] = tighter(item, seen.keywords[name])
    elif name == "enum":
        known = {written(value) for value in item}
        seen.keywords[name] = [value for value in seen.keywords[name] if written(value) in known]
    elif written(item) != written(seen.keywords[name]):
        _besides(name, item, seen)


def _besides(name: str, item: Any, seen: View) -> None:
    """A demand that cannot be merged with the one that is there: it is compared as it is written."""
    seen.besides.setdefault(name, []).append(item)


def written(value: Any) -> str:
    """A value so that equal ones are equal texts; true is not 1 (JSON Schema 2020-12 §4.2.2)."""
    return json.dumps(value, sort_keys=True, default=str)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _choose(side: Side, node: Node, seen: View, visited: set[str], depth: int) -> None:
    """The choices of one keyword. Null beside one other is that other, or null."""
    members = [node / number for number in range(len(node.value))]
    rest = [member for member in members if not _null(side.follow(member).value)]
    if len(rest) == len(members) and len(rest) != 1:
        seen.nullable = seen.nullable and any(_takes_null(side, member, set()) for member in members)
    if len(rest) == 1:
        before = seen.nullable
        _gather(side, rest[0], seen, visited, depth + 1)
        seen.nullable = before if len(members) > 1 else seen.nullable
    elif rest:
        seen.choices.append(rest)
        seen.exclusive.append(node.pointer.endswith("/oneOf"))
    else:
        seen.types = frozenset()  # null, and nothing else


def _null(value: Any) -> bool:
    return isinstance(value, dict) and (
        value.get("type") in ("null", ["null"]) or value.get("enum") == [None] or value.get("const", 0) is None
    )


def _takes_null(side: Side, node: Node, visited: set[str]) -> bool:
    """Whether null is among the values of a schema. Each place is looked at once, and not too many of them."""
    value = node.value
    if not isinstance(value, dict) or node.pointer in visited or len(visited) > DEEPEST:
        return value is not False
    visited.add(node.pointer)
    kinds, target = value.get("type", "null"), reference(value)
    if "null" not in (kinds if isinstance(kinds, list) else [kinds]) or None not in value.get("enum", [None]):
        return False
    if value.get("const") is not None or (target and not _takes_null(side, Node(side.at(target), target), visited)):
        return False
    parts = {name: node / name for name in ("allOf", "anyOf", "oneOf") if isinstance(value.get(name), list)}
    told = {
        name: [_takes_null(side, part / number, visited) for number in range(len(part.value))]
        for name, part in parts.items()
    }
    return all(all(found) if name == "allOf" else any(found) for name, found in told.items())
