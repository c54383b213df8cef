"""Plan, record and verdict become one :class:`Report`. Nothing is decided here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from certify.judge import bound_checks, condense
from certify.model.exchange import Exchange
from certify.model.outcome import Finding, Outcome, Weight
from certify.model.plan import ContractFacts, Plan, PlannedCheck
from certify.model.report import (
    SCHEMA,
    Report,
    ReportedAttempt,
    ReportedCause,
    ReportedCheck,
    ReportedContact,
    ReportedCriterion,
    ReportedFinding,
    ReportedMilestone,
    ReportedPartner,
    ReportedProgram,
    ReportedRun,
)
from certify.model.verdict import (
    CheckResult,
    CriterionRuling,
    MilestoneVerdict,
    RuledWaiver,
    Ruling,
    RunVerdict,
    Verdict,
)
from certify.report.again import again
from certify.report.causes import one_per_cause, title
from certify.report.coverage import coverage, reasons_told
from certify.report.evidence import digest_exchanges
from certify.report.waivers import argue, refusal, reported_waiver, with_waivers
from certify.rundir import RunDirectory

MAX_FINDINGS = 500
NAMED = 4
"""Criteria that a headline names; of more it says how many there are in each milestone."""
MISTAKES = 10
MISTAKE = "Contract: "
"""How a note begins that is a mistake of the contract."""
"""Mistakes of the contract that a report names; the plan in run.json has more."""


@dataclass(frozen=True)
class _Cause:
    """A finding with the check that it belongs to, before it gets its id."""

    result: CheckResult
    finding: Finding


def compose(plan: Plan, rundir: RunDirectory, verdict: RunVerdict) -> Report:
    """Make the report of a run. Streams the record; memory does not grow with the number of exchanges."""
    results = condense(plan, rundir.outcomes())
    causes = list(_causes(results, verdict))
    cited = [name for cause in causes for name in cause.finding.exchanges[:3]]
    digested = digest_exchanges(rundir.exchanges(), cited)
    findings = tuple(
        _finding(number, cause, plan, verdict, digested.evidence) for number, cause in enumerate(causes, start=1)
    )
    return Report(
        schema=SCHEMA,
        verdict=verdict.verdict,
        exit_code=verdict.exit_code,
        summary=summary(verdict),
        partner=ReportedPartner(plan.partner.id, plan.partner.name, plan.partner.base_url, plan.partner.environment),
        program=_program(plan),
        run=_run(plan, rundir, digested.requests),
        milestones=tuple(_milestone(item, verdict.waivers) for item in verdict.milestones),
        checks=tuple(
            _check(planned, results, findings, verdict, _touched(plan, planned.check.id, digested.touched))
            for planned in plan.checks
        ),
        findings=findings,
        coverage=coverage(plan.contract, digested.statuses, reasons_told(rundir.outcomes())),
        counts=dict(Counter(results[planned.check.id].status for planned in plan.checks)),
        notes=(*verdict.notes, *contract_notes(plan.contract)),
        contacts=contacts(plan),
        escalation=tuple(
            f"after {step.after_hours} business hours: {step.contact}" for step in plan.playbook.escalation
        ),
        evidence=digested.evidence,
        roles=rundir.roles(),
        cleanup=rundir.cleanup(),
        capabilities=plan.capabilities,
        waivers=tuple(map(reported_waiver, verdict.waivers)),
    )


def _touched(plan: Plan, check: str, seen: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The operations that a check's requests went to, in this run or in the one that it was carried over from."""
    then = plan.carried.operations.get(check, ()) if plan.carried else ()
    return seen.get(check) or frozenset(then)


def contract_notes(contract: ContractFacts) -> tuple[str, ...]:
    """What is wrong with the contract, and what that left untested: no fault of the sandbox, and not to be missed."""
    if not contract.mistake_count:
        return ()
    count = "1 mistake" if contract.mistake_count == 1 else f"{contract.mistake_count} mistakes"
    aside = f"; {len(contract.set_aside)} of its operations could not be tested" if contract.set_aside else ""
    told = tuple(f"{MISTAKE}{mistake}" for mistake in contract.mistakes[:MISTAKES])
    return (f"The contract has {count}{aside}.", *told)


