"""JSON bodies, spoiled and stretched, by their schema.

:func:`violations` makes exactly one violation each; :func:`edges` goes to the limits of what is allowed. Both are proved
against the schema before use: a "violation" that the schema allows is dropped, and so is an "edge" that it forbids.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from certify.contract.document import Contract
from certify.contract.operation import Body
from certify.contract.validation import Schemas
from certify.contract.values import edges as scalar_edges
from certify.contract.values import kind_of, sample


@dataclass(frozen=True)
class Variant:
    """A body that differs from the valid one in one place. ``pointer`` locates it (RFC 6901)."""

    what: str
    body: Any
    pointer: str = ""


def violations(contract: Contract, schemas: Schemas, body: Body, valid: Any) -> Iterator[Variant]:
    """Bodies with one violation each, made from a valid one."""
    for variant in _violations(contract, body, valid):
        if not schemas.valid(body.pointer, variant.body):
            yield variant


def _violations(contract: Contract, body: Body, valid: Any) -> Iterator[Variant]:
    yield Variant("an array in place of the object", [])
    if not isinstance(valid, Mapping):
        return
    for name in body.schema.get("required", []):
        if name in valid:
            yield Variant(f"{name} left out", {key: item for key, item in valid.items() if key != name}, f"/{name}")
    for name, raw in body.schema.get("properties", {}).items():
        schema = contract.follow(raw)
        if isinstance(schema, Mapping) and not schema.get("readOnly"):
            yield from _member(name, schema, valid)
    if body.schema.get("additionalProperties") is False:
        yield Variant("a member that the schema does not name", {**valid, "certify_unknown": 1}, "/certify_unknown")


def _member(name: str, schema: Mapping[str, Any], valid: Mapping[str, Any]) -> Iterator[Variant]:
    for what, value in _wrong(schema):
        yield Variant(f"{name} {what}", {**valid, name: value}, f"/{name}")


def _wrong(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    kind = kind_of(schema)
    # An object in place of a scalar cannot be mistaken for a lawful coercion, as "5" for 5 could.
    yield (
        "of a wrong type",
        "certify" if kind in ("object", "array", "integer", "number", "boolean") else {"certify": 1},
    )
    yield "null", None
    if "maxLength" in schema and schema["maxLength"] <= 10_000:
        yield "one character too long", "L" * (schema["maxLength"] + 1)
    if schema.get("minLength", 0) > 0:
        yield "too short", "s" * (schema["minLength"] - 1)
    if "minimum" in schema:
        yield "below its minimum", schema["minimum"] - 1
    if "maximum" in schema:
        yield "above its maximum", schema["maximum"] + 1
    if "enum" in schema:
        yield "outside its enum", "certify-no-such-value"
    if "pattern" in schema:
        yield "against its pattern", "!certify pattern!"


def edges(contract: Contract, schemas: Schemas, body: Body, valid: Any) -> Iterator[Variant]:
    """Bodies at the edges of what is allowed, made from a valid one."""
    for variant in _edges(contract, body, valid):
        if schemas.valid(body.pointer, variant.body):
            yield variant


def _edges(contract: Contract, body: Body, valid: Any) -> Iterator[Variant]:
    if not isinstance(valid, Mapping):
        return
    required = set(body.schema.get("required", []))
    yield Variant("only the required members", {key: item for key, item in valid.items() if key in required})
    full = sample(contract, body.schema, full=True)
    if isinstance(full, Mapping):
        yield Variant("every optional member", {**full, **valid})
    for name, raw in body.schema.get("properties", {}).items():
        for what, value in scalar_edges(contract, raw):
            yield Variant(f"{name} at {what}", {**valid, name: value}, f"/{name}")
