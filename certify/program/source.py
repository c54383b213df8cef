"""A YAML or JSON document that remembers where everything stood.

The values are those of the YAML 1.2 core schema, so ``on``, ``no`` and ``2026-11-01`` stay strings, and keys are always
strings. Hostile input is bounded before it costs anything: size, depth and the number of nodes *after* aliases are
expanded. What cannot be read is one :class:`certify.errors.Problem` with file and line.

    >>> document = read_document(Path("fixtures/playbook.yaml"))
    >>> document.line_of(("milestones", 0, "owner"))
    31
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from certify.errors import ConfigurationError, Problem, ProgramError

MAX_BYTES = 20 * 1024 * 1024
_SURROGATES = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")

Place = tuple[str | int, ...]
"""The way to a value: member names and item numbers, from the root."""


@dataclass(frozen=True)
class Document:
    """``value`` is the root mapping; ``lines`` gives each container's member lines, by the container's ``id()``."""

    value: dict[str, Any]
    file: str
    lines: Mapping[int, Mapping[str | int, int]] = field(default_factory=dict, repr=False)

    def line_of(self, place: Place) -> int:
        """The line (from 1) where a value, or the nearest thing around it, was written."""
        line, here = 1, self.value
        for step in place:
            marks = self.lines.get(id(here), {})
            if step not in marks:
                break
            line, here = marks[step], here[step]  # type: ignore[index]
        return line


def spell(place: Place) -> str:
    """A place as people write it: ``milestones[0].criteria[2].checks[0]``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{_shown(step)}" for step in place).removeprefix(".")


def _shown(name: str) -> str:
    return name[:80] if name.isprintable() else repr(name[:80])


def read_document(path: Path, error: type[ConfigurationError] = ProgramError) -> Document:
    """Read a document whose root is a mapping. Raises ``error`` with the one problem that stops reading."""
    from certify.program.events import Unreadable, build

    try:
        root, lines = build(_text(path))
        if not isinstance(root, dict):
            raise Unreadable(f"the document is {_named(root)}, not a mapping of members", 1)
    except Unreadable as unreadable:
        problem = Problem(str(path), unreadable.message, unreadable.line, advice=unreadable.advice, rule="unreadable")
        raise error(f"{path} cannot be read", problems=[problem]) from None
    return Document(root, str(path), lines)


def _text(path: Path) -> str:
    text = decoded(_bytes(path))
    return _SURROGATES.sub(_pair, text) if path.suffix == ".json" else text


def decoded(data: bytes) -> str:
    """A document's text. Raises :class:`Unreadable` with the line of the first byte that is not UTF-8."""
    from certify.program.events import Unreadable

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as bad:
        line = data.count(b"\n", 0, bad.start) + 1
        raise Unreadable(f"byte {bad.start} is not UTF-8", line, "save the file as UTF-8") from None
    if not text.strip():
        raise Unreadable("the file is empty", 0)
    return text


def _bytes(path: Path) -> bytes:
    from certify.program.events import Unreadable

    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise Unreadable("there is no such file", 0, beside(path)) from None
    except (OSError, ValueError) as error:
        raise Unreadable(f"the file cannot be opened: {getattr(error, 'strerror', None) or error}", 0) from None
    if len(data) > MAX_BYTES:
        raise Unreadable(f"the file is larger than {MAX_BYTES // 1024**2} MB", 0)
    return data


def beside(path: Path) -> str:
    """Name the file's siblings, or the folder that is missing: a mistyped path is the usual cause."""
    from certify.nearest import did_you_mean

    try:
        siblings = [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
    except OSError:
        siblings = []
    return did_you_mean(path.name, siblings).removeprefix("; ")


def _pair(match: re.Match[str]) -> str:
    """JSON writes characters beyond U+FFFF as two escapes (RFC 8259 §7); YAML knows no such pairs."""
    high, low = (int(half, 16) for half in match.groups())
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _named(value: Any) -> str:
    match value:
        case list():
            return "a list"
        case None:
            return "empty"
        case _:
            return "a single value"
