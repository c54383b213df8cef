"""What a schema says of values without parts: their kind, their bounds, and whether one of them fits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import UnknownType

from certify.contract.patterns import matches

_PLAIN_KEYWORDS = (
    *("type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength"),
)


_MEANINGLESS = (UnknownType, TypeError, ValueError, ArithmeticError, RecursionError)
"""What validating raises where a keyword has a value that it cannot have: ``minimum: five``, ``multipleOf: 0``."""


def kind_of(schema: Mapping[str, Any]) -> str:
    """The first type that is not null, or what the keywords imply."""
    declared = schema.get("type")
    kinds = [declared] if isinstance(declared, str) else list(declared or [])
    for kind in kinds:
        if kind != "null":
            return str(kind)
    if kinds:
        return "null"
    if {"properties", "additionalProperties", "required", "minProperties"} & set(schema):
        return "object"
    if {"items", "prefixItems", "minItems"} & set(schema):
        return "array"
    return "number" if {"minimum", "maximum", "multipleOf"} & set(schema) else "string"


def fits(schema: Mapping[str, Any], value: Any) -> bool:
    """Whether a plain value keeps what a schema says of plain values; patterns as ECMA-262 means them."""
    plain = {name: part for name, part in schema.items() if name in _PLAIN_KEYWORDS}
    if isinstance(value, str) and "pattern" in schema and matches(str(schema["pattern"]), value) is False:
        return False
    try:
        return bool(Draft202012Validator(plain).is_valid(value))
    except _MEANINGLESS:  # a schema that cannot be used says nothing about a value
        return True


def number(schema: Mapping[str, Any], kind: str, variant: int = 0) -> int | float:
    """A number inside its bounds, on its step; ``variant`` steps on, as far as the bounds let it."""
    step = schema.get("multipleOf") or (1 if kind == "integer" else 0.5)
    low, high = _bound(schema, "minimum", step), _bound(schema, "maximum", -step)
    # Away from the bounds where they lie around it: a limit of the implementation is often one of them.
    start = step if (low is None or low <= step) else low
    start = min(start, high) if high is not None else start
    first = (math.ceil if low is not None else math.floor)(start / step - (1e-9 if low is not None else -1e-9)) * step
    value = first + variant * step
    if high is not None and value > high:
        value = first if first <= high else start
    return int(value) if kind == "integer" else float(value)


def _bound(schema: Mapping[str, Any], name: str, step: float) -> float | None:
    """A bound that may be reached itself: an exclusive one is moved by a step (JSON Schema Validation §6.2)."""
    exclusive = schema.get(f"exclusive{name.title()}")
    exclusive = None if isinstance(exclusive, bool) else exclusive
    inclusive = schema.get(name)
    moved = exclusive + step if exclusive is not None else None
    known = [value for value in (inclusive, moved) if value is not None]
    return (max(known) if name == "minimum" else min(known)) if known else None
