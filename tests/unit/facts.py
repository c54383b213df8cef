"""Builders of plans and outcomes, so that tests of judgement read as sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from certify.model.check import Cause, Check, Level, Stage
from certify.model.outcome import Finding, Outcome, Reason, Status, Weight
from certify.model.plan import Blocked, ContractFacts, PartnerFacts, Plan, PlannedCheck, Selection
from certify.model.playbook import Criterion, Demand, Kind, Milestone, Playbook, Waiver

NOW = 1_793_700_000.0  # 2026-11-03


def a_check(name: str, sources: Sequence[str] = ("suites",), stage: Stage = Stage.ACTIVE, **details: Any) -> Check:
    return Check(
        id=name,
        level=Level.MUST,
        clause="RFC 9110",
        statement=f"{name} holds.",
        sends="one request",
        decides="by its status",
        causes=(Cause("it is broken", "mend it"),),
        faults=("some-fault",),
        sources=tuple(sources),
        stage=stage,
        **details,
    )


def a_criterion(name: str, *checks: str, **details: Any) -> Criterion:
    kind = details.pop("kind", Kind.AUTOMATED)
    return Criterion(name, f"{name} is true.", kind, checks=checks, **details)


def a_milestone(name: str, *criteria: Criterion, after: Sequence[str] = ()) -> Milestone:
    return Milestone(name, name.title(), "partner", 5, after=tuple(after), criteria=criteria)


def a_plan(
    *milestones: Milestone,
    waivers: Sequence[Waiver] = (),
    asked: Sequence[str] = (),
    blocked: dict[str, Blocked] | None = None,
    sources: dict[str, Sequence[str]] | None = None,
) -> Plan:
    names = dict.fromkeys(name for m in milestones for c in m.criteria for name in c.checks)
    planned = (
        PlannedCheck(a_check(name, (sources or {}).get(name, ("suites",))), (blocked or {}).get(name)) for name in names
    )
    return Plan(
        run_id="20261103-100000-abcd",
        partner=PartnerFacts("acme", "Acme", "http://127.0.0.1:1", "sandbox"),
        playbook=Playbook("reference", "Reference", "1.0.0", milestones),
        contract=ContractFacts("openapi/api.yaml", "API", "1", "3.1.0", ("getThing", "listThings")),
        checks=tuple(planned),
        selection=Selection((), tuple(asked)),
        seed=7,
        max_examples=5,
        started=NOW,
        waivers=tuple(waivers),
    )


def passed(check: str, **details: Any) -> Outcome:
    return Outcome(check, Status.PASSED, **details)


def failed(check: str, **details: Any) -> Outcome:
    return Outcome(check, Status.FAILED, findings=(Finding("401", "200 OK", exchanges=("s-000001",)),), **details)


def stopped(check: str, status: Status, reason: Reason = Reason.CANNOT_TELL, **details: Any) -> Outcome:
    return Outcome(check, status, reason=reason, **details)


def advised(check: str) -> Outcome:
    return Outcome(check, Status.PASSED, findings=(Finding("401", "404", weight=Weight.ADVISORY),))


def a_waiver(check: str, partner: str = "acme", expires: date = date(2026, 12, 31)) -> Waiver:
    return Waiver(check, partner, "known, mended in December", "Ada", expires)


def recommended(name: str, *checks: str) -> Criterion:
    return a_criterion(name, *checks, demand=Demand.RECOMMENDED)
