"""JSON laid out for reading without parsing it: evidence keeps its spelling, and may end in the middle.

Bodies are cut when they are recorded, and a cut body is no JSON any more; its beginning is still worth reading. So this
walks the tokens: numbers stay as they were written, repeated members stay repeated, and the lines of the value that a
JSON Pointer (RFC 6901) names are marked; where that member is missing, the line that opens its parent is.

    >>> [line for line, marked in lay_out('{"a":1.50,"b":[1,2', "/b/1") if marked]
    ['    2']
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

DEEPEST = 60
_TOKEN = re.compile(r'\s*(?:("(?:[^"\\]|\\.)*(?:"|\\?$))|([{}\[\],:])|([^\s{}\[\],:"]+))', re.DOTALL)
_SCALAR = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|NaN|-?Infinity', re.DOTALL)
Path = tuple[str, ...]


def lay_out(text: str, pointer: str = "") -> list[tuple[str, bool]]:
    """Lines with their marks. Raises ``ValueError`` where the text is not the beginning of an object or an array."""
    walk = _Walk()
    tokens = list(_tokens(text))
    if not tokens or tokens[0] not in "{[":
        raise ValueError("neither an object nor an array")
    for number, token in enumerate(tokens):
        walk.take(token, last=number == len(tokens) - 1)
    return _marked(walk.finish(), segments(pointer))


def segments(pointer: str) -> Path | None:
    """RFC 6901 §4. ``None`` where nothing is named: the whole document needs no mark."""
    if not pointer.startswith("/"):
        return None
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/"))


def _tokens(text: str) -> Iterator[str]:
    end, text = 0, text.rstrip()
    while end < len(text):
        match = _TOKEN.match(text, end)
        if match is None:
            raise ValueError(f"no JSON at {end}")
        yield match[match.lastindex or 0]
        end = match.end()


@dataclass
class _Level:
    """An open object or array, and the member that is being read."""

    closing: str
    member: str = ""
    index: int = 0
    named: bool = False  # the name of the member has been read

    @property
    def ready(self) -> bool:
        """Whether a value may come: an object wants its name first."""
        return self.closing == "]" or self.named

    @property
    def key(self) -> str:
        return str(self.index) if self.closing == "]" else self.member


@dataclass
class _Walk:
    """Tokens in, lines with the path of what they show out."""

    lines: list[tuple[str, Path]] = field(default_factory=list)
    levels: list[_Level] = field(default_factory=list)
    line: str = ""
    path: Path = ()
    complete: bool = False  # a value has just ended

    def take(self, token: str, last: bool) -> None:
        match token:
            case "{" | "[":
                self._open(token)
            case "}" | "]":
                self._close(token)
            case "," if self.levels:
                self._next()
            case ":" if self.levels and self.levels[-1].named:
                self.line, self.complete = f"{self.line}: ", False
            case "," | ":":
                raise ValueError("a separator out of place")
            case _:
                self._scalar(token, last)

    def finish(self) -> list[tuple[str, Path]]:
        self._flush()
        return self.lines

    def _begin(self) -> None:
        """A name or a value starts: on a line of its own, unless its name stands there already."""
        if self.line.endswith(("{", "[")):
            self._flush()
        if self.complete or (not self.levels and self.lines):
            raise ValueError("two values without a separator")
        if not self.line:
            self.line = "  " * len(self.levels)
            self.path = tuple(level.key for level in self.levels)

    def _open(self, token: str) -> None:
        if self.levels and not self.levels[-1].ready:
            raise ValueError("a value without a name")
        self._begin()
        if len(self.levels) >= DEEPEST:
            raise ValueError("too deep to read")
        self.line += token
        self.levels.append(_Level("}" if token == "{" else "]"))

    def _close(self, token: str) -> None:
        if not self.levels or self.levels[-1].closing != token:
            raise ValueError("a bracket out of place")
        self.levels.pop()
        if not self.line.endswith("{" if token == "}" else "["):
            self._flush()
            self.line = "  " * len(self.levels)
            self.path = tuple(level.key for level in self.levels)
        self.line += token
        self.complete = True

    def _next(self) -> None:
        level = self.levels[-1]
        level.index, level.named = level.index + 1, False
        self.line += ","
        self._flush()
        self.complete = False

    def _scalar(self, token: str, last: bool) -> None:
        if not last and not _SCALAR.fullmatch(token):
            raise ValueError("not JSON")
        if self.complete and last:
            self.line += token
            return
        self._name(token)
        self._begin()
        self.line += token
        self.complete = True

    def _name(self, token: str) -> None:
        """In an object the first string is the member's name."""
        if self.levels and not self.levels[-1].ready:
            self.levels[-1].member, self.levels[-1].named = _plain(token), True

    def _flush(self) -> None:
        if self.line:
            self.lines.append((self.line, self.path))
        self.line = ""


def _plain(token: str) -> str:
    """A member's name without its quotes and escapes."""
    try:
        return str(json.loads(token))
    except ValueError:
        return token.strip('"')


def _marked(lines: list[tuple[str, Path]], wanted: Path | None) -> list[tuple[str, bool]]:
    if wanted is None:
        return [(line, False) for line, _ in lines]
    marks = [path[: len(wanted)] == wanted for _, path in lines]
    if not any(marks):
        opening = next((number for number, (_, path) in enumerate(lines) if path == wanted[:-1]), None)
        marks = [number == opening for number in range(len(lines))]
    return [(line, mark) for (line, _), mark in zip(lines, marks, strict=True)]
