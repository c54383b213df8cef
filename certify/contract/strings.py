"""Texts that a schema allows: by format, by pattern, by length. ``variant`` gives another one of the same kind.

A pattern is read by Python's own parser and walked once, so that classes, alternatives, counts and groups all work.
Lookarounds are left out of the walk; whether the text matches is always asked afterwards.
"""

from __future__ import annotations

import random
import string
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from certify.contract.parsing_patterns import parsed
from certify.contract.patterns import compiled, matches

FORMATS = {
    "date": "2026-11-02",
    "date-time": "2026-11-02T09:30:00Z",
    "time": "09:30:00Z",
    "duration": "P1D",
    "email": "certify@partner.example",
    "idn-email": "certify@partner.example",
    "uri": "https://partner.example/certify",
    "url": "https://partner.example/certify",
    "iri": "https://partner.example/certify",
    "uri-reference": "/certify",
    "uuid": "7d444840-9dc0-4a52-b6d5-3c1c5d2f9a10",
    "hostname": "partner.example",
    "ipv4": "192.0.2.10",
    "ipv6": "2001:db8::10",
    "byte": "Y2VydGlmeQ==",
    "binary": "certify",
    "password": "Certify-2026-pass",
    "decimal": "12.50",
    "json-pointer": "/certify",
    "regex": "^certify$",
    "phone": "+4930901820",
}
"""A value of each format, of names and addresses that are reserved for examples (RFC 2606, RFC 5737, RFC 3849)."""
LONGEST = 1_000_000
"""Characters of the longest text that is made up."""
TRIES = 60
MOST_REPEATS = 8
_PLAIN = string.ascii_letters + string.digits
_MIXED = _PLAIN + "-_!@#%&*+=?"


def too_long(schema: Mapping[str, Any]) -> bool:
    """Whether a schema demands more text than anybody wants to send."""
    known = compiled(str(schema.get("pattern", "")))
    return max(int(schema.get("minLength", 0)), _least(known.pattern) if known else 0) > LONGEST


def text(schema: Mapping[str, Any], variant: int = 0) -> str:
    """A string for a schema, of at most :data:`LONGEST` characters."""
    known = formatted(str(schema.get("format", "")), variant)
    pattern = str(schema.get("pattern", ""))
    low = min(int(schema.get("minLength", 0)), LONGEST)
    high = int(schema.get("maxLength", max(40, low)))
    if pattern:
        if known and matches(pattern, known) is not False:
            return known
        return from_pattern(pattern, low, high, variant)
    if known and low <= len(known) <= high:
        return known
    plain = f"certify{variant or ''}"
    return plain.ljust(low, "x")[: max(high, low)]


def formatted(name: str, variant: int = 0) -> str:
    """A value of a format; empty where the format is unknown. Variants differ where somebody may count them."""
    if not variant:
        return FORMATS.get(name, "")
    match name:
        case "uuid":
            return str(uuid.UUID(int=random.Random(variant).getrandbits(128), version=4))
        case "email" | "idn-email":
            return f"certify{variant}@partner.example"
        case "uri" | "url" | "iri" | "uri-reference":
            return f"{FORMATS[name]}/{variant}"
        case "date" | "date-time":
            return FORMATS[name].replace("2026-11-02", f"2026-11-{2 + variant % 27:02d}")
        case "ipv4":
            return f"192.0.2.{10 + variant % 200}"
        case _:
            return FORMATS.get(name, "")


def from_pattern(pattern: str, low: int = 0, high: int = 1_000, variant: int = 0) -> str:
    """A text that a pattern matches, of that length; the best guess where none is found."""
    known = compiled(pattern)
    if known is None or _least(known.pattern) > LONGEST:
        return "certify"
    best = ""
    for number in range(TRIES):
        found = _walked(
            known.pattern, random.Random(f"{pattern}/{variant}/{number}"), low, plain=number == variant == 0
        )
        if matches(pattern, found) is not False and low <= len(found) <= high:
            return found
        best = best or found
    return best


def _least(pattern: str) -> int:
    """Characters of the shortest text that a pattern matches; none where it cannot be parsed."""
    tree = parsed(pattern)
    return int(tree.getwidth()[0]) if tree is not None else 0


def _walked(pattern: str, dice: random.Random, low: int, *, plain: bool) -> str:
    tree = parsed(pattern)
    if tree is None:
        return ""
    groups: dict[int, str] = {}
    text = "".join(_Walk(dice, plain, groups, max(low, 0)).walk(tree))
    return text if len(text) >= low or _closed(tree) else text.ljust(low, "x")


def _closed(tree: Any) -> bool:
    """Whether a pattern is anchored at its end, so that nothing may be appended."""
    return bool(tree) and str(tree[-1][0]) == "AT"


class _Walk:
    """Walks a parsed pattern and spells one text. ``plain``: the shortest one, of the first character of each class."""

    def __init__(self, dice: random.Random, plain: bool, groups: dict[int, str], low: int) -> None:
        self._dice, self._plain, self._groups, self._low = dice, plain, groups, low

    def walk(self, tree: Any) -> Iterator[str]:
        for code, argument in tree:
            yield self._one(str(code), argument)

    def _one(self, code: str, argument: Any) -> str:
        match code:
            case "LITERAL":
                return chr(argument)
            case "NOT_LITERAL":
                return self._pick([c for c in _PLAIN if ord(c) != argument])
            case "ANY":
                return self._pick(list(_MIXED))
            case "IN":
                return self._pick(_members(argument))
            case "BRANCH":
                options = argument[1]
                return "".join(self.walk(options[0] if self._plain else self._dice.choice(options)))
            case "SUBPATTERN":
                found = "".join(self.walk(argument[-1]))
                self._groups[argument[0] or 0] = found
                return found
            case "ATOMIC_GROUP":
                return "".join(self.walk(argument))
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                return self._repeated(*argument)
            case "GROUPREF":
                return self._groups.get(argument, "")
            case _:
                return ""  # anchors and lookarounds take no room

    def _repeated(self, least: int, most: int, parsed: Any) -> str:
        wanted = max(least, min(int(most), max(self._low, 1) if least <= 1 else least))
        count = min(wanted, 10_000) if self._plain else self._dice.randint(least, min(int(most), wanted + MOST_REPEATS))
        return "".join("".join(self.walk(parsed)) for _ in range(count))

    def _pick(self, characters: list[str]) -> str:
        if not characters:
            return ""
        return characters[0] if self._plain else self._dice.choice(characters)


def _members(items: Any) -> list[str]:
    """The characters of a class, those that travel well first."""
    allowed: list[str] = []
    negated = bool(items) and str(items[0][0]) == "NEGATE"
    for code, argument in items:
        match str(code):
            case "LITERAL":
                allowed.append(chr(argument))
            case "RANGE":
                low, high = argument
                allowed += [chr(point) for point in range(low, min(high, low + 128) + 1)]
            case "CATEGORY":
                allowed += _category(str(argument))
    if negated:
        return [character for character in _MIXED + " " if character not in allowed]
    letters = [character for character in allowed if character.isalnum()]
    return letters + [character for character in allowed if not character.isalnum()]


def _category(name: str) -> list[str]:
    match name:
        case "CATEGORY_DIGIT":
            return list("7012345689")
        case "CATEGORY_WORD":
            return [*_PLAIN, "_"]
        case "CATEGORY_SPACE":
            return [" "]
        case "CATEGORY_NOT_SPACE":
            return list(_MIXED)
        case "CATEGORY_NOT_DIGIT":
            return list(string.ascii_letters)
        case _:
            return list("-.!")
