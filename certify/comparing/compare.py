"""Two recorded runs become a :class:`Comparison`. Pure: nothing is read, and nothing decided but what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from certify.comparing.checks import Names, check_changes, milestone_changes
from certify.comparing.comparison import Comparison, Side, Turn
from certify.comparing.demands import demand_changes
from certify.comparing.findings import finding_changes
from certify.comparing.recorded import Recorded
from certify.comparing.standing import fact_changes, operation_changes, suite_changes, waiver_changes
from certify.errors import UsageError
from certify.formats.words import counted
from certify.model.renames import current


def compare(before: Recorded, after: Recorded, *, chosen: str = "") -> Comparison:
    """What changed from one run to the other. ``chosen`` says why the earlier was taken, where nobody named it."""
    names = names_of(before, after)
    one, other = before.report, after.report
    turns = list(check_changes(one, other, names))
    narrowed = before.plan.selection.milestones != after.plan.selection.milestones
    return Comparison(
        before=side(before, chosen),
        after=side(after),
        counts=dict(Counter(change.turn.value for change in turns)),
        checks=tuple(item for item in turns if _worth_telling(item.turn, item.flaky_before or item.flaky_after)),
        findings=tuple(finding_changes(one, other, names)),
        milestones=tuple(milestone_changes(one, other)),
        demands=tuple(demand_changes(before.plan.playbook, after.plan.playbook, names, narrowed=narrowed)),
        facts=tuple(fact_changes(before.plan, after.plan)),
        suites=tuple(suite_changes(before.plan, after.plan, names)),
        operations=tuple(operation_changes(one, other)),
        waivers=tuple(waiver_changes(one, other, names)),
        notes=(*before.notes, *after.notes, *_notes(before, after)),
    )


def names_of(before: Recorded, after: Recorded) -> Names:
    """What an id of either run is called today."""
    return current(item.check for item in (*before.plan.checks, *after.plan.checks))


def refuse_strangers(before: Recorded, after: Recorded) -> None:
    """Raise :class:`UsageError` where the runs are of different partners: most often a slip of the hand."""
    one, other = before.plan.partner, after.plan.partner
    if one.id != other.id:
        raise UsageError(
            f"the runs are of different partners: {one.id} and {other.id}",
            ["name two runs of one partner", "compare them all the same with --any-partner"],
        )


def side(recorded: Recorded, chosen: str = "") -> Side:
    report = recorded.report
    return Side(
        directory=str(recorded.path),
        run=report.run.id,
        started=report.run.started,
        verdict=report.verdict,
        complete=report.run.complete,
        partner=report.partner.id,
        partner_name=report.partner.name,
        base_url=report.partner.base_url,
        seed=report.run.seed,
        requests=report.run.requests,
        chosen=chosen,
    )


def _worth_telling(turn: Turn, flaky: str) -> bool:
    return turn is not Turn.SAME or bool(flaky)


def _notes(before: Recorded, after: Recorded) -> Iterator[str]:
    for one in (before, after):
        if not one.report.run.complete:
            yield f"Run {one.report.run.id} is not complete: what it lacks is no change of the partner."
        if one.plan.carried is not None:
            count, other = len(one.plan.carried.checks), one.plan.carried.run
            yield f"{counted(count, 'outcome')} of run {one.report.run.id} were carried over from run {other}."
        if one.report.run.checks:
            asked = ", ".join(one.report.run.checks)
            yield f"Run {one.report.run.id} was asked for {asked} alone; other checks are not in it."
    if before.plan.selection.milestones != after.plan.selection.milestones:
        yield "The runs were asked for different milestones; those of one run alone are not compared."
    if before.report.run.id == after.report.run.id:
        yield "Both are the same run."
    if before.report.run.started > after.report.run.started:
        yield "The first run is the later one: newly and no longer are the wrong way round in time."
