"""What is to be seen again: a finding as the report numbers it (``F3``), or an exchange (``suites-active-000042``)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from certify.errors import UsageError
from certify.model.codec import decode
from certify.model.exchange import Exchange
from certify.model.outcome import Finding, Outcome
from certify.model.report import Report, ReportedFinding
from certify.nearest import did_you_mean
from certify.report.recorded import read_report
from certify.rundir import EXCHANGES, RunDirectory

MOST = 3
"""Exchanges of a finding that are tried, the telling one first."""


@dataclass(frozen=True)
class Subject:
    """``name`` is what was asked for, ``source`` who found it; no ``finding`` where none cites the exchange."""

    name: str
    check: str = ""
    source: str = ""
    finding: Finding | None = None
    exchanges: tuple[Exchange, ...] = field(default=())


def find_subject(rundir: RunDirectory, name: str) -> Subject:
    """The finding or exchange of a run. Raises :class:`UsageError` with the nearest names where there is none."""
    report = read_report(rundir)
    reported = {item.id: item for item in report.findings}
    outcomes = list(rundir.outcomes())
    if name.upper() in reported:
        return _of_finding(rundir, name.upper(), reported[name.upper()], outcomes)
    found = read_exchanges(rundir, [name])
    if not found:
        raise _unknown(name, report, outcomes)
    outcome, finding = next(_citing(outcomes, name), (None, None))
    exchange = found[name]
    source = outcome.source if outcome is not None else ""
    return Subject(name, outcome.check if outcome else exchange.check, source, finding, (exchange,))


def _of_finding(rundir: RunDirectory, name: str, reported: ReportedFinding, outcomes: Iterable[Outcome]) -> Subject:
    """A reported finding may join what two sources saw; the one whose words it has is meant."""
    told = [
        (outcome, finding) for outcome in outcomes if outcome.check == reported.check for finding in outcome.findings
    ]
    same = [pair for pair in told if _same(pair[1], reported)]
    if not same:
        raise UsageError(
            f"{name} of {rundir.path} is not in its record any more", ["make the report again: `certify judge RUN_DIR`"]
        )
    outcome, finding = same[-1]
    cited = list(dict.fromkeys([*finding.exchanges, *reported.exchanges]))[:MOST]
    found = read_exchanges(rundir, cited)
    exchanges = tuple(found[item] for item in cited if item in found)
    return Subject(name, reported.check, outcome.source, finding, exchanges)


def _same(finding: Finding, reported: ReportedFinding) -> bool:
    return (finding.expected, finding.actual, finding.pointer) == (reported.expected, reported.actual, reported.pointer)


def _citing(outcomes: Iterable[Outcome], exchange: str) -> Iterator[tuple[Outcome, Finding]]:
    return ((o, f) for o in outcomes for f in o.findings if exchange in f.exchanges)


def read_exchanges(rundir: RunDirectory, names: Iterable[str]) -> Mapping[str, Exchange]:
    """Some exchanges by id, found without reading the others: a run may have a hundred thousand."""
    wanted = {f'{{"id":{json.dumps(name)},'.encode(): name for name in names}
    found: dict[str, Exchange] = {}
    with (rundir.path / EXCHANGES).open("rb") as lines:
        for line in lines:
            name = wanted.get(line[: line.find(b",") + 1])
            if name is not None and line.endswith(b"\n"):
                found[name] = decode(Exchange, json.loads(line))
                if len(found) == len(wanted):
                    break
    return found


def _unknown(name: str, report: Report, outcomes: Iterable[Outcome]) -> UsageError:
    cited = {exchange for outcome in outcomes for finding in outcome.findings for exchange in finding.exchanges}
    names = [*(item.id for item in report.findings), *sorted(cited)]
    listed = [f"{item.id}  {item.title}" for item in report.findings[:12]]
    advice = listed or ["the run has no findings; name an exchange, as exchanges.ndjson has them"]
    return UsageError(f"the run has no finding and no exchange {name!r}{did_you_mean(name, names)}", advice)
