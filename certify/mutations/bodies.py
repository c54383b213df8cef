"""JSON bodies, spoiled and stretched, by their schema.

:meth:`Bodies.violations` makes exactly one violation each; :meth:`Bodies.edges` goes to the limits of what is allowed.
Both are proved against the schema before use: a "violation" that the schema allows is dropped, and so is an "edge" that
it forbids.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from certify.contract import Contract
from certify.contract.edges import Edge
from certify.contract.edges import edges as scalar_edges
from certify.contract.operation import Body
from certify.contract.scalars import kind_of
from certify.contract.shape import closed, members, required
from certify.contract.validation import Schemas
from certify.contract.values import sample

LONGEST = 10_000
"""Characters of the longest text that is sent."""


@dataclass(frozen=True)
class Variant:
    """A body that differs from the valid one in one place. ``pointer`` locates it (RFC 6901).

    ``firm`` says that the schema alone decides: a bound that the contract states. A member's other values may also be
    subject to rules between members that no schema can state.
    """

    what: str
    body: Any
    pointer: str = ""
    firm: bool = True


class Bodies:
    """Makes variants of valid bodies of one contract."""

    def __init__(self, contract: Contract, schemas: Schemas) -> None:
        self._contract, self._schemas = contract, schemas

    def violations(self, body: Body, valid: Any) -> Iterator[Variant]:
        """Bodies with one violation each, made from a valid one."""
        return (v for v in self._violations(body, valid) if not self._schemas.valid(body.pointer, v.body))

    def edges(self, body: Body, valid: Any) -> Iterator[Variant]:
        """Bodies at the edges of what is allowed, made from a valid one."""
        return (v for v in self._edges(body, valid) if self._schemas.valid(body.pointer, v.body))

    def _violations(self, body: Body, valid: Any) -> Iterator[Variant]:
        if not isinstance(valid, Mapping):
            return
        yield Variant("an array in place of the object", [])
        for name in required(self._contract, body.schema):
            if name in valid:
                rest = {key: item for key, item in valid.items() if key != name}
                yield Variant(f"{name} left out", rest, f"/{name}")
        for name, schema in members(self._contract, body.schema).items():
            if isinstance(schema, Mapping) and not schema.get("readOnly"):
                yield from (Variant(f"{name} {what}", {**valid, name: v}, f"/{name}") for what, v in _wrong(schema))
        if closed(self._contract, body.schema):
            yield Variant("a member that the schema does not name", {**valid, "certify_unknown": 1}, "/certify_unknown")

    def _edges(self, body: Body, valid: Any) -> Iterator[Variant]:
        if not isinstance(valid, Mapping):
            return
        needed = set(required(self._contract, body.schema))
        yield Variant("only the required members", {key: item for key, item in valid.items() if key in needed})
        full = sample(self._contract, body.schema, full=True)
        if isinstance(full, Mapping):
            yield Variant("every optional member", {**full, **valid}, firm=False)
        for name, schema in members(self._contract, body.schema).items():
            if isinstance(schema, Mapping) and not schema.get("readOnly"):
                for edge in scalar_edges(self._contract, schema):
                    changed = {**valid, name: _stamped(edge)}
                    yield Variant(f"{name} at {edge.what}", changed, f"/{name}", edge.firm)


def _wrong(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Values that break a member's schema, one keyword each. What is no violation after all is dropped later."""
    kind = kind_of(schema)
    # An object in place of text cannot be mistaken for a lawful coercion, as "5" for 5 could.
    yield "of a wrong type", {"certify": 1} if kind == "string" else "certify"
    yield "null", None
    if 0 < schema.get("maxLength", 0) < LONGEST:
        yield "one character too long", "L" * (schema["maxLength"] + 1)
    if 0 < schema.get("minLength", 0) < LONGEST:
        yield "too short", "s" * (schema["minLength"] - 1)
    for keyword, step in (("minimum", -1), ("exclusiveMinimum", 0)):
        if _is_number(schema.get(keyword)):
            yield "below its minimum", schema[keyword] + step
    for keyword, step in (("maximum", 1), ("exclusiveMaximum", 0)):
        if _is_number(schema.get(keyword)):
            yield "above its maximum", schema[keyword] + step
    if "enum" in schema:
        yield "outside its enum", "certify-no-such-value"
    if "pattern" in schema:
        yield "against its pattern", "!certify pattern!"
    if schema.get("format"):
        yield "against its format", "!certify format!"


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _stamped(edge: Edge) -> Any:
    """Text begins with something fresh: a unique member must not be refused because it was used before."""
    if not edge.text:
        return edge.value
    length = len(edge.value) if edge.value.isascii() else len(edge.value) // 2
    fresh = uuid.uuid4().hex[: min(length, 12)]
    return fresh + edge.value[len(fresh) :]
