"""What one object of a contract says that cannot be: the keywords of a schema, the name and place of a parameter.

A pattern that nobody can read is taken away from its schema, so that nobody is held to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from certify.contract.grammar import NUMBERS, PLACES, TEXTS, TYPES
from certify.contract.patterns import compiled, dangerous, delimited
from certify.contract.problem import Effect
from certify.program.source import Place

_CORRECT = "correct it (ECMA-262); nobody is held to it as it stands"
_UNTANGLE = "let nothing repeat that repeats itself, or give each turn a character of its own: (-[a-z]+)*"


class Wrong(NamedTuple):
    """What is wrong, at a place below the object that says it."""

    place: Place
    message: str
    advice: str = ""
    effect: Effect = Effect.SET_ASIDE


def wrong_in_parameter(node: dict[str, Any]) -> Iterator[Wrong]:
    """A parameter needs a name, and a place that can be filled."""
    if not isinstance(node.get("name"), str):
        yield Wrong((), "a parameter needs a 'name'", "write a text")
    if node.get("in") not in PLACES:
        unknown = f"write one of {', '.join(PLACES)}"
        whole = "certify cannot fill a whole query string yet"
        yield Wrong((), "a parameter needs an 'in'", whole if node.get("in") == "querystring" else unknown)


def wrong_in_schema(node: dict[str, Any]) -> Iterator[Wrong]:
    """Keywords of a schema whose values are not what JSON Schema allows there."""
    types = node.get("type", [])
    for name in types if isinstance(types, list) else [types]:
        if not isinstance(name, str) or name not in TYPES:
            yield Wrong(("type",), f"{short(repr(name))} is no type", f"known: {', '.join(sorted(TYPES))}")
    if "required" in node:
        yield from _texts(node["required"])
    if "enum" in node and not isinstance(node["enum"], list):
        yield Wrong(("enum",), f"{named(node['enum'])} stands here, not a list")
    for keyword in NUMBERS:
        if keyword in node and (not isinstance(node[keyword], int | float) or isinstance(node[keyword], bool)):
            yield Wrong((keyword,), f"{named(node[keyword])} stands here, not a number")
    for keyword in TEXTS:
        if keyword in node and not isinstance(node[keyword], str):
            yield Wrong((keyword,), f"{named(node[keyword])} stands here, not a text")
    if isinstance(node.get("pattern"), str):
        yield from _pattern(node)
    if isinstance(node.get("patternProperties"), dict):
        yield from _names(node)


def _texts(value: Any) -> Iterator[Wrong]:
    if not isinstance(value, list):
        yield Wrong(("required",), f"{named(value)} stands here, not a list")
        return
    for number, item in enumerate(value):
        if not isinstance(item, str):
            yield Wrong(("required", number), f"{named(item)} stands here, not a text")


def _pattern(node: dict[str, Any]) -> Iterator[Wrong]:
    """A pattern that cannot be read, or can never match as it stands, is taken away; a dangerous one is not matched."""
    pattern = node["pattern"]
    told, place = f"pattern {short(pattern)}", ("pattern",)
    if delimited(pattern):
        advice = "JSON Schema has no delimiters: take the slashes away. Nobody is held to it as it stands"
        yield Wrong(place, f"{told} can never match", advice, Effect.MENDED)
    elif compiled(pattern) is None:
        yield Wrong(place, f"{told} is no regular expression that can be read", _CORRECT, Effect.MENDED)
    else:
        if dangerous(pattern):
            message = f"{told} can take a matcher for ever, and nobody is held to it"
            yield Wrong(place, message, _UNTANGLE, Effect.NOTED)
        return
    node["x-pattern"] = node.pop("pattern")


def _names(node: dict[str, Any]) -> Iterator[Wrong]:
    """Names by a pattern that cannot be used: which other members are additional is not known either."""
    for pattern in [name for name in node["patternProperties"] if not _usable(name)]:
        del node["patternProperties"][pattern]
        for keyword in ("additionalProperties", "unevaluatedProperties"):
            node.pop(keyword, None)
        message, advice = f"pattern {short(pattern)} is no regular expression that can be read", _CORRECT
        if compiled(pattern) is not None and dangerous(pattern):
            message, advice = f"pattern {short(pattern)} can take a matcher for ever", _UNTANGLE
        yield Wrong(("patternProperties", pattern), message, advice, Effect.MENDED)


def _usable(name: str) -> bool:
    """Whether names can be matched; the validator also looks for additional members with Python's own ``re``."""
    try:
        re.compile(name)
    except re.error:
        return False
    return compiled(name) is not None and not dangerous(name)


def short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:119]}…"


def named(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case str():
            return "a text"
        case _:
            return "a single value"
