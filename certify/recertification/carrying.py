"""What a partial run does: the checks that a change touches run, the rest is carried over, and each has its reason.

A check is carried over only if all of this holds; else it runs:

- the partner's profile and certify itself are those of the earlier run: either can change every answer;
- it passed then, at once (a *flaky* pass is asked again), or had lawfully nothing to do, and so it did in every newer
  run of the partner that lies beside: no failure is undone by naming the last success;
- the same file declares it, the same sources decide it, and the playbook wants no more of it than it gave;
- no change of the contract touches it (``affected.py``);
- it is not a gate: every run proves for itself that the way is there.

What people answer is read again from the answers file, as in every run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from certify.contract import Contract
from certify.contract.changes import compare
from certify.model.check import Check, Stage
from certify.model.outcome import Outcome, Status
from certify.model.plan import Carried, Plan, PlannedCheck
from certify.model.report import ReportedCheck
from certify.planning import estimates
from certify.recertification.affected import affected, by_check
from certify.recertification.since import Since

_KEPT = (Status.PASSED, Status.NOT_APPLICABLE)


@dataclass(frozen=True)
class Division:
    """A plan of which a part is carried over. ``reasons`` says of each check why it runs; ``outcomes`` are carried."""

    plan: Plan
    reasons: Mapping[str, str]
    outcomes: tuple[Outcome, ...]


def divide(plan: Plan, since: Since, contract: Contract) -> Division:
    """Take over from an earlier run what nothing touches."""
    changes = compare(Contract(since.document, since.plan.contract.source), contract)
    touched = by_check(affected(changes, since.report.checks))
    anew = _everything(plan, since)
    earlier = {check.id: check for check in since.report.checks}
    decided = {
        item.check.id: anew or touched.get(item.check.id) or _again(item, earlier.get(item.check.id), since)
        for item in plan.checks
        if item.blocked is None
    }
    kept = tuple(name for name, why in decided.items() if not why)
    return Division(
        _carrying(plan, kept, since, contract) if kept else plan,
        {name: why for name, why in decided.items() if why},
        tuple(outcome for outcome in since.outcomes if outcome.check in kept),
    )


def _everything(plan: Plan, since: Since) -> str:
    """Why nothing at all can be carried over; empty where something can."""
    if plan.digests.get("profile") != since.certificate.digests.get("profile"):
        return "the partner's profile changed"
    if plan.versions.get("certify") != since.certificate.versions.get("certify"):
        return "another version of certify certified it"
    return ""


def _again(planned: PlannedCheck, then: ReportedCheck | None, since: Since) -> str:
    """Why a check that no change of the contract touches runs all the same; empty where it does not."""
    check = planned.check
    if check.stage is Stage.GATE:
        return "the gate: every run stands on it"
    if then is None:
        return "it did not run then"
    if then.status not in _KEPT:
        return f"it was {then.status.replace('_', ' ')} then"
    if then.flaky:
        return "it was flaky then"
    if check.id in since.doubted:
        return f"it did not pass at once in the newer run {since.doubted[check.id]}"
    if then.suite != check.digest:
        return "the suite that declares it changed"
    return "" if _same_sources(check, then) else "another source decides it now"


def _same_sources(check: Check, then: ReportedCheck) -> bool:
    """A check without attempts was stopped by the plan then, and is not now."""
    return {attempt.source for attempt in then.attempts} == set(check.sources)


def _carrying(plan: Plan, kept: tuple[str, ...], since: Since, contract: Contract) -> Plan:
    went = {check.id: check.operations for check in since.report.checks if check.id in kept}
    carried = Carried(
        certificate=since.certificate.id,
        run=since.certificate.run,
        expires=since.certificate.expires,
        checks=kept,
        operations=went,
        provenance=since.provenance.value,
    )
    running = [item for item in plan.checks if item.check.id not in kept]
    return replace(plan, carried=carried, estimates=estimates(running, contract, plan.max_examples))
