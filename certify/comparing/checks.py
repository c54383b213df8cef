"""What became of each check, and of each answer that people give, from one run to another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from certify.comparing.comparison import CheckChange, MilestoneChange, Turn
from certify.formats.reading import how_flaky
from certify.formats.standing import answered
from certify.model.report import Report, ReportedCriterion

SETTLED = ("passed", "not_applicable")
Names = Callable[[str], str]


@dataclass(frozen=True)
class Subject:
    """Something that has an outcome in a run: a check, or an answer."""

    name: str
    own: str
    status: str
    statement: str
    reason: str = ""
    note: str = ""
    flaky: str = ""
    findings: tuple[str, ...] = ()


def check_changes(before: Report, after: Report, names: Names) -> Iterator[CheckChange]:
    """Every subject of either run, those of the later first; also what is the same.

    What a narrowed run was not asked for is no change, and not among them.
    """
    old, new = subjects(before, names), subjects(after, names)
    milestones = {**_milestones(before, names), **_milestones(after, names)}
    asked = new if after.run.checks else {**new, **old}
    for name in asked:
        yield _change(name, old.get(name), new.get(name), milestones.get(name, ()))


def subjects(report: Report, names: Names) -> dict[str, Subject]:
    """What has an outcome in a run, by the name that it has today."""
    found = {}
    for check in report.checks:
        flaky = how_flaky(check) if check.flaky else ""
        told = Subject(names(check.id), check.id, check.status, check.statement, check.reason, check.note, flaky,
                       check.findings)  # fmt: skip
        found[told.name] = told
    for criterion in _answered(report):
        name = f"answer:{criterion.id}"
        status = answered(criterion.ruling)
        found[name] = Subject(name, name, status, criterion.statement, note=criterion.because)
    return found


def _answered(report: Report) -> Iterator[ReportedCriterion]:
    """Criteria that no check decides. A run that was narrowed to some checks asked nobody."""
    if report.run.checks:
        return
    for milestone in report.milestones:
        yield from (criterion for criterion in milestone.criteria if criterion.kind != "automated")


def _milestones(report: Report, names: Names) -> Mapping[str, tuple[str, ...]]:
    """What a failure of each check holds back: nothing, where it is only recommended, or not required yet."""
    bound: dict[str, list[str]] = {}
    for milestone in report.milestones:
        for criterion in milestone.criteria:
            for check in criterion.checks or (f"answer:{criterion.id}",):
                bound.setdefault(names(check), []).extend([milestone.title] if criterion.blocking else [])
    return {name: tuple(dict.fromkeys(titles)) for name, titles in bound.items()}


def _change(name: str, old: Subject | None, new: Subject | None, milestones: tuple[str, ...]) -> CheckChange:
    one = new or old
    assert one is not None
    own = {subject.own for subject in (old, new) if subject is not None} - {name}
    return CheckChange(
        subject=name,
        turn=turn(old.status if old else "", new.status if new else ""),
        before=old.status if old else "",
        after=new.status if new else "",
        statement=one.statement,
        formerly=next(iter(sorted(own)), ""),
        reason_before=old.reason if old else "",
        reason_after=new.reason if new else "",
        note=one.note,
        flaky_before=old.flaky if old else "",
        flaky_after=new.flaky if new else "",
        milestones=milestones,
        findings=one.findings or (old.findings if old else ()),
    )


def turn(before: str, after: str) -> Turn:
    """What happened, from two statuses; empty where a run did not have it.

    >>> turn("passed", "inconclusive")
    <Turn.NEWLY_UNPROVEN: 'newly_unproven'>
    """
    match before, after:
        case _, "":
            return Turn.GONE
        case "failed", "failed":
            return Turn.STILL_FAILING
        case _, "failed":
            return Turn.NEWLY_FAILING
        case _, _ if before == after and after in SETTLED:
            return Turn.SAME
        case _, "passed":
            return Turn.NEWLY_PASSING
        case _, "not_applicable":
            return Turn.NO_LONGER_APPLICABLE if before else Turn.SAME
        case "failed", _:
            return Turn.NO_LONGER_FAILING
        case _ if before in (*SETTLED, ""):
            return Turn.NEWLY_UNPROVEN
        case _:
            return Turn.STILL_UNPROVEN


def milestone_changes(before: Report, after: Report) -> Iterator[MilestoneChange]:
    """Milestones whose verdict changed; those that were not asked for in one of the runs are no change."""
    old = {item.id: item for item in before.milestones}
    new = {item.id: item for item in after.milestones}
    narrowed = before.run.milestones != after.run.milestones
    for name in {**new, **old}:
        one, other = old.get(name), new.get(name)
        was, now = one.verdict if one else "", other.verdict if other else ""
        if was != now and ((one and other) or not narrowed):
            title = next(item.title for item in (other, one) if item is not None)
            yield MilestoneChange(name, title, was, now, other.because if other else "")