def summary(verdict: RunVerdict) -> str:
    """The verdict in one or two sentences, for a person."""
    certified = sum(item.verdict is Verdict.CERTIFIED for item in verdict.milestones)
    total = len(verdict.milestones)
    if verdict.verdict is Verdict.CERTIFIED:
        told = f"All {total} milestones are certified" if total > 1 else "The milestone is certified"
        return f"{told}{with_waivers(verdict.waivers)}."
    ruling = Ruling.NOT_MET if verdict.verdict is Verdict.NOT_CERTIFIED else Ruling.UNPROVEN
    open_in = {m.milestone.title: names for m in verdict.milestones if (names := _blocking(m, ruling))}
    count = sum(map(len, open_in.values()))
    word = "not met" if ruling is Ruling.NOT_MET else "not proven"
    if not count:
        return " ".join(verdict.notes) or f"{certified} of {total} milestones are certified."
    places = "; ".join(_place(title, names, brief=count > NAMED) for title, names in open_in.items())
    criteria = "1 required criterion is" if count == 1 else f"{count} required criteria are"
    return f"{criteria} {word}: {places}. {certified} of {total} milestones certified."


def _place(title: str, names: Sequence[str], *, brief: bool) -> str:
    """``clocks-agree, operations-served in Reachable``; where many are open, only how many, and the first."""
    if not brief:
        return f"{', '.join(names)} in {title}"
    return f"{len(names)} in {title}" + (f" ({names[0]} first)" if len(names) > 1 else f" ({names[0]})")


def _blocking(item: MilestoneVerdict, ruling: Ruling) -> list[str]:
    """The criteria that hold a milestone back by themselves, with that ruling."""
    return [found.criterion.id for found in item.criteria if found.blocking and found.ruling is ruling]


def contacts(plan: Plan) -> tuple[ReportedContact, ...]:
    """Whom to ask: the platform's people first, then the partner's own."""
    ours = [ReportedContact(c.name, c.email, c.topic, c.hours, "platform") for c in plan.playbook.contacts]
    theirs = [
        ReportedContact(c.get("name", ""), c.get("email", ""), c.get("topic", "technical"), side="partner")
        for c in plan.partner.contacts
    ]
    return (*ours, *theirs)


def _causes(results: Mapping[str, CheckResult], verdict: RunVerdict) -> Iterator[_Cause]:
    """Findings in the order in which to mend them: what blocks an early milestone first, advisories last."""
    ranks = _ranks(verdict)
    ordered = sorted(results.values(), key=lambda result: (ranks.get(result.check, 10_000), result.check))
    found = [_Cause(result, finding) for result in ordered for finding in one_per_cause(result.findings)]
    violations = [cause for cause in found if _violates(cause)]
    rest = [cause for cause in found if not _violates(cause)]
    yield from (violations + rest)[:MAX_FINDINGS]


def _violates(cause: _Cause) -> bool:
    return cause.finding.weight is Weight.VIOLATION and cause.result.status == "failed"


def _ranks(verdict: RunVerdict) -> dict[str, int]:
    """How early each check blocks: its place among all criteria, those that block first."""
    ranks: dict[str, int] = {}
    for place, (ruling, blocking) in enumerate(
        (ruling, ruling.blocking) for milestone in verdict.milestones for ruling in milestone.criteria
    ):
        for result in ruling.checks:
            ranks.setdefault(result.check, place + (0 if blocking else 1_000))
    return ranks


def _finding(
    number: int, cause: _Cause, plan: Plan, verdict: RunVerdict, evidence: Mapping[str, Exchange]
) -> ReportedFinding:
    finding, name = cause.finding, cause.result.check
    row = next((planned.check for planned in plan.checks if planned.check.id == name), None)
    shown = tuple(exchange for exchange in finding.exchanges if exchange in evidence)
    return ReportedFinding(
        id=f"F{number}",
        check=name,
        title=title(finding),
        weight=finding.weight if cause.result.status == "failed" else Weight.ADVISORY,
        expected=finding.expected,
        actual=finding.actual,
        pointer=finding.pointer,
        clause=finding.clause,
        level=row.level if row else "",
        advice=finding.advice,
        causes=tuple(ReportedCause(item.what, item.fix) for item in row.causes) if row else (),
        operations=finding.operations,
        occurrences=max(1, len(finding.exchanges)),
        exchanges=shown,
        again=again(f"F{number}", name, plan, evidence[shown[0]] if shown else None) if row else (),
        criteria=_criteria_of(name, verdict),
        blocks=_blocked_by(name, verdict) if _violates(cause) else (),
        contacts=tuple(item for item in contacts(plan) if item.topic == "technical"),
        unwaivable=refusal(row, plan) if row and _violates(cause) else "",
        argue=argue(row, plan) if row and _violates(cause) and _blocked_by(name, verdict) else "",
        cause=finding.cause,
    )


