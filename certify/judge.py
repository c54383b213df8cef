"""Facts in, rulings out. Pure: no file, no network, no clock.

How rulings are made, written once:

1. **Any failure stands.** A criterion with a ``failed`` check is ``not_met``, whatever else is missing.
2. **Silence is never success.** A bound check without an outcome from each of its sources makes the criterion
   ``unproven``; so do ``errored``, ``inconclusive`` and ``not_run``.
3. ``not_applicable`` stays ``not_applicable`` where the playbook lets a partner lack the capability (``absent_ok``);
   elsewhere the criterion is ``unproven``.
4. **A waiver** that is in force (``waiving.py`` says which are: this partner's, not expired, of a check that can be
   waived, within the budget) excuses the failure of exactly its check and nothing else: each failed check needs its
   own, and what is left of the criterion is ruled as if the excused checks were not bound. ``waived`` it is only when
   that rest is ``met``, ``not_applicable`` or empty, so no waiver makes up for silence or doubt. A criterion with
   ``waivable: false`` cannot be waived. Every waiver that was brought is reported with what became of it.
5. All ``passed``: ``met``. The last attempt of each source decides; where an earlier one did not pass, the criterion is
   met and the check is shown as *flaky*, with the findings of the attempts that failed. So is whatever failed and did
   not fail again, although nothing is met by that.
6. **A milestone** is ``certified`` when each criterion that blocks it is ``met`` or ``waived`` (or lawfully
   ``not_applicable``) and the milestones before it are certified; ``not_certified`` when something that blocks it is
   ``not_met``, here or before; else ``unproven``. One in which nothing was proved certifies nothing.
7. ``required`` criteria block; ``recommended`` ones never do; ``pending`` ones do from their date on.
8. **What was carried over** from an earlier run counts as an outcome for exactly the checks that the plan names, until
   the certificate that vouches for it has expired, and only as ``passed`` or ``not_applicable``. Where a check has an
   outcome of this run as well, that one decides, whatever was carried.
9. **The run** is ``certified`` when all its milestones are; ``not_certified`` when one of them is; else ``unproven``.
   An unfinished run, or one narrowed to some checks, never certifies; one that carried the rest over is not narrowed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

from certify.model.outcome import Finding, Outcome, Reason, Status
from certify.model.plan import Plan, PlannedCheck
from certify.model.playbook import Criterion, Kind, Milestone, Waiver
from certify.model.verdict import (
    CheckResult,
    CriterionRuling,
    MilestoneVerdict,
    RuledWaiver,
    Ruling,
    RunVerdict,
    Verdict,
    WaiverState,
)
from certify.waiving import in_force, settled, standings_of, waiver_notes

SILENT = "silent"
ANSWERS = "answers"

# Worst first: of several sources, the worst word counts.
_WORST = ("failed", "errored", SILENT, "inconclusive", "not_run", "not_applicable", "passed")


def judge(plan: Plan, outcomes: Iterable[Outcome], *, now: float, complete: bool = True) -> RunVerdict:
    """Decide every criterion, milestone and the run. ``now`` is seconds since the epoch: waivers expire by it."""
    today = datetime.fromtimestamp(now, UTC).date()
    results = condense(plan, outcomes)
    standing = standings_of(plan, today)
    milestones: dict[str, MilestoneVerdict] = {}
    for milestone in plan.playbook.milestones:
        rulings = tuple(rule(criterion, results, plan, today, standing) for criterion in milestone.criteria)
        before = [milestones[name] for name in milestone.after if name in milestones]
        milestones[milestone.id] = decide(milestone, rulings, before)
    verdicts = tuple(milestones.values())
    failed = {name for name, result in results.items() if result.status == Status.FAILED}
    brought = settled(standing, plan, failed)
    notes = (*_unfinished(plan, complete), *_carried(plan), *waiver_notes(brought))
    return RunVerdict(_overall(plan, verdicts, complete), verdicts, notes, brought)


def answer_check(criterion: Criterion) -> str:
    """The name under which the answers source reports on a criterion that no check decides."""
    return f"answer:{criterion.id}"


def bound_checks(criterion: Criterion) -> tuple[str, ...]:
    """What decides a criterion: its checks, or the answer of a person."""
    return criterion.checks if criterion.kind is Kind.AUTOMATED else (answer_check(criterion),)


# — outcomes to results —


def condense(plan: Plan, outcomes: Iterable[Outcome]) -> dict[str, CheckResult]:
    """One result for each check: every attempt of every source, and the word that counts."""
    told: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if not outcome.carried or _may_be_carried(plan, outcome):
            told[outcome.check].append(outcome)
    planned = {item.check.id: item for item in plan.checks}
    return {name: _condense(name, _fresh(told.get(name, [])), planned.get(name)) for name in {*planned, *told}}


def _may_be_carried(plan: Plan, outcome: Outcome) -> bool:
    carried = plan.carried
    if carried is None or outcome.check not in carried.checks or plan.started >= carried.expires:
        return False
    return outcome.status in (Status.PASSED, Status.NOT_APPLICABLE)


def _fresh(outcomes: list[Outcome]) -> list[Outcome]:
    """The outcomes of this run; those that were carried over where there are none."""
    return [outcome for outcome in outcomes if not outcome.carried] or outcomes


def _condense(name: str, attempts: Sequence[Outcome], planned: PlannedCheck | None) -> CheckResult:
    if planned is not None and planned.blocked is not None and not attempts:
        blocked = planned.blocked
        return CheckResult(name, blocked.status, blocked.reason, blocked.advice)
    sources = planned.check.sources if planned else (ANSWERS,)
    last = {source: _last(attempts, source) for source in sources}
    worst = min(last.values(), key=lambda outcome: _WORST.index(outcome.status if outcome else SILENT))
    missing = [source for source, outcome in last.items() if outcome is None]
    return CheckResult(
        check=name,
        status=worst.status if worst else SILENT,
        reason=(worst.reason or "") if worst else "",
        note=_note(last, missing, worst),
        findings=_findings(last, attempts),
        attempts=tuple(attempts),
        flaky=any(_flaky(attempts, source) for source in sources),
        missing=tuple(missing),
        requests=sum(outcome.requests for outcome in attempts),
        seconds=sum(outcome.seconds for outcome in attempts),
    )


def _last(attempts: Sequence[Outcome], source: str) -> Outcome | None:
    """The deciding outcome: of the last attempt, and of several in that attempt the worst."""
    own = [outcome for outcome in attempts if outcome.source == source]
    latest = max((outcome.attempt for outcome in own), default=0)
    return min(
        (outcome for outcome in own if outcome.attempt == latest),
        key=lambda outcome: _WORST.index(outcome.status),
        default=None,
    )


def _flaky(attempts: Sequence[Outcome], source: str) -> bool:
    """It passed in the end and not at first, or failed and did not fail again."""
    last, earlier = _last(attempts, source), _earlier(attempts, source)
    if last is None or last.status is Status.FAILED:
        return False
    passed = last.status is Status.PASSED and any(outcome.status is not Status.PASSED for outcome in earlier)
    failed = any(outcome.status is Status.FAILED for outcome in earlier)
    return passed or failed or last.reason is Reason.UNSTABLE


def _earlier(attempts: Sequence[Outcome], source: str) -> list[Outcome]:
    """The attempts of a source before the one that decides."""
    last = _last(attempts, source)
    return [outcome for outcome in attempts if last and outcome.source == source and outcome.attempt < last.attempt]


def _note(last: Mapping[str, Outcome | None], missing: Sequence[str], worst: Outcome | None) -> str:
    if worst is None or missing:
        silence = f"no outcome was reported by {' and '.join(missing)}: it was killed, hung or never started"
        return f"{silence}; {worst.note}" if worst and worst.note else silence
    return worst.note or "; ".join(outcome.note for outcome in last.values() if outcome and outcome.note)


def _findings(last: Mapping[str, Outcome | None], attempts: Sequence[Outcome]) -> tuple[Finding, ...]:
    """The findings of every source's last attempt; where it is flaky, those of its earlier attempts as well."""
    flaky = [outcome for source in last if _flaky(attempts, source) for outcome in _earlier(attempts, source)]
    told = [*(outcome for outcome in last.values() if outcome), *flaky]
    return tuple(finding for outcome in told for finding in outcome.findings)


