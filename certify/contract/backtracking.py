"""Can a pattern keep Python's ``re`` busy for ever? That engine tries every way to read a text, and a partner writes
both the pattern and the text.

The time explodes where something repeats that may be read in several ways itself: ``(a+)+``, ``(\\w+\\s?)*``. What
begins or ends each turn with a character that occurs nowhere else in it, ``(-[a-z]+)*``, can be read in one way only.
Where that cannot be shown, the pattern counts as dangerous, and nobody is held to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

from certify.contract.parsing_patterns import parsed

MANY = 10
"""Turns from which on a bounded repetition is as bad as an endless one."""
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_OTHER = 0x180
"""Stands for every character from here on, so that a set of characters stays small."""
_ALL = frozenset(range(_OTHER + 1))


def explodes(pattern: str) -> bool:
    """Whether matching a pattern of Python's dialect may take a time that grows exponentially with the text."""
    tree = parsed(pattern)
    try:
        return tree is None or not _tame(tree)
    except RecursionError:
        return True


def _tame(parsed: Any) -> bool:
    """Whether all that repeats many times, on every level, can be read in one way only."""
    for code, argument in parsed:
        if str(code) in _REPEATS and int(argument[1]) >= MANY and not _clear(argument[2]):
            return False
        if not all(map(_tame, _inner(str(code), argument))):
            return False
    return True


def _clear(body: Any) -> bool:
    """Whether turns of this can follow each other in one way only."""
    items = list(body)
    if len(items) == 1 and str(items[0][0]) == "SUBPATTERN":
        return _clear(items[0][1][-1])
    if len(items) == 1 and str(items[0][0]) == "BRANCH":
        options = items[0][1][1]
        apart = all(one.isdisjoint(other) for one, other in combinations(map(_first, options), 2))
        return apart and all(map(_clear, options))
    branches = [argument[1] for code, argument in _deep(items) if str(code) == "BRANCH"]
    if not all(_apart(one, other) for options in branches for one, other in combinations(options, 2)):
        return False
    least, most = body.getwidth()
    if not branches and least == most:
        return True
    return _separates(body[0], body[1:]) or _separates(body[-1], body[:-1])


def _separates(item: Any, rest: Any) -> bool:
    """Whether an item has to be there in each turn, and none of its characters occurs in the rest of it."""
    code, argument = str(item[0]), item[1]
    if code in _REPEATS:
        least, most, inner = argument
        certain = least >= 1 and (least == most or rest.getwidth()[0] >= 1)
        single = len(inner) == 1 and str(inner[0][0]) in ("LITERAL", "NOT_LITERAL", "IN")
        return certain and single and _characters(inner).isdisjoint(_characters(rest))
    return code in ("LITERAL", "NOT_LITERAL", "IN") and _characters([item]).isdisjoint(_characters(rest))


def _apart(one: Any, other: Any) -> bool:
    """Whether no text is read by both of two alternatives: by its first character, or by one that it has to have."""
    if _first(one).isdisjoint(_first(other)):
        return True
    return any(
        _characters([item]).isdisjoint(_characters(there))
        for here, there in ((one, other), (other, one))
        for item in here
        if str(item[0]) in ("LITERAL", "NOT_LITERAL", "IN")
    )


def _first(option: Any) -> frozenset[int]:
    """The characters that an alternative may begin with; all where that is not plain to see."""
    if not len(option):
        return _ALL
    code, argument = str(option[0][0]), option[0][1]
    if code in _REPEATS:
        return _first(argument[2]) if argument[0] >= 1 else _ALL
    if code == "SUBPATTERN":
        return _first(argument[-1])
    return _characters([option[0]])


def _characters(parsed: Iterable[Any]) -> frozenset[int]:
    """Every character that occurs in what something matches."""
    found: frozenset[int] = frozenset()
    for code, argument in _deep(parsed):
        match str(code):
            case "LITERAL":
                found |= {min(argument, _OTHER)}
            case "NOT_LITERAL":
                found |= _ALL - ({argument} - {_OTHER})
            case "IN":
                found |= _members(argument)
            case "ANY" | "GROUPREF" | "GROUPREF_EXISTS":
                return _ALL
    return found


def _members(items: Any) -> frozenset[int]:
    found: set[int] = set()
    for code, argument in items:
        match str(code):
            case "LITERAL":
                found.add(min(argument, _OTHER))
            case "RANGE":
                found.update(range(min(argument[0], _OTHER), min(argument[1], _OTHER) + 1))
            case "CATEGORY":
                return _ALL
    # What a negated set leaves out above the last single character is unknown: it counts as in it.
    return (_ALL - found) | {_OTHER} if items and str(items[0][0]) == "NEGATE" else frozenset(found)


def _deep(parsed: Iterable[Any]) -> Iterator[Any]:
    """The items of every level, of lookarounds too."""
    for code, argument in parsed:
        yield code, argument
        for inner in _inner(str(code), argument):
            yield from _deep(inner)


def _inner(code: str, argument: Any) -> list[Any]:
    match code:
        case "BRANCH":
            return list(argument[1])
        case "SUBPATTERN" | "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT" | "ASSERT" | "ASSERT_NOT":
            return [argument[-1]]
        case "ATOMIC_GROUP":
            return [argument]
        case "GROUPREF_EXISTS":
            return [part for part in argument[1:] if part is not None]
        case _:
            return []
