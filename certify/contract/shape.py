"""The members of an object schema, whether it is written in one piece or composed with ``allOf``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from certify.contract.document import Contract

MAX_DEPTH = 8


def members(contract: Contract, schema: Any) -> dict[str, Any]:
    """The schemas of all named members, references of the members themselves followed."""
    found: dict[str, Any] = {}
    for part in _parts(contract, schema):
        for name, member in part.get("properties", {}).items():
            found[name] = contract.follow(member)
    return found


def required(contract: Contract, schema: Any) -> list[str]:
    """The names of required members, each once."""
    return list(dict.fromkeys(name for part in _parts(contract, schema) for name in part.get("required", [])))


def closed(contract: Contract, schema: Any) -> bool:
    """Whether members that the schema does not name are forbidden."""
    return any(
        part.get("additionalProperties") is False or part.get("unevaluatedProperties") is False
        for part in _parts(contract, schema)
    )


def _parts(contract: Contract, schema: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    schema = contract.follow(schema)
    if not isinstance(schema, Mapping) or depth > MAX_DEPTH:
        return
    for part in schema.get("allOf", []):
        yield from _parts(contract, part, depth + 1)
    yield schema