# — results to rulings —


def rule(
    criterion: Criterion,
    results: Mapping[str, CheckResult],
    plan: Plan,
    today: date,
    standing: Sequence[RuledWaiver],
) -> CriterionRuling:
    """What the outcomes of its checks mean for a criterion. ``standing`` are the plan's waivers, in force or not."""
    bound = tuple(results.get(name) or _unheard(name, plan) for name in bound_checks(criterion))
    waivers = _waivers_for(criterion, bound, standing)
    ruling, because = _rule(criterion, bound, waivers)
    return CriterionRuling(
        criterion, ruling, because, bound, waivers if ruling is Ruling.WAIVED else (), criterion.blocks(today)
    )


def _unheard(name: str, plan: Plan) -> CheckResult:
    """A check of which nothing is known: nobody asked for it, or nobody reported."""
    if plan.selection.checks and not name.startswith("answer:"):
        return CheckResult(name, Status.NOT_RUN, note="this run was narrowed to other checks")
    return CheckResult(name, SILENT)


def _rule(criterion: Criterion, bound: Sequence[CheckResult], waivers: Sequence[Waiver]) -> tuple[Ruling, str]:
    excused = {waiver.check for waiver in waivers}
    failed = [result for result in bound if result.status == Status.FAILED and result.check not in excused]
    if failed:
        return Ruling.NOT_MET, f"failed: {', '.join(result.check for result in failed)}"
    rest = [result for result in bound if result.check not in excused]
    silent = [result for result in bound if result.check in excused and result.missing]
    ruling, because = _rule_rest(criterion, [*rest, *silent]) if rest or silent or not excused else (Ruling.MET, "")
    if excused and ruling in (Ruling.MET, Ruling.NOT_APPLICABLE):
        return Ruling.WAIVED, "; ".join(f"{w.check} waived by {w.approver} until {w.expires}" for w in waivers)
    return ruling, because


