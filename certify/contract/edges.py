"""The values at the edges of what a schema allows: what a server most likely forgot to allow as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from certify.contract.document import Contract
from certify.contract.scalars import kind_of

MAX_LENGTH, MAX_ITEMS = 10_000, 100
"""Of the longest text and array that are worth sending."""
MAX_ENUM = 50
"""Members of an enum that are sent each: one with ten thousand would drown everything else."""


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
        yield from (Edge(f"enum value {value!r}", value, firm=False) for value in schema["enum"][:MAX_ENUM])
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
    if 0 < low <= MAX_LENGTH:
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
