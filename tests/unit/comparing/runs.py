"""Run directories written by hand, so that tests of comparing read as sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from certify.comparing.comparison import CheckChange, Comparison
from certify.comparing.diff import diff
from certify.model.check import Check
from certify.model.codec import encode
from certify.model.exchange import Exchange, ReceivedResponse, SentRequest
from certify.model.outcome import Finding, Outcome, Status, Weight
from certify.model.plan import Plan, PlannedCheck
from certify.pipeline import conclude
from certify.rundir import EXCHANGES, OUTCOMES, RunDirectory, Writer
from tests.unit.facts import NOW, a_criterion, a_milestone, a_plan

BASE = "http://127.0.0.1:1"


def plan_of(*checks: str, **details: Any) -> Plan:
    """A plan with one milestone and one criterion for each check."""
    criteria = (a_criterion(f"criterion-{number}", name) for number, name in enumerate(checks))
    return replace(a_plan(a_milestone("first", *criteria)), **details)


def renamed(plan: Plan, now: str, *formerly: str) -> Plan:
    """The plan whose check says what it was called."""

    def with_names(check: Check) -> Check:
        return replace(check, formerly=formerly) if check.id == now else check

    return replace(plan, checks=tuple(PlannedCheck(with_names(item.check), item.blocked) for item in plan.checks))


def broken(check: str, actual: str = "200 OK", exchange: str = "s-1", **details: Any) -> Outcome:
    """A failure whose finding cites an exchange."""
    finding = Finding("401", actual, exchanges=(exchange,), operations=("getThing",), cause=details.pop("cause", "401"))
    return Outcome(check, Status.FAILED, findings=(finding,), **details)


def advised(check: str, actual: str) -> Outcome:
    finding = Finding("a hint", actual, weight=Weight.ADVISORY, operations=("getThing",), cause="hint")
    return Outcome(check, Status.PASSED, findings=(finding,))


def exchange(name: str, check: str, status: int, place: str = "/things", **details: Any) -> Exchange:
    headers = details.pop("headers", (("Content-Type", "application/json"),))
    body = details.pop("answer", "{}")
    sent = SentRequest(details.pop("method", "GET"), BASE + place, (("Certify-Run", name),), details.pop("body", None))
    got = ReceivedResponse(status, headers, body)
    return Exchange(name, check, "getThing", "primary", "probe", sent, 1.0, got, **details)


def write_run(
    path: Path,
    plan: Plan,
    outcomes: Sequence[Outcome],
    exchanges: Sequence[Exchange] = (),
    *,
    sealed: bool = True,
    concluded: bool = True,
) -> Path:
    """A run directory with its report, as a run leaves it."""
    rundir = RunDirectory.create(path, plan)
    for name, records in ((OUTCOMES, outcomes), (EXCHANGES, exchanges)):
        writer = Writer(path / name, "suites")
        for record in records:
            writer.append(encode(record))
        writer.close()
    if sealed:
        rundir.seal(plan.started + 1)
    if concluded:
        conclude(rundir, ("json",))
    return path


def two_runs(
    folder: Path,
    before: Sequence[Outcome],
    after: Sequence[Outcome],
    traffic: tuple[Sequence[Exchange], Sequence[Exchange]] = ((), ()),
    plans: tuple[Plan, Plan] | None = None,
) -> tuple[Path, Path]:
    """Two runs of one partner, the second a day later."""
    names = dict.fromkeys(outcome.check for outcome in (*before, *after))
    one, other = plans or (plan_of(*names), plan_of(*names))
    other = replace(other, run_id="20261104-100000-beef", started=NOW + 86_400)
    first = write_run(folder / "earlier", one, before, traffic[0])
    return first, write_run(folder / "later", other, after, traffic[1])


def compared(folder: Path, before: Sequence[Outcome], after: Sequence[Outcome], **details: Any) -> Comparison:
    return diff(*two_runs(folder, before, after, **details))


def the_check(comparison: Comparison, name: str) -> CheckChange:
    return next(change for change in comparison.checks if change.subject == name)
