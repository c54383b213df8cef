"""Values that a schema allows: one good value, and the values at its edges. Deterministic; nothing is drawn at random.

What the author of the contract wrote (example, default, const, enum) always beats what can be derived.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from certify.contract.document import Contract
from certify.http.call import ABSENT

_FORMATS = {
    "date": "2026-11-02",
    "date-time": "2026-11-02T09:30:00Z",
    "time": "09:30:00Z",
    "email": "certify@partner.example",
    "uri": "https://partner.example/certify",
    "url": "https://partner.example/certify",
    "uuid": "7d444840-9dc0-4a52-b6d5-3c1c5d2f9a10",
    "hostname": "partner.example",
    "ipv4": "192.0.2.10",
    "ipv6": "2001:db8::10",
    "byte": "Y2VydGlmeQ==",
    "decimal": "12.50",
}
MAX_DEPTH = 8
MAX_LENGTH, MAX_ITEMS = 10_000, 100
"""Of the longest text and array that are worth sending."""


def sample(contract: Contract, schema: Any, *, full: bool = False, depth: int = 0) -> Any:
    """A value that keeps the schema, as far as can be derived; :data:`ABSENT` where nothing can.

    ``full`` adds optional members of objects.
    """
    schema = contract.follow(schema)
    if not isinstance(schema, Mapping) or depth > MAX_DEPTH:
        return ABSENT if schema is False else None
    written = _written(schema)
    if written is not ABSENT and not (full and isinstance(written, dict)):
        return written
    for keyword in ("allOf", "oneOf", "anyOf"):
        if keyword in schema:
            return _combined(contract, schema, keyword, full, depth)
    return _derived(contract, schema, full, depth)


def _written(schema: Mapping[str, Any]) -> Any:
    if "const" in schema:
        return schema["const"]
    if schema.get("examples") and isinstance(schema["examples"], list):
        return schema["examples"][0]
    for keyword in ("example", "default"):
        if schema.get(keyword) is not None:
            return schema[keyword]
    return schema["enum"][0] if schema.get("enum") else ABSENT


def _combined(contract: Contract, schema: Mapping[str, Any], keyword: str, full: bool, depth: int) -> Any:
    options = schema[keyword] if keyword == "allOf" else schema[keyword][:1]
    rest = {key: value for key, value in schema.items() if key != keyword}
    parts = [sample(contract, part, full=full, depth=depth + 1) for part in [*options, *([rest] if rest else [])]]
    merged: dict[str, Any] = {}
    for part in parts:
        if not isinstance(part, dict):
            return next((item for item in parts if item is not None), None)
        merged.update(part)
    return merged


def _derived(contract: Contract, schema: Mapping[str, Any], full: bool, depth: int) -> Any:
    match kind_of(schema):
        case "object":
            return _object(contract, schema, full, depth)
        case "array":
            item = sample(contract, schema.get("items", {}), full=full, depth=depth + 1)
            return [item] * int(schema.get("minItems", 1 if full else 0))
        case "string":
            return text(schema)
        case "integer" | "number" as kind:
            return number(schema, kind)
        case "boolean":
            return True
        case _:
            return None


def kind_of(schema: Mapping[str, Any]) -> str:
    """The first type that is not null, or what the keywords imply."""
    declared = schema.get("type")
    kinds = [declared] if isinstance(declared, str) else list(declared or [])
    for kind in kinds:
        if kind != "null":
            return str(kind)
    if kinds:
        return "null"
    return "object" if "properties" in schema else "array" if "items" in schema else "string"


def _object(contract: Contract, schema: Mapping[str, Any], full: bool, depth: int) -> dict[str, Any]:
    properties = schema.get("properties", {})
    required = set(schema.get("required", []))
    written = _written(schema)
    value: dict[str, Any] = dict(written) if isinstance(written, dict) else {}
    for name, part in properties.items():
        part = contract.follow(part)
        if name in value or (isinstance(part, Mapping) and part.get("readOnly")):
            continue
        if name in required or full:
            item = sample(contract, part, full=full, depth=depth + 1)
            if item is not ABSENT:
                value[name] = item
    return value


def text(schema: Mapping[str, Any]) -> str:
    """A string for a schema: by format, by simple pattern, by length."""
    if schema.get("format") in _FORMATS:
        return _FORMATS[schema["format"]]
    if pattern := schema.get("pattern"):
        return from_pattern(str(pattern))
    low, high = int(schema.get("minLength", 0)), int(schema.get("maxLength", 40))
    return "certify".ljust(low, "x")[: max(high, low)]


def number(schema: Mapping[str, Any], kind: str) -> int | float:
    """A number inside its bounds, on its step. A small one where that is allowed, and not the bound itself: programs
    err at their bounds, and the valid input that everything is compared with must not be what they refuse."""
    step = schema.get("multipleOf", 1 if kind == "integer" else 0.5)
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    value = low if low is not None else min(high, step) if high is not None else step
    if "exclusiveMinimum" in schema and value <= schema["exclusiveMinimum"]:
        value = schema["exclusiveMinimum"] + step
    if low is not None and high is not None and low < 0 < step < high:
        value = step
    return int(value) if kind == "integer" else float(value)


_CLASS = re.compile(
    r"(?P<set>\[[^\]]+\]|\\d|\\w|\\s|\.|\\.|\((?:\?:)?(?P<group>[^()]*)\)|[^\\\[\](){}?*+|^$])"
    r"(?P<times>\{\d+(?:,\d*)?\}|[?*+])?"
)


def from_pattern(pattern: str) -> str:
    """A string for a simple regular expression: classes, literals, groups, counts. A guess; the caller validates."""
    return "".join(_repeat(match) for match in _CLASS.finditer(pattern.strip("^$")))


def _repeat(match: re.Match[str]) -> str:
    times = match["times"] or "{1}"
    count = {"?": 0, "*": 0, "+": 1}.get(times)
    if count is None:
        count = int(re.findall(r"\d+", times)[0])
    if match["group"] is not None:
        return from_pattern(match["group"].split("|")[0]) * count
    return _member(match["set"]) * count


def _member(token: str) -> str:
    known = {r"\d": "7", r"\w": "w", r"\s": " ", ".": "x"}
    if token in known:
        return known[token]
    if not token.startswith("["):
        return token[-1]
    if token.startswith("[^"):
        return next((c for c in string.ascii_letters + string.digits if c not in token), "x")
    first = token[1:-1]
    return _member(first[:2]) if first.startswith("\\") else first[0]


@dataclass(frozen=True)
class Edge:
    """A value at the edge of what a schema allows.

    ``firm``: a bound that the schema states, so that no rule between members can be behind a refusal. ``text``: free
    text, whose characters do not matter.
    """

    what: str
    value: Any
    firm: bool = True
    text: bool = False


def edges(contract: Contract, schema: Any) -> Iterator[Edge]:
    """The values at the edges of a schema: enum members, bounds, lengths, the longest array."""
    schema = contract.follow(schema)
    if not isinstance(schema, Mapping):
        return
    if schema.get("enum"):
        yield from (Edge(f"enum value {value!r}", value, firm=False) for value in schema["enum"])
        return
    match kind_of(schema):
        case "integer" | "number":
            yield from (
                Edge(f"{name} {schema[name]}", schema[name]) for name in ("minimum", "maximum") if name in schema
            )
        case "string" if not schema.get("format") and not schema.get("pattern"):
            yield from _lengths(schema)
        case "array":
            yield from _longest(contract, schema)


def _lengths(schema: Mapping[str, Any]) -> Iterator[Edge]:
    # JSON Schema counts Unicode code points (Validation §6.3.1), so é and 😀 count as one each.
    low, high = schema.get("minLength", 0), schema.get("maxLength", 0)
    if low > 0:
        yield Edge(f"minLength {low}", "m" * low, text=True)
    if 0 < high <= MAX_LENGTH:
        yield Edge(f"maxLength {high}", "M" * high, text=True)
        yield Edge(f"maxLength {high} of multi-byte text", "é" * high, text=True)


def _longest(contract: Contract, schema: Mapping[str, Any]) -> Iterator[Edge]:
    """The longest array, of distinct enum members or texts; only where they are easy to make."""
    high, items = schema.get("maxItems", 0), contract.follow(schema.get("items", {}))
    if not 0 < high <= MAX_ITEMS or not isinstance(items, Mapping):
        return
    if items.get("enum"):
        yield Edge(f"{min(high, len(items['enum']))} items", items["enum"][:high], firm=False)
    elif kind_of(items) == "string" and not {"format", "pattern"} & set(items):
        yield Edge(f"maxItems {high}", [f"c{number}" for number in range(high)], firm=False)
