"""How much: bounds of numbers, lengths of texts, lists and objects; and every other keyword that asserts something."""

from __future__ import annotations

from typing import Any

from certify.contract.changes.schemas.aspect import Aspect, Move
from certify.contract.changes.schemas.looking import Looking

RANGE, LENGTH = Aspect("range", "range of numbers"), Aspect("length", "length of texts")
SIZE, STEP = Aspect("size", "number of items or members"), Aspect("step", "multipleOf")
UNIQUE, OTHER = Aspect("unique", "uniqueItems", moves=(Move.NARROWED, Move.WIDENED)), Aspect("constraint", "constraint")
RULES = tuple(rule for aspect in (RANGE, LENGTH, SIZE, STEP, UNIQUE, OTHER) for rule in aspect.rules)
_LOWER = {
    "minimum": RANGE, "exclusiveMinimum": RANGE, "minLength": LENGTH, "minItems": SIZE, "minProperties": SIZE,
    "minContains": SIZE,
}  # fmt: skip
_UPPER = {
    "maximum": RANGE, "exclusiveMaximum": RANGE, "maxLength": LENGTH, "maxItems": SIZE, "maxProperties": SIZE,
    "maxContains": SIZE,
}  # fmt: skip
_ELSEWHERE = frozenset(["enum", "format", "pattern", "items", "additionalProperties", "patternProperties"])
_NOTHING = frozenset(["$id", "$anchor", "$schema", "$defs", "definitions", "collectionFormat"])
_LEAST = frozenset(["minLength", "minItems", "minProperties"])


def look(looking: Looking) -> None:
    old, new = looking.old.keywords, looking.new.keywords
    for keyword in dict.fromkeys([*old, *new]):
        before, after = old.get(keyword), new.get(keyword)
        if keyword in _LEAST:  # not to be shorter than nothing asks nothing
            before, after = before or None, after or None
        if before == after or keyword in _ELSEWHERE or keyword in _NOTHING:
            continue
        looking.moved(*_told(keyword, before, after), keyword, before, after)


def _told(keyword: str, before: Any, after: Any) -> tuple[Aspect, Move]:
    aspect = _LOWER.get(keyword) or _UPPER.get(keyword)
    if keyword == "uniqueItems":
        return UNIQUE, Move.NARROWED if after else Move.WIDENED
    if aspect is None:
        aspect = STEP if keyword == "multipleOf" else OTHER
    if before is None or after is None:
        return aspect, Move.NARROWED if before is None else Move.WIDENED
    if not _number(before) or not _number(after):
        return aspect, Move.CHANGED
    if keyword == "multipleOf":
        return STEP, _stepped(before, after)
    if keyword not in _LOWER and keyword not in _UPPER:
        return aspect, Move.CHANGED
    return aspect, Move.NARROWED if (after > before) is (keyword in _LOWER) else Move.WIDENED


def _stepped(before: float, after: float) -> Move:
    """Every multiple of six is one of three."""
    if before and after % before == 0:
        return Move.NARROWED
    return Move.WIDENED if after and before % after == 0 else Move.CHANGED


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