def _rule_rest(criterion: Criterion, bound: Sequence[CheckResult]) -> tuple[Ruling, str]:
    """Rule what did not fail: doubt first, then absence, then success."""
    doubtful = [r for r in bound if r.missing or r.status in (SILENT, "errored", "inconclusive", "not_run")]
    absent = [r for r in bound if r.status == Status.NOT_APPLICABLE]
    if not bound:
        return Ruling.UNPROVEN, "no check is bound to it"
    if doubtful:
        return Ruling.UNPROVEN, _names(doubtful, _doubt)
    if absent and not criterion.absent_ok:
        return Ruling.UNPROVEN, f"{_names(absent, _doubt)}; the playbook does not let a partner lack it"
    if len(absent) == len(bound):
        return Ruling.NOT_APPLICABLE, _names(absent, _doubt)
    flaky = [result.check for result in bound if result.flaky]
    return Ruling.MET, f"passed, but only on a further attempt: {', '.join(flaky)}" if flaky else "all passed"


def _doubt(result: CheckResult) -> str:
    if result.status != SILENT and result.missing:
        return f"nothing was reported by {' and '.join(result.missing)}"
    if result.status == SILENT:
        return "nothing was reported" if not result.check.startswith("answer:") else "nobody has answered"
    return f"{result.status.replace('_', ' ')}{f' ({result.reason})' if result.reason else ''}"


