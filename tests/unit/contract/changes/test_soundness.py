"""What no rule finds and a client would notice: random schemas, changed in one place, held against a validator.

A value that the earlier schema takes and the later one does not is a request that is refused now, so something has to
be breaking in a request; the other way round, in a response. Properties that come and go are left out, because their
rules are deliberately more tolerant than a validator; ``oneOf``, because widening one member can narrow the whole.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from certify.contract.changes import compare
from certify.model.change import Change
from tests.unit.contract.changes.snippets import answered, sent

TYPES = ("string", "integer", "number", "boolean", "null")
TOLERANT = {"request-property-added", "response-property-added", "response-property-removed",
            "response-additional-properties-widened"}  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, 2, 3, 4, 5, 1.5, "", "a", "b", "ab", "abc", [], [1], ["a"], ["a", "a"], [1, 2], [None],
    [{}], {}, {"a": 1}, {"a": "a"}, {"b": "a"}, {"b": 1}, {"a": "a", "b": "a"}, {"a": None}, {"c": 1}, {"a": {"a": 1}},
)  # fmt: skip


class Writer:
    """Writes small schemas, always the same ones for a seed."""

    def __init__(self, seed: int) -> None:
        self.choose = random.Random(seed)

    def schema(self, depth: int = 2) -> dict[str, Any]:
        makers = [self.plain, self.number, self.text, self.listed]
        return self.choose.choice([*makers, *([self.thing, self.items, self.composed] * 2 if depth else [])])(depth - 1)

    def plain(self, depth: int) -> dict[str, Any]:
        return self.choose.choice([{}, {"type": self.choose.choice(TYPES)}, {"type": self.choose.sample(TYPES, 2)}])

    def number(self, depth: int) -> dict[str, Any]:
        bounds = ("minimum", "maximum", "exclusiveMinimum", "multipleOf")
        return {"type": "integer", **self.some({name: self.choose.randint(1, 5) for name in bounds})}

    def text(self, depth: int) -> dict[str, Any]:
        return {"type": "string", **self.some({"minLength": self.choose.randint(0, 2), "maxLength": 2})}

    def listed(self, depth: int) -> dict[str, Any]:
        values = self.choose.sample(["a", "b", 1, None, True], self.choose.randint(1, 3))
        return self.choose.choice([{"enum": values}, {"const": values[0]}])

    def thing(self, depth: int) -> dict[str, Any]:
        names = self.choose.sample(["a", "b"], self.choose.randint(0, 2))
        others = self.choose.choice([True, False, {}, {"type": "string"}])
        more = {"required": ["a"], "additionalProperties": others, "minProperties": 1}
        return {"type": "object", "properties": {name: self.schema(depth) for name in names}, **self.some(more)}

    def items(self, depth: int) -> dict[str, Any]:
        return {"type": "array", **self.some({"items": self.schema(depth), "maxItems": 1, "uniqueItems": True})}

    def composed(self, depth: int) -> dict[str, Any]:
        return {self.choose.choice(["anyOf", "allOf"]): [self.schema(depth) for _ in range(self.choose.randint(1, 3))]}

    def some(self, members: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in members.items() if self.choose.random() < 0.5}

    def changed(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The same schema with one member taken away or written anew."""
        copy = json.loads(json.dumps(schema))
        spots = list(_spots(copy))
        if not spots:
            return self.schema()
        holder, key = self.choose.choice(spots)
        if self.choose.random() < 0.4:
            del holder[key]
        elif isinstance(holder[key], bool):
            holder[key] = not holder[key]
        elif isinstance(holder[key], int):
            holder[key] = max(1, holder[key] + self.choose.choice([-1, 1]))
        elif isinstance(holder[key], dict) and key != "properties":
            holder[key] = self.schema(1)
        return copy


def _spots(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every member and item below a value."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _spots(value[key])


def _valid(schema: dict[str, Any]) -> bool:
    return not list(Draft202012Validator(Draft202012Validator.META_SCHEMA).iter_errors(schema))


def _harmless(found: tuple[Change, ...]) -> bool:
    return not any(change.kind == "breaking" or change.rule in TOLERANT for change in found)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_a_validator_notices_is_told_as_breaking(seed: int) -> None:
    writer, compared = Writer(seed), 0
    for _ in range(250):
        old = writer.schema()
        new = writer.changed(old)
        if old == new or not _valid(new):
            continue
        compared += 1
        before, after = Draft202012Validator(old), Draft202012Validator(new)
        verdicts = [(before.is_valid(value), after.is_valid(value)) for value in VALUES]
        texts = json.dumps(old), json.dumps(new)
        if (True, False) in verdicts:
            assert not _harmless(compare(sent(texts[0]), sent(texts[1]))), texts
        if (False, True) in verdicts:
            assert not _harmless(compare(answered(texts[0]), answered(texts[1]))), texts
    assert compared > 100