def _criteria_of(check: str, verdict: RunVerdict) -> tuple[str, ...]:
    rulings = (ruling for milestone in verdict.milestones for ruling in milestone.criteria)
    return tuple(ruling.criterion.id for ruling in rulings if check in bound_checks(ruling.criterion))


def _blocked_by(check: str, verdict: RunVerdict) -> tuple[str, ...]:
    return tuple(
        milestone.milestone.id
        for milestone in verdict.milestones
        if any(_holds_back(ruling, check) for ruling in milestone.criteria)
    )


def _holds_back(ruling: CriterionRuling, check: str) -> bool:
    return ruling.blocking and ruling.ruling is Ruling.NOT_MET and check in bound_checks(ruling.criterion)


def _program(plan: Plan) -> ReportedProgram:
    playbook, contract = plan.playbook, plan.contract
    return ReportedProgram(playbook.id, playbook.title, playbook.version, contract.title, contract.version)


def _run(plan: Plan, rundir: RunDirectory, requests: int) -> ReportedRun:
    seal = rundir.read_seal()
    return ReportedRun(
        id=plan.run_id,
        started=plan.started,
        seconds=round(seal["finished"] - plan.started, 1) if seal else 0.0,
        seed=plan.seed,
        requests=requests,
        complete=bool(seal) and not seal["interrupted"] if seal else False,
        milestones=plan.selection.milestones,
        checks=plan.selection.checks,
        digests=plan.digests,
        versions=plan.versions,
        command=plan.command,
        origin=plan.origin,
        carried=plan.carried,
    )


def _milestone(item: MilestoneVerdict, brought: Sequence[RuledWaiver]) -> ReportedMilestone:
    milestone = item.milestone
    return ReportedMilestone(
        milestone.id,
        milestone.title,
        milestone.owner,
        milestone.business_days,
        item.verdict,
        item.because,
        milestone.entry,
        tuple(_criterion(ruling, brought) for ruling in item.criteria),
    )


def _criterion(ruling: CriterionRuling, brought: Sequence[RuledWaiver]) -> ReportedCriterion:
    criterion = ruling.criterion
    waivers = tuple(reported_waiver(item) for item in brought if item.waiver in ruling.waivers)
    return ReportedCriterion(
        criterion.id,
        criterion.statement,
        ruling.ruling,
        ruling.because,
        criterion.kind,
        criterion.demand,
        criterion.checks,
        criterion.role,
        waivers,
        criterion.required_from.isoformat() if criterion.required_from else "",
        criterion.guide,
        ruling.blocking,
    )


def _check(
    planned: PlannedCheck,
    results: Mapping[str, CheckResult],
    findings: Sequence[ReportedFinding],
    verdict: RunVerdict,
    touched: frozenset[str],
) -> ReportedCheck:
    check, result = planned.check, results[planned.check.id]
    return ReportedCheck(
        id=check.id,
        area=check.area,
        level=check.level,
        clause=check.clause,
        statement=check.statement,
        status=result.status,
        reason=result.reason,
        note=result.note,
        requests=result.requests,
        seconds=round(result.seconds, 2),
        flaky=result.flaky,
        attempts=tuple(map(_attempt, result.attempts)),
        findings=tuple(finding.id for finding in findings if finding.check == check.id),
        criteria=_criteria_of(check.id, verdict),
        operations=tuple(sorted(touched)),
        carried=next((attempt.carried for attempt in result.attempts if attempt.carried), ""),
        formerly=check.formerly,
        suite=check.digest,
    )


def _attempt(outcome: Outcome) -> ReportedAttempt:
    return ReportedAttempt(outcome.source, outcome.attempt, outcome.status, outcome.reason or "", outcome.sightings)
