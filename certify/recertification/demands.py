"""What today's playbook asks for that a certificate does not prove, and what it asks for no more.

One rule covers criteria that were added, tightened or bound to other checks: whatever blocks a milestone today has to
be proved by the certificate. A check that passed then is a proof, whichever criterion binds it now. What became looser,
or says the same in other words, asks for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from certify.judge import bound_checks
from certify.model.certificate import Certificate
from certify.model.outcome import Status
from certify.model.playbook import Criterion, Demand, Kind, Milestone, Playbook, Threshold
from certify.model.verdict import Verdict


@dataclass(frozen=True)
class Then:
    """What the certificate proves: status by check (answers as ``answer:ID``), and what was waived."""

    statuses: Mapping[str, str]
    waived: frozenset[str]
    milestones: frozenset[str]
    criteria: Mapping[str, Criterion]


def then(certificate: Certificate, playbook: Playbook | None) -> Then:
    """``playbook`` is the one that was certified against; None where nobody knows it any more."""
    milestones = playbook.milestones if playbook is not None else ()
    return Then(
        {check.id: check.status for check in certificate.checks},
        frozenset(waiver.check for waiver in certificate.waivers if waiver.state == "used"),
        frozenset(item.id for item in certificate.milestones if item.verdict == Verdict.CERTIFIED),
        {f"{milestone.id}/{item.id}": item for milestone in milestones for item in milestone.criteria},
    )


def unproved(known: Then, playbook: Playbook, today: date) -> dict[str, str]:
    """The checks that the playbook of today asks for and the certificate does not prove, each with the reason."""
    found: dict[str, str] = {}
    for milestone in _in_force(known, playbook):
        for criterion in milestone.criteria:
            if criterion.blocks(today):
                for name, why in _lacking(known, milestone, criterion, playbook):
                    found.setdefault(name, why)
    return found


def coming(known: Then, playbook: Playbook, today: date) -> list[str]:
    """What will block from a later day on and is not proved yet, in words."""
    return [
        f"{criterion.id} in {milestone.id} becomes required on {criterion.required_from}, and {name} is not proved"
        for milestone in _in_force(known, playbook)
        for criterion in milestone.criteria
        if criterion.demand is Demand.PENDING and not criterion.blocks(today)
        for name, _ in _lacking(known, milestone, criterion, playbook)
    ]


def came_due(playbook: Playbook, certified: float, today: date) -> bool:
    """Whether a pending criterion blocks today that did not block the run of then: its day came, and no file changed.

    ``certified`` is when that run began, in seconds since the epoch.
    """
    then = datetime.fromtimestamp(certified, UTC).date()
    return any(
        criterion.blocks(today) and not criterion.blocks(then)
        for milestone in playbook.milestones
        for criterion in milestone.criteria
    )


def _in_force(known: Then, playbook: Playbook) -> Iterator[Milestone]:
    """The certified milestones, and those that come before them today."""
    by_id = {milestone.id: milestone for milestone in playbook.milestones}
    wanted = {name for name in known.milestones if name in by_id}
    while missing := {before for name in wanted for before in by_id[name].after if before in by_id} - wanted:
        wanted |= missing
    return (milestone for milestone in playbook.milestones if milestone.id in wanted)


def _lacking(known: Then, milestone: Milestone, criterion: Criterion, now: Playbook) -> Iterator[tuple[str, str]]:
    before = known.criteria.get(f"{milestone.id}/{criterion.id}")
    where = f"{criterion.id} in {milestone.id}"
    for name in bound_checks(criterion):
        status = known.statuses.get(name)
        if status is None:
            yield name, f"{where} asks for it, and it did not run"
        elif criterion.kind is not Kind.AUTOMATED and before is not None and _tightened(before, criterion):
            yield name, f"{where} became stricter"
        elif not _suffices(known, criterion, name, status, now):
            yield name, f"{where} asks for it, and it was {status.replace('_', ' ')}"


def _suffices(known: Then, criterion: Criterion, name: str, status: str, now: Playbook) -> bool:
    if status == Status.FAILED:
        return name in known.waived and criterion.waivable and name not in now.never_waivable
    return status == Status.PASSED or (status == Status.NOT_APPLICABLE and criterion.absent_ok)


def _tightened(before: Criterion, now: Criterion) -> bool:
    """Another kind of answer, another role, a fresher one, or a harder threshold."""
    if (before.kind, before.role) != (now.kind, now.role):
        return True
    if now.max_age_days is not None and (before.max_age_days is None or now.max_age_days < before.max_age_days):
        return True
    return now.threshold is not None and _harder(before.threshold, now.threshold)


def _harder(before: Threshold | None, now: Threshold) -> bool:
    if before is None or (before.metric, before.operator) != (now.metric, now.operator):
        return True
    return (
        now.value < before.value
        if now.operator in ("<", "<=")
        else now.value != before.value and not (now.operator in (">", ">=") and now.value < before.value)
    )
