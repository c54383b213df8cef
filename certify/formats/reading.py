"""Questions that every format asks of a report, answered once, so that no two formats disagree.

What to fix, what is not proven, what is only advice, which check counts for which criterion.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from certify.formats.doubts import doubt
from certify.model.report import (
    Report,
    ReportedCheck,
    ReportedCriterion,
    ReportedFinding,
    ReportedMilestone,
    ReportedWaiver,
)

UNDECIDED = ("inconclusive", "not_run", "errored", "silent")


@dataclass(frozen=True)
class Case:
    """A criterion of a milestone with one of its checks; ``check`` is None where a person or a metric decides."""

    milestone: ReportedMilestone
    criterion: ReportedCriterion
    check: ReportedCheck | None


@dataclass(frozen=True)
class Sighting:
    """One run of a check in a source; ``number`` counts from 1 within it."""

    source: str
    number: int
    status: str


@dataclass(frozen=True)
class Unproven:
    """Something that nobody can tell yet: ``subject`` is a check's or a criterion's id."""

    subject: str
    statement: str
    status: str
    why: str
    enable: str
    note: str
    milestones: tuple[str, ...]
    required: bool
    findings: tuple[str, ...] = ()


def cases(report: Report) -> Iterator[Case]:
    """Every criterion × check in playbook order. A bound check that the report does not know is silent."""
    known = {check.id: check for check in report.checks}
    for milestone in report.milestones:
        for criterion in milestone.criteria:
            for check in criterion.checks or ("",):
                yield Case(milestone, criterion, known.get(check) or _silent(check, criterion))


def _silent(check: str, criterion: ReportedCriterion) -> ReportedCheck | None:
    if not check:
        return None
    area = check.split(".", 1)[0]
    return ReportedCheck(
        check, area, "", "", criterion.statement, "silent", "", "", 0, 0.0, False, (), (), (criterion.id,)
    )


def required_met(milestone: ReportedMilestone) -> tuple[int, int]:
    """Of the criteria that can hold a milestone back: how many are settled in its favour, and how many there are."""
    required = [criterion for criterion in milestone.criteria if criterion.blocking]
    return sum(criterion.ruling in ("met", "waived", "not_applicable") for criterion in required), len(required)


def to_fix(report: Report) -> tuple[ReportedFinding, ...]:
    """Violations that no waiver excuses, what blocks first; within equals, the report's own order of importance."""
    found = [finding for finding in report.findings if finding.weight == "violation"]
    excused = set(excused_findings(report))
    return tuple(sorted((item for item in found if item not in excused), key=lambda item: not item.blocks))


def excused_findings(report: Report) -> tuple[ReportedFinding, ...]:
    """Violations that hold nothing back because a waiver covers their check."""
    covered = {waiver.check for waiver in waivers(report)}
    return tuple(
        item for item in report.findings if item.weight == "violation" and not item.blocks and item.check in covered
    )


def advisories(report: Report) -> tuple[ReportedFinding, ...]:
    return tuple(finding for finding in report.findings if finding.weight != "violation")


def trace(finding: ReportedFinding) -> str:
    """A finding in lines, where a test view shows a stack trace: what was expected, what came, how to see it again."""
    again = "".join(f"\nagain:    {line}" for line in finding.again)
    return f"{finding.id} {finding.title}\nexpected: {finding.expected}\nactual:   {finding.actual}{again}"


def waivers(report: Report) -> tuple[ReportedWaiver, ...]:
    """Every waiver that excuses a failure."""
    return tuple(waiver for waiver in report.waivers if waiver.state == "used")


def idle_waivers(report: Report) -> tuple[ReportedWaiver, ...]:
    """Every waiver that was brought and excuses nothing: its ``state`` and ``because`` say why."""
    return tuple(waiver for waiver in report.waivers if waiver.state != "used")


def waived_by(waiver: ReportedWaiver) -> str:
    """Who let a check fail, in which role, and until when."""
    role = f" ({waiver.role})" if waiver.role else ""
    return f"{waiver.approver}{role} until {waiver.expires}"


def flaky(report: Report) -> tuple[ReportedCheck, ...]:
    """Checks whose attempts disagree: a pass after a failure is never shown as a pass alone."""
    return tuple(check for check in report.checks if check.flaky)


