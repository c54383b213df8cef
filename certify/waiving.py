"""Which waivers excuse, and why the others do not. Pure: no file, no network, no clock.

A waiver is **in force** when all of these hold; the first that does not gives its state:

1. It names the partner (else ``other-partner``).
2. It has not expired: ``expires`` is its last day (else ``expired``).
3. Its check can be waived (else ``not-waivable``): ``never_waivable`` does not name it, it is in no area and of no
   level of ``certification.waivers.never``, and a criterion that binds it is waivable.
4. No milestone that binds its check has more waivers of this partner than its budget (else ``over-budget``). Those
   counted are the ones that 1 to 3 let through, each check once, **whether they are needed or not**; and where a
   budget is exceeded *none* of the milestone's counts. Choosing some would make the order of a file, or the luck of a
   run, decide what is excused; this way somebody has to choose, in the file, where it can be reviewed.

So whether a waiver is in force is a matter of playbook, file and day alone: ``certify lint`` tells it without a run,
and a run that fails at more or fewer places does not change it. Of those in force, the ones whose check failed are
``used``; the others ``unneeded``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from certify.model.plan import Plan
from certify.model.playbook import Milestone, Playbook, Waiver
from certify.model.verdict import RuledWaiver, WaiverState

Levels = Mapping[str, str]
"""The level of each check, by its id: what a class of levels that cannot be waived is looked up in."""


def in_force(ruled: Iterable[RuledWaiver]) -> frozenset[str]:
    """The checks whose failure is excused, if they fail."""
    return frozenset(item.waiver.check for item in ruled if item.state in (WaiverState.USED, WaiverState.UNNEEDED))


def standings(
    waivers: Sequence[Waiver], playbook: Playbook, levels: Levels, partner: str, today: date
) -> tuple[RuledWaiver, ...]:
    """What each waiver is before anything is known of outcomes: in force (``unneeded`` so far), or why it is not."""
    alone = [_alone(waiver, playbook, levels, partner, today) for waiver in waivers]
    exceeded = _exceeded(playbook, in_force(alone))
    return tuple(_within(item, exceeded) for item in alone)


def standings_of(plan: Plan, today: date) -> tuple[RuledWaiver, ...]:
    """What the waivers of a plan are on a day, before anything ran."""
    levels = {item.check.id: item.check.level for item in plan.checks}
    return standings(plan.waivers, plan.playbook, levels, plan.partner.id, today)


def settled(standing: Sequence[RuledWaiver], plan: Plan, failed: Collection[str]) -> tuple[RuledWaiver, ...]:
    """The same with outcomes known: of the waivers in force, those whose check ``failed`` are used."""
    return tuple(_settled(item, plan, failed) for item in standing)


def waiver_notes(settled: Iterable[RuledWaiver]) -> tuple[str, ...]:
    """What a reviewer should know of each waiver that excused nothing."""
    return tuple(
        f"The waiver for {item.waiver.check} ({item.waiver.reason}, {item.waiver.approver}) "
        f"{'was not needed' if item.state is WaiverState.UNNEEDED else 'was ignored'}: {item.because}."
        for item in settled
        if item.state is not WaiverState.USED
    )


def _settled(ruled: RuledWaiver, plan: Plan, failed: Collection[str]) -> RuledWaiver:
    waiver, criteria = ruled.waiver, _excused_in(ruled.waiver.check, plan.playbook)
    if ruled.state is not WaiverState.UNNEEDED or waiver.check not in failed or not criteria:
        return ruled
    because = f"it excuses the failure of {waiver.check} until {waiver.expires}"
    return RuledWaiver(waiver, WaiverState.USED, because, criteria)


def _excused_in(check: str, playbook: Playbook) -> tuple[str, ...]:
    """The criteria in which a waiver can excuse a check."""
    criteria = (criterion for milestone in playbook.milestones for criterion in milestone.criteria)
    return tuple(item.id for item in criteria if item.waivable and check in item.checks)


def _alone(waiver: Waiver, playbook: Playbook, levels: Levels, partner: str, today: date) -> RuledWaiver:
    if waiver.partner != partner:
        return RuledWaiver(waiver, WaiverState.OTHER_PARTNER, f"it is for partner {waiver.partner}")
    if waiver.expires < today:
        return RuledWaiver(waiver, WaiverState.EXPIRED, f"it expired on {waiver.expires}")
    if refusal := unwaivable(waiver.check, playbook, levels):
        return RuledWaiver(waiver, WaiverState.NOT_WAIVABLE, refusal)
    return RuledWaiver(waiver, WaiverState.UNNEEDED, "its check did not fail")


def _within(ruled: RuledWaiver, exceeded: Mapping[str, str]) -> RuledWaiver:
    if ruled.state is not WaiverState.UNNEEDED or ruled.waiver.check not in exceeded:
        return ruled
    return RuledWaiver(ruled.waiver, WaiverState.OVER_BUDGET, exceeded[ruled.waiver.check])


def unwaivable(check: str, playbook: Playbook, levels: Levels) -> str:
    """Why no waiver can excuse a check, in words; empty where one can."""
    never, area = playbook.certification.waivers.never, check.split(".", 1)[0]
    if check in playbook.never_waivable:
        return "the playbook lets nobody waive it: never_waivable names it"
    if area in never.areas:
        return f"the playbook lets nobody waive a check of the area {area}"
    if levels.get(check) in never.levels:
        return f"the playbook lets nobody waive a check of the level {levels[check]}"
    binding = [item for milestone in playbook.milestones for item in milestone.criteria if check in item.checks]
    if binding and not any(item.waivable for item in binding):
        return f"the playbook lets nobody waive it: {binding[0].id} is not waivable"
    return ""


def budget_of(milestone: str, playbook: Playbook) -> int | None:
    """How many checks may be waived in a milestone; None: no bound."""
    rules = playbook.certification.waivers
    return rules.budgets.get(milestone, rules.budget)


def waived_in(milestone: Milestone, checks: Collection[str]) -> tuple[str, ...]:
    """Which of the checks the milestone binds, each once, in its order."""
    bound = (check for criterion in milestone.criteria for check in criterion.checks)
    return tuple(dict.fromkeys(check for check in bound if check in checks))


def _exceeded(playbook: Playbook, checks: frozenset[str]) -> dict[str, str]:
    """Each check that a milestone with an exceeded budget binds, with the reason in words."""
    reasons: dict[str, str] = {}
    for milestone in playbook.milestones:
        counted, budget = waived_in(milestone, checks), budget_of(milestone.id, playbook)
        if budget is not None and len(counted) > budget:
            because = f"{len(counted)} waivers are brought for {milestone.id} and its budget is {budget}: none counts"
            reasons.update((check, because) for check in counted if check not in reasons)
    return reasons
