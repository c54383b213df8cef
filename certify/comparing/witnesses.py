"""The same request in both runs, answered differently: what shows a change better than any words.

First come the exchanges that findings cite, then whatever has the same check and shape of request.

A request is *equal* where method, path, query, body, identity, what was spoiled and every header that is not ours
agree; it is *alike* where they agree but for ids and times, which each run makes anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from certify.comparing.checks import Names
from certify.comparing.compare import names_of
from certify.comparing.comparison import CheckChange, Comparison, Difference, Fate, FindingChange, Turn, Witness
from certify.comparing.differing import at_place, differences
from certify.comparing.recorded import Recorded
from certify.comparing.steady import place_of, shape_of
from certify.comparing.traffic import Wish, read, read_cited, request_key
from certify.formats.inert import clip
from certify.model.exchange import Exchange

CHECKS = 60
"""Checks and findings for which a witness is looked for, the first ones first."""
OF_A_CHECK = 100
"""Exchanges of a changed check that are looked at besides those that its findings cite."""
OF_ONE_SHAPE = 40
"""Answers to requests of one shape that are held."""
_TURNED = (Turn.NEWLY_FAILING, Turn.NEWLY_PASSING, Turn.NEWLY_UNPROVEN, Turn.NO_LONGER_FAILING)


Differ = Callable[[Exchange, Exchange], tuple[Difference, ...]]
"""Where two answers differ, earlier and later; empty where they do not."""


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
        told = any(own == key and not differences(item, exchange, values=True) for own, item in same)
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
            traffic.cited = read_cited(traffic.recorded.path, ids)
        for traffic in (self._then, self._now):
            for exchange in read(traffic.recorded.path, self._names, self._wish(set(checks), traffic.base)):
                traffic.take(exchange)

    def _wish(self, checks: set[str], base: str) -> Wish:
        """What is worth parsing of a run: what these checks sent, and what was sent like a cited exchange."""
        wish = Wish(dict.fromkeys(checks, OF_A_CHECK), base)
        for traffic in (self._then, self._now):
            for exchange in traffic.cited.values():
                check, place = self._names(exchange.check), place_of(exchange.request.url, traffic.base)
                wish.urls.add(
                    (check, json.dumps(base.rstrip("/") + place, ensure_ascii=False)[1:-1].encode("utf-8", "replace"))
                )
                wish.shapes.setdefault(check, {})[shape_of(exchange.request.method, place)] = OF_ONE_SHAPE
        return wish

    def of_finding(self, change: FindingChange) -> Witness | None:
        """The first exchange that a finding cites whose request the other run sent too, and got another answer: in
        conduct, or in the value that the finding points at."""
        now = self._cited(self._now, f"now {change.id_after}")
        found = self._first(now, self._now, self._then) or self._at_place(change, now)
        if found is None and change.fate is not Fate.NEW:
            found = self._first(self._cited(self._then, f"then {change.id_before}"), self._then, self._now)
        return found

    def _at_place(self, change: FindingChange, cited: list[Exchange]) -> Witness | None:
        findings = self._now.recorded.report.findings
        pointer = next((item.pointer for item in findings if item.id == change.id_after), "")
        return self._first(cited, self._now, self._then, lambda one, other: at_place(one, other, pointer))

    def of_check(self, change: CheckChange, findings: Iterable[FindingChange]) -> Witness | None:
        """A witness of one of its findings, else the first request of the check that was answered differently: in
        another way before with other values, because data that each run makes anew have other values always."""
        own = (item.witness for item in findings if item.check == change.subject and item.witness is not None)
        mine = [one for (check, _), many in self._now.answers.items() if check == change.subject for _, one in many]
        return next(own, None) or self._first(mine, self._now, self._then) or self._with_other_values(mine)

    def _cited(self, traffic: _Traffic, key: str) -> list[Exchange]:
        return [traffic.cited[name] for name in self._telling.get(key, ()) if name in traffic.cited]

    def _with_other_values(self, exchanges: Iterable[Exchange]) -> Witness | None:
        found = self._first(exchanges, self._now, self._then, lambda one, other: differences(one, other, values=True))
        return replace(found, values=True) if found is not None else None

    def _first(
        self, exchanges: Iterable[Exchange], own: _Traffic, other: _Traffic, differ: Differ = differences
    ) -> Witness | None:
        """Equal requests come before those that are merely alike."""
        told = list(exchanges)
        for alike in (False, True):
            for exchange in told:
                same = other.equal(exchange, own.base, alike=alike)
                if found := self._witness(exchange, same, own, differ, alike=alike):
                    return found
        return None

    def _witness(
        self, exchange: Exchange, same: list[Exchange], own: _Traffic, differ: Differ, *, alike: bool
    ) -> Witness | None:
        """None where the other run got the same answer. Where one run got several, the difference is no change."""
        differing = [item for item in same if differ(item, exchange)]
        if not differing:
            return None
        then, now = (differing[0], exchange) if own is self._now else (exchange, differing[0])
        again = own.equal(exchange, own.base, alike=alike)
        unsteady = len(differing) < len(same) or any(differ(one, exchange) for one in again)
        place = place_of(exchange.request.url, own.base)
        request = clip(f"{exchange.request.method} {place}{_as(exchange)}", 400)
        return Witness(request, then.id, now.id, differ(then, now), alike, unsteady)


def _as(exchange: Exchange) -> str:
    spoiled = f", {', '.join(exchange.tags)}" if exchange.tags else ""
    return f" as {exchange.identity}{spoiled}" if exchange.identity else spoiled
