"""What the HTML report says, decided before any markup: the template only lays it out.

Everything is bounded here: findings listed, exchanges shown, rows of tables. What is left out is counted and said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from certify.formats.html_finding import Anchors, FindingView, finding_views
from certify.formats.inert import one_line
from certify.formats.reading import (
    Unproven,
    advisories,
    by_reason,
    excused_findings,
    flaky,
    how_flaky,
    idle_waivers,
    required_met,
    to_fix,
    unproven,
    waivers,
)
from certify.formats.words import KINDS, LEVELS, UNANSWERED, Word, ruling_word, status_word, verdict_word
from certify.model.report import (
    Report,
    ReportedCheck,
    ReportedCriterion,
    ReportedFinding,
    ReportedMilestone,
    ReportedOperation,
)

MOST_FINDINGS = 200
MOST_ROWS = 1000
Links = tuple[tuple[str, str], ...]  # (anchor, what to call it)
HEADLINES = {
    "certified": "{} is certified",
    "not_certified": "{} is not certified",
    "unproven": "{} is not proven yet",
}


@dataclass(frozen=True)
class Bounded:
    """The rows that are shown, and how many more there are."""

    rows: Sequence[Any]
    more: int


@dataclass(frozen=True)
class CheckView:
    check: ReportedCheck
    word: Word
    findings: Links
    flaky: str = ""


@dataclass(frozen=True)
class DoubtView:
    item: Unproven
    anchor: str
    findings: Links


@dataclass(frozen=True)
class DoubtGroup:
    """Everything unproven for one reason; ``first`` speaks for all."""

    word: Word
    first: Unproven
    holding: int
    views: tuple[DoubtView, ...]


@dataclass(frozen=True)
class CriterionView:
    criterion: ReportedCriterion
    word: Word
    kind: str
    level: str
    checks: tuple[CheckView, ...]


@dataclass(frozen=True)
class MilestoneView:
    milestone: ReportedMilestone
    word: Word
    met: int
    required: int
    criteria: tuple[CriterionView, ...]
    findings: Links
    doubts: Links
    more_doubts: int


@dataclass(frozen=True)
class Page:
    report: Report
    word: Word
    headline: str
    started: str
    took: str
    certified: int
    fix: tuple[FindingView, ...]
    fix_more: int
    advice: tuple[FindingView, ...]
    advice_more: int
    excused: tuple[FindingView, ...]
    unproven: int
    doubts: Bounded
    waivers: Bounded
    idle_waivers: Bounded
    flaky: Bounded
    milestones: tuple[MilestoneView, ...]
    checks: Bounded
    operations: Bounded
    notes: Bounded
    counts: tuple[tuple[int, str], ...]


def page(report: Report) -> Page:
    wrong, advice, excused = to_fix(report), advisories(report), excused_findings(report)
    shown = finding_views(report, (*wrong[:MOST_FINDINGS], *excused[:MOST_FINDINGS], *advice[:MOST_FINDINGS]))
    anchors = {view.finding.id: view.anchor for view in shown}
    checks = {check.id: _check(check, anchors) for check in report.checks}
    fix = len(wrong[:MOST_FINDINGS])
    rest = fix + len(excused[:MOST_FINDINGS])
    doubts = [_doubt(item, number, anchors) for number, item in enumerate(unproven(report)[:MOST_ROWS], 1)]
    return Page(
        report=report,
        word=verdict_word(report.verdict),
        headline=HEADLINES.get(report.verdict, "{}").format(one_line(report.partner.name, 80)),
        started=datetime.fromtimestamp(report.run.started, UTC).strftime("%Y-%m-%d %H:%M UTC"),
        took=_duration(report.run.seconds),
        certified=sum(item.verdict == "certified" for item in report.milestones),
        fix=shown[:fix],
        fix_more=len(wrong) - fix,
        advice=shown[rest:],
        advice_more=len(advice) - len(shown[rest:]),
        excused=shown[fix:rest],
        unproven=len(unproven(report)),
        doubts=bounded(_grouped(doubts)),
        waivers=bounded(waivers(report)),
        idle_waivers=bounded(idle_waivers(report)),
        flaky=bounded([checks[check.id] for check in flaky(report)], 50),
        milestones=tuple(_milestone(report, item, checks, anchors, doubts) for item in report.milestones),
        checks=bounded(tuple(checks.values())),
        operations=bounded(sorted(report.coverage.details, key=_least_covered)),
        notes=bounded(report.notes, 50),
        counts=tuple((number, status_word(status).label.lower()) for status, number in report.counts.items() if number),
    )


def bounded(rows: Sequence[Any], most: int = MOST_ROWS) -> Bounded:
    """As many rows as a page shows, and how many it leaves out."""
    return Bounded(rows[:most], max(0, len(rows) - most))


def _least_covered(operation: ReportedOperation) -> tuple[bool, str]:
    return operation.succeeded, operation.id


def _links(findings: tuple[str, ...], anchors: Anchors) -> Links:
    return tuple((anchors[key], key) for key in findings if key in anchors)


def _check(check: ReportedCheck, anchors: Anchors) -> CheckView:
    told = how_flaky(check) if check.flaky else ""
    return CheckView(check, status_word(check.status), _links(check.findings, anchors), told)


def _doubt(item: Unproven, number: int, anchors: Anchors) -> DoubtView:
    return DoubtView(item, f"doubt-{number}", _links(item.findings, anchors))


def _grouped(doubts: Sequence[DoubtView]) -> tuple[DoubtGroup, ...]:
    views = {view.item: view for view in doubts}
    return tuple(_group(tuple(views[item] for item in items)) for items in by_reason(tuple(views)))


def _group(views: tuple[DoubtView, ...]) -> DoubtGroup:
    first = views[0].item
    word = UNANSWERED if first.status == "unanswered" else status_word(first.status)
    return DoubtGroup(word, first, sum(view.item.required for view in views), views)


def _milestone(
    report: Report,
    item: ReportedMilestone,
    checks: dict[str, CheckView],
    anchors: Anchors,
    doubts: Sequence[DoubtView],
) -> MilestoneView:
    criteria = tuple(_criterion(criterion, checks) for criterion in item.criteria)
    met, required = required_met(item)
    own = {criterion.id for criterion in item.criteria}
    cause = tuple(finding.id for finding in report.findings if _is_behind(finding, item.id, own))
    waits = tuple((view.anchor, view.item.subject) for view in doubts if _waits(view, item))
    return MilestoneView(
        item,
        verdict_word(item.verdict),
        met,
        required,
        criteria,
        _links(cause, anchors),
        waits[:3],
        max(0, len(waits) - 3),
    )


def _waits(view: DoubtView, milestone: ReportedMilestone) -> bool:
    return view.item.required and milestone.title in view.item.milestones


def _is_behind(finding: ReportedFinding, milestone: str, criteria: set[str]) -> bool:
    """Whether a finding holds the milestone back by one of the milestone's own criteria."""
    return milestone in finding.blocks and bool(criteria & set(finding.criteria))


def _criterion(item: ReportedCriterion, checks: dict[str, CheckView]) -> CriterionView:
    mine = tuple(checks[check] for check in item.checks if check in checks)
    kind, level = KINDS.get(item.kind, item.kind), LEVELS.get(item.level, item.level)
    return CriterionView(item, ruling_word(item.ruling), kind, level, mine)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
