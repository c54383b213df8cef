"""Mistakes in schemas that have one reading: habits of OpenAPI 3.0, of JSON Schema draft 4, and of other languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from certify.contract.grammar import NUMBERS, TYPES

_MEANT = {
    **dict.fromkeys(("int", "long", "int32", "int64"), "integer"),
    **dict.fromkeys(("float", "double", "decimal"), "number"),
    **dict.fromkeys(("str", "text", "date", "date-time", "datetime", "uuid", "binary", "file"), "string"),
    **dict.fromkeys(("bool",), "boolean"),
    **dict.fromkeys(("dict", "map"), "object"),
    **dict.fromkeys(("list",), "array"),
}
_FORMATS = {"date": "date", "date-time": "date-time", "datetime": "date-time", "uuid": "uuid"}
_ASSERTED_BESIDE = frozenset(
    ["$ref", "summary", "description", "title", "deprecated", "readOnly", "writeOnly", "example", "examples", "default"]
)
"""What says nothing about a value beside ``$ref``."""

Settled = tuple[str, str, str]
"""The keyword, what was wrong with it, how it is read."""


def settle(node: dict[str, Any]) -> Iterator[Settled]:
    """Put a schema in order where there is one way to do it, in place, and tell what was wrong."""
    _beside_reference(node)
    for flag, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(node.get(flag), bool):
            if node.pop(flag) and bound in node:
                node[flag] = node.pop(bound)
            yield flag, f"{flag} is a flag, as in OpenAPI 3.0", f"write the bound itself, instead of {bound}"
    if isinstance(node.get("required"), bool):
        del node["required"]
        yield "required", "required is a flag here", "list the names of required members in the object's own schema"
    yield from _types(node)
    for keyword in NUMBERS:
        number = _number(node.get(keyword))
        if number is not None:
            node[keyword] = number
            yield keyword, f"{keyword} is a text", "write the number without quotes"


def _beside_reference(node: dict[str, Any]) -> None:
    """What is asserted beside ``$ref`` counts too (JSON Schema Core 2020-12 §8.2.3.1); in ``allOf`` all see it."""
    asserted = any(name not in _ASSERTED_BESIDE and not name.startswith("x-") for name in node)
    if asserted and isinstance(node.get("$ref"), str) and isinstance(node.get("allOf", []), list):
        node["allOf"] = [{"$ref": node.pop("$ref")}, *node.get("allOf", [])]


def _types(node: dict[str, Any]) -> Iterator[Settled]:
    declared = node.get("type")
    if isinstance(declared, list) and None in declared:
        node["type"] = ["null" if item is None else item for item in declared]
        yield "type", "a type is null, without quotes", "write 'null'"
    if not isinstance(declared, str) or declared in TYPES:
        return
    name = declared.lower()
    if name == "any":
        del node["type"]
    elif name in TYPES or name in _MEANT:
        node["type"] = _MEANT.get(name, name)
        if name in _FORMATS:
            node.setdefault("format", _FORMATS[name])
    else:
        return
    yield "type", f"{declared[:40]!r} is no type", f"it is read as {node.get('type', 'any type')}"


def _number(value: Any) -> int | float | None:
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        return int(value)
    except ValueError:
        pass
    try:
        number = float(value)
    except ValueError:
        return None
    return number if number == number and abs(number) != float("inf") else None
