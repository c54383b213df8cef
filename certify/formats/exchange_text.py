"""An exchange as lines to read: request and response, JSON laid out, and the place that a JSON Pointer names marked.

Long bodies show the part around the mark, and say how much was left out. Used by every format that shows evidence.

    >>> [line.text for line in body_lines('{"a":1.50}', "/a") if line.marked]
    ['  "a": 1.50']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus

from certify.formats.inert import within
from certify.formats.json_layout import lay_out
from certify.model.exchange import Exchange, Headers

BODY_LINES = 80
UNMARKED_LINES = 30
BODY_CHARACTERS = 4000
HEADER_LINES = 30
LINE = 400
_LAID_OUT_AT_MOST = 200_000


@dataclass(frozen=True)
class Line:
    """``marked`` lines are what the finding points at; ``quiet`` ones are ours, about what was left out."""

    text: str
    marked: bool = False
    quiet: bool = False


def request_lines(exchange: Exchange) -> list[Line]:
    sent = exchange.request
    lines = [Line(_clean(f"{sent.method} {sent.url}")), *_header_lines(sent.headers)]
    return [*lines, Line(""), *body_lines(sent.body)] if sent.body else lines


def response_lines(exchange: Exchange, pointer: str = "", actual: str = "") -> list[Line]:
    """The answer. Without a pointer, the status is marked where ``actual`` opens with it: then it is what is wrong."""
    got = exchange.response
    if got is None:
        return [Line(_clean(f"No response: {exchange.error or 'nothing was received'}"), marked=True)]
    marked = not pointer and actual.startswith(str(got.status))
    lines = [Line(_status(got.status, got.seconds), marked), *_header_lines(got.headers)]
    cut = [Line("… the rest of the body was not recorded", quiet=True)] if got.truncated else []
    return [*lines, Line(""), *body_lines(got.body, pointer), *cut] if got.body else lines


def _status(code: int, seconds: float) -> str:
    phrase = HTTPStatus(code).phrase if code in HTTPStatus._value2member_map_ else ""
    return f"{code} {phrase}".rstrip() + f"  ({seconds * 1000:.0f} ms)"


def exchange_text(exchange: Exchange, pointer: str = "", actual: str = "") -> str:
    """Request and response as plain text; marked lines start with ``>``."""
    lines = [*request_lines(exchange), Line(""), *response_lines(exchange, pointer, actual)]
    return "\n".join(f"{'>' if line.marked else ' '} {line.text}".rstrip() for line in lines) + "\n"


def body_lines(body: str, pointer: str = "") -> list[Line]:
    """A body as at most ``BODY_LINES`` lines and ``BODY_CHARACTERS`` characters, around what the pointer names."""
    return [Line(_clean(line.text), line.marked, line.quiet) for line in _window(_laid_out(body, pointer))]


def _clean(text: str) -> str:
    return within(text, LINE).replace("\n", "\\n")


def _header_lines(headers: Headers) -> list[Line]:
    shown = [Line(_clean(f"{name}: {value}")) for name, value in headers[:HEADER_LINES]]
    more = len(headers) - HEADER_LINES
    return [*shown, Line(f"… {more} more headers", quiet=True)] if more > 0 else shown


def _laid_out(body: str, pointer: str) -> list[Line]:
    try:
        return [Line(text, marked) for text, marked in lay_out(body[:_LAID_OUT_AT_MOST], pointer)]
    except ValueError:
        return [Line(text) for text in body[:_LAID_OUT_AT_MOST].split("\n")]


def _window(lines: list[Line]) -> list[Line]:
    """The lines around the first mark, or fewer from the start without one; what is left out is counted."""
    first = next((number for number, line in enumerate(lines) if line.marked), None)
    most = UNMARKED_LINES if first is None else BODY_LINES
    start = max(0, min((first or 0) - most // 2, len(lines) - most))
    shown = list(_fitting(lines[start : start + most], (first or 0) - start))
    before, after = start, len(lines) - start - len(shown)
    above = [Line(f"… {before:,} lines before", quiet=True)] if before else []
    below = [Line(f"… {after:,} more lines", quiet=True)] if after else []
    return [*above, *shown, *below]


def _fitting(lines: Iterable[Line], first: int) -> Iterator[Line]:
    """Lines until the characters run out, but always those up to the mark."""
    left = BODY_CHARACTERS
    for number, line in enumerate(lines):
        if left <= 0 and number > first:
            return
        left -= min(len(line.text), LINE)
        yield line
