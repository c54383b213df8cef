"""YAML as a person would write it: scalars quoted only where they must be, comments on one line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from certify.formats.inert import one_line, visible

WIDTH = 110
_PLAIN = re.compile(r"(\.?\.?/)*[A-Za-z_][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*")
"""No leading dot but that of a path: ``.inf`` and ``.nan`` are numbers (YAML 1.2 §10.2.1.4)."""
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "~"}


def scalar(value: object) -> str:
    """A scalar: plain where that is safe, else a JSON string, which is a YAML string too (YAML 1.2 §7.3.1).

    Surrogate pairs are the exception: YAML does not join them, so characters beyond the first plane stay themselves.
    """
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    text = str(value)
    plain = (_PLAIN.fullmatch(text) or _is_url(text)) and text.lower() not in _WORDS
    return text if plain else _quoted(text)


def _quoted(text: str) -> str:
    """Every character as itself, but those that act instead of showing, and those that YAML does not print."""
    return "".join(_escaped(character) for character in json.dumps(text, ensure_ascii=False))


def _escaped(character: str) -> str:
    if visible(character) == character:
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _is_url(text: str) -> bool:
    return bool(re.fullmatch(r"https?://[A-Za-z0-9._~:/-]+[A-Za-z0-9_~/-]", text))


def value(given: object) -> str:
    """Any value on one line."""
    match given:
        case dict():
            return "{" + ", ".join(f"{scalar(name)}: {value(inner)}" for name, inner in given.items()) + "}"
        case list():
            return "[" + ", ".join(value(inner) for inner in given) + "]"
        case _:
            return scalar(given)


def flow(pairs: Iterable[tuple[str, object]]) -> str:
    """A mapping on one line."""
    return "{" + ", ".join(f"{name}: {scalar(value)}" for name, value in pairs) + "}"


def comment(text: str, indent: str = "") -> list[str]:
    """A comment, wrapped; what a contract says cannot leave it."""
    lines: list[str] = []
    line = ""
    for word in one_line(text, 600).split():
        if line and len(indent) + len(line) + len(word) > WIDTH:
            lines, line = [*lines, line], ""
        line = f"{line} {word}".strip()
    return [f"{indent}# {item}" for item in [*lines, line] if item]


def sequence(head: str, values: Iterable[str], indent: str) -> list[str]:
    """A list in brackets after ``head``, wrapped over lines."""
    lines: list[str] = []
    line = f"{indent}{head}: ["
    for number, value in enumerate(values):
        item = f"{', ' if number else ''}{scalar(value)}"
        if len(line) + len(item) > WIDTH:
            lines, line, item = [*lines, f"{line},"], f"{indent}  ", item.removeprefix(", ")
        line += item
    return [*lines, f"{line}]"]
