"""How much: bounds of numbers, lengths of texts, lists and objects; and every other keyword that asserts something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from certify.contract.changes.schemas.aspect import Aspect, Move
from certify.contract.changes.schemas.behind import bare
from certify.contract.changes.schemas.looking import Looking
from certify.contract.changes.side import Node

RANGE, LENGTH = Aspect("range", "range of numbers"), Aspect("length", "length of texts")
SIZE, STEP = Aspect("size", "number of items or members"), Aspect("step", "multipleOf")
UNIQUE, OTHER = Aspect("unique", "uniqueItems", moves=(Move.NARROWED, Move.WIDENED)), Aspect("constraint", "constraint")
RULES = tuple(rule for aspect in (RANGE, LENGTH, SIZE, STEP, UNIQUE, OTHER) for rule in aspect.rules)
_LOWER = {"minLength": LENGTH, "minItems": SIZE, "minProperties": SIZE, "minContains": SIZE}
_UPPER = {"maxLength": LENGTH, "maxItems": SIZE, "maxProperties": SIZE, "maxContains": SIZE}
_LIMITS = (("minimum", "exclusiveMinimum", 1), ("maximum", "exclusiveMaximum", -1))
_RANGE = frozenset(name for limit in _LIMITS for name in limit[:2])
_ELSEWHERE = frozenset(["enum", "format", "pattern", "items", "additionalProperties", "patternProperties"])
_NOTHING = frozenset(["$id", "$anchor", "$schema", "$defs", "definitions", "collectionFormat"])
_ABSENT = {
    "minLength": 0, "minItems": 0, "minProperties": 0, "minContains": 1, "uniqueItems": False,
    "unevaluatedProperties": True, "unevaluatedItems": True,
}  # fmt: skip
"""What a keyword says where it is not written (JSON Schema 2020-12, core §11 and validation §6)."""


def look(looking: Looking) -> None:
    _limits(looking)
    old, new = looking.old.keywords, looking.new.keywords
    for keyword in dict.fromkeys([*old, *new]):
        if keyword in _ELSEWHERE or keyword in _NOTHING or keyword in _RANGE:
            continue
        before, after = _said(old, keyword), _said(new, keyword)
        if bare(before) == bare(after):
            looking.follow(Node({keyword: after}, looking.new.place(keyword)))
        else:
            looking.moved(*_told(keyword, before, after), keyword, before, after)


def _said(keywords: Mapping[str, Any], keyword: str) -> Any:
    """What a schema says by a keyword; None where that is nothing."""
    absent = _ABSENT.get(keyword)
    told = keywords.get(keyword, absent)
    return None if told == absent and keyword != "minContains" else told


def _limits(looking: Looking) -> None:
    """Of two limits on one side, with and without the value itself, the tighter one holds."""
    for inclusive, exclusive, sign in _LIMITS:
        (name, before), (other, after) = (
            _limit(seen.keywords, inclusive, exclusive, sign) for seen in (looking.old, looking.new)
        )
        if before != after:
            move = Move.NARROWED if before is None or (after is not None and after > before) else Move.WIDENED
            sides = (looking.old.keywords.get(name), looking.new.keywords.get(other))
            looking.moved(RANGE, move, other or name, *sides)


def _limit(
    keywords: Mapping[str, Any], inclusive: str, exclusive: str, sign: int
) -> tuple[str, tuple[float, bool] | None]:
    """The keyword that holds, and its limit so that the greater one is the tighter."""
    found = [
        ((sign * keywords[name], name == exclusive), name)
        for name in (inclusive, exclusive)
        if _number(keywords.get(name))
    ]
    limit, name = max(found, default=(None, ""))
    return name, limit


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
