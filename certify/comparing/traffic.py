"""Finding exchanges in a long record without reading it whole: the beginning of a line tells whether it is wanted.

Id, check, method and URL stand first in a line; only lines that may be wanted are parsed, and of those only so many.
The verdicts do not stand on them, so their chains are not followed here: that is what `certify judge` does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from certify.comparing.checks import Names
from certify.comparing.steady import place_of, shape_of, steady
from certify.errors import RunDirectoryError
from certify.model.codec import decode
from certify.model.exchange import Exchange
from certify.report.evidence import shown
from certify.rundir import EXCHANGES

_HEAD = re.compile(
    rb'\{"id":"[^"\\]*","check":"([^"\\]*)",.{0,1000}?"request":\{"method":"([^"\\]*)","url":"((?:[^"\\]|\\.)*)"',
    re.DOTALL,
)
_NOT_COMPARED = frozenset(
    {"host", "user-agent", "certify-run", "content-length", "accept-encoding", "connection", "idempotency-key",
     "x-schemathesis-testcaseid", "traceparent", "authorization", "cookie", "dpop"}
)  # fmt: skip
_DAMAGED = "compare the run as it was left, or run again"


@dataclass
class Wish:
    """Which lines are worth parsing. ``left`` and ``shapes`` count down, so that a long run costs no more than a short
    one; what was sent to exactly the URL of a cited exchange is always wanted."""

    left: dict[str, int]
    base: str
    urls: set[tuple[str, bytes]] = field(default_factory=set)
    shapes: dict[str, dict[str, int]] = field(default_factory=dict)

    def wants(self, check: str, method: bytes, url: bytes) -> bool:
        if (check, url) in self.urls:
            return True
        if self.left.get(check, 0) > 0:
            self.left[check] -= 1
            return True
        return check in self.shapes and self._has_shape(check, method, url)

    def _has_shape(self, check: str, method: bytes, url: bytes) -> bool:
        shapes, shape = self.shapes[check], _shape(method, url, self.base)
        if shape not in shapes:
            return False
        shapes[shape] -= 1
        if not shapes[shape]:
            del shapes[shape]
        if not shapes:
            del self.shapes[check]
        return True


def _shape(method: bytes, url: bytes, base: str) -> str:
    try:
        text = str(json.loads(b'"' + url + b'"'))
    except ValueError:
        text = url.decode("utf-8", "replace")
    return shape_of(method.decode("utf-8", "replace"), place_of(text, base))


def read(path: Path, names: Names, wish: Wish) -> Iterator[Exchange]:
    """The exchanges that are wanted by the beginning of their lines, with bodies cut to what is shown."""
    for number, line in _lines(path):
        match = _HEAD.match(line)
        if match is None or not line.endswith(b"\n"):
            continue
        if wish.wants(names(match[1].decode("utf-8", "replace")), match[2], match[3]):
            yield _parsed(path, number, line)


def read_cited(path: Path, names: Iterable[str]) -> dict[str, Exchange]:
    """Exchanges by id, found without reading the others."""
    wanted = {f'{{"id":{json.dumps(name)},'.encode(): name for name in names}
    found: dict[str, Exchange] = {}
    for number, line in _lines(path) if wanted else ():
        name = wanted.get(line[: line.find(b",") + 1])
        if name is not None and line.endswith(b"\n"):
            found[name] = _parsed(path, number, line)
            if len(found) == len(wanted):
                break
    return found


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with (path / EXCHANGES).open("rb") as lines:
            yield from enumerate(lines, start=1)
    except OSError as error:
        raise RunDirectoryError(f"{path / EXCHANGES} cannot be read: {error.strerror}", [_DAMAGED]) from None


def _parsed(path: Path, number: int, line: bytes) -> Exchange:
    try:
        return shown(decode(Exchange, json.loads(line)))
    except (ValueError, TypeError, KeyError, RecursionError):
        raise RunDirectoryError(f"{path / EXCHANGES}:{number}: not a valid record", [_DAMAGED]) from None


def request_key(exchange: Exchange, base: str, *, alike: bool = False) -> str:
    """What makes two requests equal; ``alike`` leaves ids and times out."""
    request = exchange.request
    place = place_of(request.url, base)
    headers = sorted((name.lower(), value) for name, value in request.headers if name.lower() not in _NOT_COMPARED)
    who = [exchange.identity, exchange.signed, exchange.purpose, *exchange.tags]
    if not alike:
        return json.dumps([request.method, place, headers, request.body, who])
    told = json.dumps([headers, request.body, who])
    return f"{shape_of(request.method, place)} {steady(told)}"
