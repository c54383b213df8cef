"""Regular expressions of a contract (ECMA-262, which JSON Schema Core 2020-12 §6.4 names) for Python's ``re``.

The dialects differ where it hurts: ``\\d`` and ``\\w`` are ASCII there, ``$`` is the very end, and ``\\p{L}``,
``(?<name>…)``, ``\\u{1F600}`` and ``[^]`` are unknown here. What cannot be said in Python is not asserted at all.
"""

from __future__ import annotations

import re
import sys
import unicodedata
import warnings
from functools import cache, lru_cache

from certify.contract.backtracking import explodes

_SPACE = r"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_CLASSES = {"d": "0-9", "w": "A-Za-z0-9_", "s": _SPACE}
_ANCHORS = {"A": r"\A", "Z": r"\Z", "z": r"\Z"}
_TOKEN = re.compile(
    r"\\(?P<property>[pP])\{\^?(?P<category>[A-Za-z_= ]+)\}|\\k<(?P<back>\w+)>|\\u\{(?P<point>[0-9a-fA-F]{1,6})\}"
    r"|\\c(?P<control>[A-Za-z])|\\(?P<escaped>.)|(?P<group>\(\?<(?![=!]))|(?P<any>\[\^\])|(?P<none>\[\])"
    r"|(?P<open>\[\^?)|(?P<close>\])|(?P<end>\$)",
    re.DOTALL,
)
LONGEST = 4_000
"""Characters of the longest text that is matched: the time may grow with the square of it."""
_DELIMITED = re.compile(r"/\^.*\$/")


@lru_cache(maxsize=20_000)
def compiled(pattern: str) -> re.Pattern[str] | None:
    """A pattern, ready for ``search``; None where Python cannot say it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.compile(_translated(pattern))
    except (re.error, ValueError, OverflowError, RecursionError):
        return None


@lru_cache(maxsize=20_000)
def dangerous(pattern: str) -> bool:
    """Whether matching a pattern may take for ever (:mod:`certify.contract.backtracking`)."""
    return (found := compiled(pattern)) is not None and explodes(found.pattern)


def matches(pattern: str, value: str) -> bool | None:
    """Whether a pattern matches somewhere in a text; None where that cannot be told, or not in reasonable time."""
    known = compiled(pattern)
    if known is None or len(value) > LONGEST or dangerous(pattern):
        return None
    return known.search(value) is not None


def delimited(pattern: str) -> bool:
    """Whether somebody wrote ``/^…$/``: as it stands, such a pattern can never match."""
    return bool(_DELIMITED.fullmatch(pattern))


def _translated(pattern: str) -> str:
    parts: list[str] = []
    inside, position = False, 0
    while position < len(pattern):
        match = _TOKEN.match(pattern, position)
        if match is None:
            parts.append(pattern[position])
            position += 1
            continue
        position = match.end()
        if match["open"] is not None:
            parts.append(r"\[" if inside else match[0])
            inside = True
        elif match["close"] is not None:
            parts.append("]")
            inside = False
        else:
            parts.append(_token(match, inside))
    return "".join(parts)


def _token(match: re.Match[str], inside: bool) -> str:
    if match["property"]:
        negated = (match["property"] == "P") != ("{^" in match[0])
        return _set(ranges(match["category"].split("=")[-1].strip(), negated), inside)
    if match["escaped"]:
        return _escaped(match["escaped"], inside)
    if match["point"]:
        return re.escape(chr(int(match["point"], 16)))
    if match["control"]:
        return f"\\x{ord(match['control'].upper()) - 64:02x}"
    if match["back"]:
        return f"(?P={match['back']})"
    if inside:
        return match[0]
    return {"(?<": "(?P<", "[^]": r"[\s\S]", "[]": "(?!)", "$": r"\Z"}[match[0]]


def _escaped(character: str, inside: bool) -> str:
    if character in _CLASSES:
        return _set(_CLASSES[character], inside)
    if character.lower() in _CLASSES and character.isupper():
        return _set(_complement(character.lower()), inside)
    if not inside and character in _ANCHORS:
        return _ANCHORS[character]
    if character.isalpha() and character.isascii() and character not in "bBfnrtvxu":
        return character  # an identity escape: the letter itself
    return "\\" + character


def _set(members: str, inside: bool) -> str:
    return members if inside else f"[{members}]"


@cache
def _complement(name: str) -> str:
    known = re.compile(f"[{_CLASSES[name]}]")
    return _spelt([point for point in range(sys.maxunicode + 1) if not known.match(chr(point))])


@cache
def ranges(category: str, negated: bool = False) -> str:
    """The members of a Unicode general category, or of all others, as a character class. Raises ``ValueError``."""
    short = {"Letter": "L", "Number": "N", "Punctuation": "P", "Symbol": "S", "Mark": "M", "Separator": "Z"}
    name = short.get(category, category)
    if not re.fullmatch(r"[LNPSMZC][a-z]?", name):
        raise ValueError(category)
    points = range(sys.maxunicode + 1)
    found = [point for point in points if unicodedata.category(chr(point)).startswith(name) != negated]
    if not found:
        raise ValueError(category)
    return _spelt(found)


def _spelt(points: list[int]) -> str:
    parts, start = [], points[0]
    for here, after in zip(points, [*points[1:], -1], strict=True):
        if after != here + 1:
            parts.append(f"\\U{start:08x}" if start == here else f"\\U{start:08x}-\\U{here:08x}")
            start = after
    return "".join(parts)