def how_flaky(check: ReportedCheck) -> str:
    """What a flaky check did, in order: ``passed only on a further attempt (failed, then passed)``."""
    ended = [status for attempt in check.attempts for status in attempt.sightings or (attempt.status,)]
    told = "passed only on a further attempt" if check.status == "passed" else "failed, and did not fail again"
    words = ", then ".join(status.replace("_", " ") for status in ended)
    return f"{told} ({words})" if len(ended) > 1 else told


def earlier_sightings(check: ReportedCheck) -> tuple[Sighting, ...]:
    """How each run of a check ended, but for the last of each source: retrying until green is told, never hidden."""
    told: dict[str, list[Sighting]] = {}
    for attempt in check.attempts:
        for status in attempt.sightings or (attempt.status,):
            seen = told.setdefault(attempt.source, [])
            seen.append(Sighting(attempt.source, len(seen) + 1, status))
    return tuple(sighting for seen in told.values() for sighting in seen[:-1])


def carried(report: Report) -> tuple[ReportedCheck, ...]:
    """Checks that did not run in this run."""
    return tuple(check for check in report.checks if check.carried)


def carried_from(check: ReportedCheck) -> str:
    """Where a check ran that did not run this time."""
    return f"carried over from run {check.carried}"


def titles(report: Report, milestones: tuple[str, ...]) -> tuple[str, ...]:
    """Milestone ids as their titles."""
    known = {item.id: item.title for item in report.milestones}
    return tuple(known.get(item, item) for item in milestones)


def unproven(report: Report) -> tuple[Unproven, ...]:
    """Checks and criteria without an answer, what blocks first: a check that did not run shows like one that failed.

    A run that was narrowed to some checks says so once, in its notes, and not of each check that it left out.
    """
    grouped: dict[str, list[Case]] = {}
    for case in cases(report):
        if _undecided(case) and _asked_for(case, report):
            grouped.setdefault(case.check.id if case.check else f"criterion {case.criterion.id}", []).append(case)
    bound = {case.check.id for case in cases(report) if case.check}
    loose = (check for check in report.checks if check.id not in bound and check.status in UNDECIDED)
    found = [*(_as_unproven(group, report) for group in grouped.values()), *(_unbound(check) for check in loose)]
    return tuple(sorted(found, key=lambda item: not item.required))


def _asked_for(case: Case, report: Report) -> bool:
    if not report.run.checks:
        return True
    return case.check is not None and case.check.id in {check.id for check in report.checks}


def by_reason(items: Sequence[Unproven]) -> tuple[tuple[Unproven, ...], ...]:
    """Items with one reason together, so that one missing identity reads as one thing to do."""
    groups: dict[tuple[str, ...], list[Unproven]] = {}
    for item in items:
        groups.setdefault((item.status, item.why, item.note, item.enable), []).append(item)
    return tuple(map(tuple, groups.values()))


def _undecided(case: Case) -> bool:
    if case.check is None:
        return case.criterion.ruling == "unproven"
    ruled = case.criterion.ruling == "unproven"
    return case.check.status in UNDECIDED or (ruled and case.check.status == "not_applicable")


def _holds_back(case: Case, report: Report) -> bool:
    """A check that does not apply says nothing of a criterion that is open for others, which were not asked for."""
    if case.check is not None and case.check.status == "not_applicable" and report.run.checks:
        asked_for = {check.id for check in report.checks}
        if not asked_for.issuperset(case.criterion.checks):
            return False
    return case.criterion.blocking and case.criterion.ruling == "unproven"


def _as_unproven(group: list[Case], report: Report) -> Unproven:
    first = group[0]
    places = tuple(dict.fromkeys(case.milestone.title for case in group))
    required = any(_holds_back(case, report) for case in group)
    if first.check is None:
        item = first.criterion
        enable = f"An answer by the role {item.role}, with a date, in the answers file." if item.role else ""
        return Unproven(item.id, item.statement, "unanswered", item.because, enable, "", places, required)
    reason = doubt(first.check.status, first.check.reason)
    return Unproven(first.check.id, first.check.statement, first.check.status, reason.why, reason.enable,
                    first.check.note, places, required, first.check.findings)  # fmt: skip


def _unbound(check: ReportedCheck) -> Unproven:
    reason = doubt(check.status, check.reason)
    return Unproven(check.id, check.statement, check.status, reason.why, reason.enable, check.note, (), False)
