"""The same request in both runs, answered differently: what shows a change better than any words.

Exchanges are looked for by streaming: the beginning of a line tells id, check, method and URL, and only lines that may
be wanted are parsed. First the exchanges that findings cite, then whatever has the same check and shape of request.

The verdicts do not stand on them, so their chains are not followed here: that is what `certify judge` does.

A request is *equal* where method, path, query, body, identity, what was spoiled and every header that is not ours
agree; it is *alike* where they agree but for ids and times, which each run makes anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from certify.comparing.checks import Names
from certify.comparing.compare import names_of
from certify.comparing.comparison import CheckChange, Comparison, Fate, FindingChange, Turn, Witness
from certify.comparing.differing import differences
from certify.comparing.recorded import Recorded
from certify.comparing.steady import place_of, shape_of, steady
from certify.errors import RunDirectoryError
from certify.formats.inert import clip
from certify.model.codec import decode
from certify.model.exchange import Exchange
from certify.report.evidence import shown
from certify.rundir import EXCHANGES

CHECKS = 60
"""Checks and findings for which a witness is looked for, the first ones first."""
OF_A_CHECK = 100
"""Exchanges of a changed check that are looked at besides those that its findings cite."""
OF_ONE_SHAPE = 40
"""Answers to requests of one shape that are held."""
_HEAD = re.compile(
    rb'\{"id":"[^"\\]*","check":"([^"\\]*)",.{0,1000}?"request":\{"method":"([^"\\]*)","url":"((?:[^"\\]|\\.)*)"',
    re.DOTALL,
)
_NOT_COMPARED = frozenset(
    {"host", "user-agent", "certify-run", "content-length", "accept-encoding", "connection", "idempotency-key",
     "x-schemathesis-testcaseid", "traceparent", "authorization", "cookie", "dpop"}
)  # fmt: skip
_TURNED = (Turn.NEWLY_FAILING, Turn.NEWLY_PASSING, Turn.NEWLY_UNPROVEN, Turn.NO_LONGER_FAILING)


@dataclass
class _Traffic:
    """What was kept of one run: cited exchanges by id, and answers by check and request, each with its exact key."""

    recorded: Recorded
    names: Names
    cited: dict[str, Exchange] = field(default_factory=dict)
    answers: dict[tuple[str, str], list[tuple[str, Exchange]]] = field(default_factory=dict)

    def equal(self, exchange: Exchange, base: str, *, alike: bool) -> list[Exchange]:
        """The answers of this run to a request of the other, whose sandbox was at ``base``."""
        found = self.answers.get((self.names(exchange.check), request_key(exchange, base, alike=True)), [])
        key = request_key(exchange, base)
        return [item for own, item in found if alike or own == key]

    @property
    def base(self) -> str:
        return self.recorded.plan.partner.base_url

    def take(self, exchange: Exchange) -> None:
        """Keep an answer that differs from those that the same request got before."""
        same = self.answers.setdefault((self.names(exchange.check), request_key(exchange, self.base, alike=True)), [])
        key = request_key(exchange, self.base)
        told = any(own == key and not differences(item, exchange) for own, item in same)
        if not told and len(same) < OF_ONE_SHAPE:
            same.append((key, exchange))


def witnessed(comparison: Comparison, before: Recorded, after: Recorded) -> Comparison:
    """The comparison with a witness for each check and finding that changed, where the records hold one."""
    checks = [item for item in comparison.checks if item.turn in _TURNED][:CHECKS]
    findings = [item for item in comparison.findings if item.weight == "violation"][:CHECKS]
    if not checks and not findings:
        return comparison
    seeker = _Seeker(before, after)
    seeker.read([item.subject for item in checks], findings)
    found = {id(item): seeker.of_finding(item) for item in findings}
    told = tuple(replace(item, witness=found.get(id(item))) for item in comparison.findings)
    of_checks = {item.subject: seeker.of_check(item, told) for item in checks}
    return replace(
        comparison,
        findings=told,
        checks=tuple(replace(item, witness=of_checks.get(item.subject)) for item in comparison.checks),
    )


class _Seeker:
    """Reads both runs twice, and answers which exchange shows a change."""

    def __init__(self, before: Recorded, after: Recorded) -> None:
        names = names_of(before, after)
        self._then, self._now = _Traffic(before, names), _Traffic(after, names)
        self._names = names
        self._telling: dict[str, tuple[str, ...]] = {}

    def read(self, checks: Iterable[str], findings: Iterable[FindingChange]) -> None:
        old = {finding.id: finding.exchanges for finding in self._then.recorded.report.findings}
        new = {finding.id: finding.exchanges for finding in self._now.recorded.report.findings}
        for finding in findings:
            self._telling[f"then {finding.id_before}"] = old.get(finding.id_before, ())
            self._telling[f"now {finding.id_after}"] = new.get(finding.id_after, ())
        for traffic, when in ((self._then, "then"), (self._now, "now")):
            ids = [name for key, names in self._telling.items() if key.startswith(when) for name in names]
            traffic.cited = _cited(traffic.recorded.path, ids)
        for traffic in (self._then, self._now):
            for exchange in _read(traffic, self._wish(set(checks), traffic.base)):
                traffic.take(exchange)

    def _wish(self, checks: set[str], base: str) -> _Wish:
        """What is worth parsing of a run: what these checks sent, and what was sent like a cited exchange."""
        wish = _Wish(dict.fromkeys(checks, OF_A_CHECK), base)
        for traffic in (self._then, self._now):
            for exchange in traffic.cited.values():
                check, place = self._names(exchange.check), place_of(exchange.request.url, traffic.base)
                wish.urls.add(
                    (check, json.dumps(base.rstrip("/") + place, ensure_ascii=False)[1:-1].encode("utf-8", "replace"))
                )
                wish.shapes.setdefault(check, {})[shape_of(exchange.request.method, place)] = OF_ONE_SHAPE
        return wish

    def of_finding(self, change: FindingChange) -> Witness | None:
        """The first exchange that a finding cites whose request the other run sent too, and got another answer."""
        now = self._cited(self._now, f"now {change.id_after}")
        found = self._first(now, self._now, self._then)
        if found is None and change.fate is not Fate.NEW:
            found = self._first(self._cited(self._then, f"then {change.id_before}"), self._then, self._now)
        return found

    def of_check(self, change: CheckChange, findings: Iterable[FindingChange]) -> Witness | None:
        """A witness of one of its findings, else the first request of the check that was answered differently: in
        another way before with other values, because data that each run makes anew have other values always."""
        own = (item.witness for item in findings if item.check == change.subject and item.witness is not None)
        mine = [one for (check, _), many in self._now.answers.items() if check == change.subject for _, one in many]
        return (
            next(own, None)
            or self._first(mine, self._now, self._then)
            or self._first(mine, self._now, self._then, values=True)
        )

    def _cited(self, traffic: _Traffic, key: str) -> list[Exchange]:
        return [traffic.cited[name] for name in self._telling.get(key, ()) if name in traffic.cited]

    def _first(
        self, exchanges: Iterable[Exchange], own: _Traffic, other: _Traffic, *, values: bool = False
    ) -> Witness | None:
        """Equal requests come before those that are merely alike."""
        told = list(exchanges)
        for alike in (False, True):
            for exchange in told:
                same = other.equal(exchange, own.base, alike=alike)
                if found := self._witness(exchange, same, own, alike=alike, values=values):
                    return found
        return None

    def _witness(
        self, exchange: Exchange, same: list[Exchange], own: _Traffic, *, alike: bool, values: bool
    ) -> Witness | None:
        """None where the other run got the same answer. Where one run got several, the difference is no change."""
        differing = [item for item in same if differences(item, exchange, values=values)]
        if not differing:
            return None
        then, now = (differing[0], exchange) if own is self._now else (exchange, differing[0])
        again = own.equal(exchange, own.base, alike=alike)
        unsteady = len(differing) < len(same) or any(differences(one, exchange, values=values) for one in again)
        request = clip(f"{exchange.request.method} {place_of(exchange.request.url, own.base)}{_as(exchange)}", 400)
        return Witness(request, then.id, now.id, differences(then, now, values=values), alike, unsteady)


def _as(exchange: Exchange) -> str:
    spoiled = f", {', '.join(exchange.tags)}" if exchange.tags else ""
    return f" as {exchange.identity}{spoiled}" if exchange.identity else spoiled


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


# — reading —


@dataclass
class _Wish:
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


def _read(traffic: _Traffic, wish: _Wish) -> Iterator[Exchange]:
    """The exchanges that are wanted by the beginning of their lines, with bodies cut to what is shown."""
    for number, line in _lines(traffic.recorded.path):
        match = _HEAD.match(line)
        if match is None or not line.endswith(b"\n"):
            continue
        if wish.wants(traffic.names(match[1].decode("utf-8", "replace")), match[2], match[3]):
            yield _parsed(traffic.recorded.path, number, line)


def _cited(path: Path, names: Iterable[str]) -> dict[str, Exchange]:
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


_DAMAGED = "compare the run as it was left, or run again"
