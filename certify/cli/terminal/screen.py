"""The one way to print: a rich console that no terminal can upset.

Colour only on a terminal that wants it (``NO_COLOR``, ``TERM=dumb``: none, and then no escape sequence at all). Signs
fall back to ASCII where the encoding has no others. A closed pipe or a strange encoding never raises. Nothing is a
command to the pipeline whose log it may stand in: wrapped text of a contract could begin a line with one.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from functools import cache
from typing import IO, TYPE_CHECKING, Any

from certify.formats.inert import one_line, unobeyed, visible

if TYPE_CHECKING:
    from rich.console import Console

WIDEST = 100
STYLES = {"good": "green", "bad": "red", "doubt": "yellow", "quiet": "dim"}
_PADDING = re.compile(" +(?=\n)")
_PLAIN = str.maketrans({"✓": "+", "✕": "x", "≈": "~", "–": "-", "·": "-", "…": ".", "—": "-", "→": ">"})


class Steady:
    """A text stream whose ``write`` never raises: what its encoding cannot hold is escaped, a closed pipe ignored."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self.encoding = getattr(stream, "encoding", None) or "utf-8"

    def write(self, text: str) -> int:
        try:
            self._stream.write(self._fitting(text))
        except (OSError, ValueError):
            return 0
        return len(text)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except (OSError, ValueError):
            return

    def isatty(self) -> bool:
        return is_terminal(self._stream)

    def fileno(self) -> int:
        return self._stream.fileno()

    def _fitting(self, text: str) -> str:
        text = unobeyed(_PADDING.sub("", text))
        try:
            text.encode(self.encoding)
        except (UnicodeEncodeError, LookupError):
            return text.translate(_PLAIN).encode("ascii", "backslashreplace").decode()
        return text


def is_terminal(stream: Any) -> bool:
    try:
        return bool(stream.isatty())
    except (AttributeError, OSError, ValueError):
        return False


def wants_colour(stream: Any) -> bool:
    """Whether escape sequences are welcome: a terminal, not a dumb one, and no ``NO_COLOR`` (no-color.org)."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM", "") in ("dumb", "unknown")
    return is_terminal(stream) and not plain


def open_console(stream: IO[str] | None = None, colour: bool | None = None) -> Console:
    """A console of at most ``WIDEST`` columns, 80 where there is no terminal."""
    target: Any = Steady(stream or sys.stdout)
    coloured = wants_colour(target) if colour is None else colour
    console = _console_kind()(
        file=target,
        force_terminal=coloured,
        color_system="standard" if coloured else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    console.width = max(40, min(console.width, WIDEST))
    return console


@cache
def _console_kind() -> type[Console]:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

    class Harmless(Console):
        """Text reaches the terminal as text, also where whoever draws it forgot :func:`shown`."""

        def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
            for segment in super().render(renderable, options):
                yield segment if segment.control else segment._replace(text=visible(segment.text))

    return Harmless


def shown(text: str, limit: int = 400) -> str:
    """Text of the other side, on one line, without anything that a terminal would obey."""
    return one_line(text, limit)