def _names(results: Sequence[CheckResult], word: object) -> str:
    assert callable(word)
    return "; ".join(f"{result.check}: {word(result)}" for result in results)


def _waivers_for(
    criterion: Criterion, bound: Sequence[CheckResult], standing: Sequence[RuledWaiver]
) -> tuple[Waiver, ...]:
    """One waiver in force for each failed check that has any: the first of the file."""
    if not criterion.waivable:
        return ()
    failed = {result.check for result in bound if result.status == Status.FAILED} & in_force(standing)
    own = {item.waiver.check: item.waiver for item in reversed(standing) if item.state is WaiverState.UNNEEDED}
    return tuple(own[result.check] for result in bound if result.check in failed)


# — rulings to verdicts —


def decide(
    milestone: Milestone, rulings: tuple[CriterionRuling, ...], before: Sequence[MilestoneVerdict]
) -> MilestoneVerdict:
    """The verdict of a milestone, and the reason in one sentence."""
    blocking = [ruling for ruling in rulings if ruling.blocking]
    verdict, because = _decide(blocking, before)
    return MilestoneVerdict(milestone, verdict, because, rulings)


def _decide(blocking: Sequence[CriterionRuling], before: Sequence[MilestoneVerdict]) -> tuple[Verdict, str]:
    of = {ruling: [item.criterion.id for item in blocking if item.ruling is ruling] for ruling in Ruling}
    if of[Ruling.NOT_MET]:
        return Verdict.NOT_CERTIFIED, f"not met: {_few(of[Ruling.NOT_MET])}"
    for verdict in (Verdict.NOT_CERTIFIED, Verdict.UNPROVEN):
        waiting = [item.milestone.id for item in before if item.verdict is verdict]
        if waiting:
            return verdict, f"{', '.join(waiting)} comes before it and is {verdict.replace('_', ' ')}"
    if of[Ruling.UNPROVEN]:
        return Verdict.UNPROVEN, f"unproven: {_few(of[Ruling.UNPROVEN])}"
    if not of[Ruling.MET] and not of[Ruling.WAIVED]:
        return Verdict.UNPROVEN, "nothing was proved: no criterion that blocks it was met"
    waived = f"; waived: {', '.join(of[Ruling.WAIVED])}" if of[Ruling.WAIVED] else ""
    return Verdict.CERTIFIED, f"every required criterion is met{waived}"


def _few(names: Sequence[str]) -> str:
    """The first four names, and how many more there are: each criterion tells its own ruling anyway."""
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _overall(plan: Plan, milestones: Sequence[MilestoneVerdict], complete: bool) -> Verdict:
    verdicts = {item.verdict for item in milestones}
    if Verdict.NOT_CERTIFIED in verdicts:
        return Verdict.NOT_CERTIFIED
    if verdicts != {Verdict.CERTIFIED} or not complete or plan.selection.checks:
        return Verdict.UNPROVEN
    return Verdict.CERTIFIED


def _unfinished(plan: Plan, complete: bool) -> tuple[str, ...]:
    notes = []
    if not complete:
        notes.append("The run was not finished: what was recorded is judged as far as it goes, and certifies nothing.")
    if plan.selection.checks:
        notes.append(f"Only {', '.join(plan.selection.checks)} was asked for; a partial run certifies nothing.")
    return tuple(notes)


def _carried(plan: Plan) -> tuple[str, ...]:
    """What did not run this time, and who vouches for it: a reader must not take it for a proof of today."""
    if plan.carried is None:
        return ()
    carried = plan.carried
    count = f"{len(carried.checks)} checks were" if len(carried.checks) != 1 else "1 check was"
    until = f"{datetime.fromtimestamp(carried.expires, UTC):%Y-%m-%d}"
    who = f"certificate {carried.certificate} vouches for that until {until}"
    return (f"{count} not run, but carried over from run {carried.run}: {who}.",)
