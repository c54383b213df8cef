"""Which values: type, null, enum, format, pattern.

A value added to an ``enum`` of an answer is breaking. Peers differ on it; we say so because an enum promises a closed
list, a client may well decide over it, and whoever wants an open list can say that with ``x-extensible-enum`` or by
leaving the enum out. Whoever reads tolerantly loses nothing by being told.
"""

from __future__ import annotations

from typing import Any

from certify.contract.changes.schemas.aspect import Aspect, Move
from certify.contract.changes.schemas.looking import Looking
from certify.contract.changes.schemas.view import View, view, written

TYPE, NULL = Aspect("type", "type"), Aspect("null", "null", moves=(Move.NARROWED, Move.WIDENED))
ENUM, FORMAT, PATTERN = Aspect("enum", "enum"), Aspect("format", "format"), Aspect("pattern", "pattern")
RULES = tuple(rule for aspect in (TYPE, NULL, ENUM, FORMAT, PATTERN) for rule in aspect.rules)
_WIDER = {("int32", "int64"), ("float", "double")}
_ALL = 5


def look(looking: Looking) -> None:
    _types(looking)
    _enums(looking)
    for aspect, keyword in ((FORMAT, "format"), (PATTERN, "pattern")):
        old, new = looking.old.keywords.get(keyword), looking.new.keywords.get(keyword)
        if old != new:
            looking.moved(aspect, _moved(old, new), keyword, old, new)


def _types(looking: Looking) -> None:
    """Types, and null beside them; where any type was allowed, null was one of them."""
    old, new = _whole(_types_of(looking, looking.old)), _whole(_types_of(looking, looking.new))
    if old != new:
        move = Move.NARROWED if new < old else Move.WIDENED if old < new else Move.CHANGED
        looking.moved(TYPE, move, "type", _named(looking.old.types), _named(looking.new.types))
    told = new < old if looking.old.nullable else old < new
    among = told and _ALL + 1 in (len(old), len(new))
    if looking.old.nullable != looking.new.nullable and not among:
        move = Move.WIDENED if looking.new.nullable else Move.NARROWED
        words = {True: "allowed", False: "not allowed"}
        looking.moved(NULL, move, "type", words[looking.old.nullable], words[looking.new.nullable])


def _types_of(looking: Looking, seen: View) -> frozenset[str]:
    """The types of a schema; where only one side is one of several, those of its members together."""
    if len(seen.choices) != 1 or len(looking.old.choices) == len(looking.new.choices) or len(seen.types) < _ALL:
        return seen.types
    side = looking.before if seen is looking.old else looking.after
    return frozenset(name for member in seen.choices[0] for name in view(side, member).types)


def _whole(types: frozenset[str]) -> frozenset[str]:
    """An integer is a number."""
    return types | {"integer"} if "number" in types else types


def _named(types: frozenset[str]) -> str:
    return "any" if len(types) == _ALL else " or ".join(sorted(types)) or "nothing"


def _enums(looking: Looking) -> None:
    old, new = looking.old.keywords.get("enum"), looking.new.keywords.get("enum")
    if old is None and new is None:
        return
    gone = _without(old or [], new or []) if old is not None and new is not None else []
    come = _without(new or [], old or []) if old is not None and new is not None else []
    if old is None or (gone and not come):
        looking.moved(ENUM, Move.NARROWED, "enum", old, new)
    elif new is None or (come and not gone):
        looking.moved(ENUM, Move.WIDENED, "enum", old, new)
    elif gone and come:
        looking.moved(ENUM, Move.CHANGED, "enum", old, new)


def _without(values: list[Any], others: list[Any]) -> list[Any]:
    known = {written(item) for item in others}
    return [value for value in values if written(value) not in known]


def _moved(old: Any, new: Any) -> Move:
    if old is None or new is None:
        return Move.NARROWED if old is None else Move.WIDENED
    if (old, new) in _WIDER:
        return Move.WIDENED
    return Move.NARROWED if (new, old) in _WIDER else Move.CHANGED
