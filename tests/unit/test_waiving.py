"""Which waivers are in force, line by line (see the docstring of certify/waiving.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from certify.judge import judge
from certify.model.outcome import Outcome, Status
from certify.model.plan import Plan
from certify.model.playbook import Certification, Milestone, NeverWaivable, Waiver, WaiverRules
from certify.model.verdict import RunVerdict, Verdict, WaiverState
from tests.unit.facts import NOW, a_criterion, a_milestone, a_plan, a_waiver, failed, passed, stopped

FIRST = a_milestone("first", a_criterion("works", "a.one", "a.two"), a_criterion("more", "b.three"))


def plan_of(
    *milestones: Milestone,
    waivers: Sequence[Waiver] = (),
    never_waivable: tuple[str, ...] = (),
    **rules: object,
) -> Plan:
    plan = a_plan(*milestones, waivers=waivers)
    certification = Certification(waivers=WaiverRules(**rules))  # type: ignore[arg-type]
    playbook = replace(plan.playbook, certification=certification, never_waivable=never_waivable)
    return replace(plan, playbook=playbook)


def judged(plan: Plan, failing: Sequence[str]) -> RunVerdict:
    outcomes = [failed(item.check.id) if item.check.id in failing else passed(item.check.id) for item in plan.checks]
    return judge(plan, outcomes, now=NOW)


def states(found: RunVerdict) -> Mapping[str, str]:
    return {item.waiver.check: item.state for item in found.waivers}


ALL = [a_waiver("a.one"), a_waiver("a.two"), a_waiver("b.three")]


def test_a_used_waiver_is_reported_with_the_criteria_that_it_excuses_its_check_in() -> None:
    found = judged(plan_of(FIRST, waivers=ALL[:1]), ["a.one"])
    assert found.verdict is Verdict.CERTIFIED
    [waiver] = found.waivers
    assert (waiver.state, waiver.criteria) == (WaiverState.USED, ("works",))
    assert not found.notes


def test_a_criterion_that_nobody_may_waive_is_not_among_those_that_a_waiver_excuses() -> None:
    strict = replace(a_criterion("strict", "a.one"), waivable=False)
    found = judged(plan_of(a_milestone("first", a_criterion("lenient", "a.one"), strict), waivers=ALL[:1]), ["a.one"])
    assert found.verdict is Verdict.NOT_CERTIFIED
    [waiver] = found.waivers
    assert (waiver.state, waiver.criteria) == (WaiverState.USED, ("lenient",))


def test_every_waiver_that_was_brought_is_reported_whatever_became_of_it() -> None:
    waivers = [
        a_waiver("a.one"),
        a_waiver("a.two", expires=date(2026, 11, 2)),
        a_waiver("b.three", partner="globex"),
    ]
    found = judged(plan_of(FIRST, waivers=waivers), [])
    assert states(found) == {"a.one": "unneeded", "a.two": "expired", "b.three": "other-partner"}
    assert len(found.notes) == 3


# — 3: what nobody can waive —


def test_a_check_that_the_playbook_names_cannot_be_waived() -> None:
    found = judged(plan_of(FIRST, waivers=ALL[:1], never_waivable=("a.one",)), ["a.one"])
    assert states(found) == {"a.one": "not-waivable"}
    assert found.verdict is Verdict.NOT_CERTIFIED
    assert "never_waivable names it" in found.notes[0]


def test_a_check_of_an_area_that_cannot_be_waived_is_covered_without_being_named() -> None:
    rules = {"never": NeverWaivable(areas=("b",))}
    found = judged(plan_of(FIRST, waivers=ALL, **rules), ["a.one", "b.three"])
    assert states(found) == {"a.one": "used", "a.two": "unneeded", "b.three": "not-waivable"}
    assert found.verdict is Verdict.NOT_CERTIFIED


def test_an_area_is_not_a_prefix_of_a_name() -> None:
    milestone = a_milestone("first", a_criterion("works", "authz-like.one"))
    plan = plan_of(milestone, waivers=[a_waiver("authz-like.one")], never=NeverWaivable(areas=("authz",)))
    assert judged(plan, ["authz-like.one"]).verdict is Verdict.CERTIFIED


def test_a_check_of_a_level_that_cannot_be_waived_is_covered_too() -> None:
    found = judged(plan_of(FIRST, waivers=ALL, never=NeverWaivable(levels=("MUST",))), ["a.one"])
    assert set(states(found).values()) == {"not-waivable"}
    assert found.verdict is Verdict.NOT_CERTIFIED


def test_what_cannot_be_waived_takes_up_no_budget() -> None:
    found = judged(plan_of(FIRST, waivers=ALL, budget=2, never=NeverWaivable(areas=("b",))), ["a.one", "a.two"])
    assert states(found) == {"a.one": "used", "a.two": "used", "b.three": "not-waivable"}


# — 4: the budget —


def test_a_budget_that_is_kept_lets_each_waiver_count() -> None:
    assert judged(plan_of(FIRST, waivers=ALL, budget=3), ["a.one", "a.two", "b.three"]).verdict is Verdict.CERTIFIED


def test_over_budget_none_of_the_milestone_counts_whatever_their_order() -> None:
    for waivers in (ALL, ALL[::-1]):
        found = judged(plan_of(FIRST, waivers=waivers, budget=2), ["a.one"])
        assert set(states(found).values()) == {"over-budget"}
        assert found.verdict is Verdict.NOT_CERTIFIED
        assert "3 waivers are brought for first and its budget is 2: none counts" in found.notes[0]


def test_those_that_are_not_needed_take_up_budget_so_the_luck_of_a_run_decides_nothing() -> None:
    plan = plan_of(FIRST, waivers=ALL, budget=2)
    assert {judged(plan, [name]).verdict for name in ("a.one", "a.two", "b.three")} == {Verdict.NOT_CERTIFIED}


def test_a_milestone_with_a_budget_of_its_own_has_that_one() -> None:
    second = a_milestone("second", a_criterion("last", "c.four"), after=["first"])
    waivers = [a_waiver("a.one"), a_waiver("c.four")]
    plan = plan_of(FIRST, second, waivers=waivers, budget=2, budgets={"second": 0})
    found = judged(plan, ["a.one", "c.four"])
    assert states(found) == {"a.one": "used", "c.four": "over-budget"}
    assert [item.verdict for item in found.milestones] == [Verdict.CERTIFIED, Verdict.NOT_CERTIFIED]


def test_a_check_of_two_milestones_that_is_over_budget_in_one_is_excused_in_neither() -> None:
    second = a_milestone("second", a_criterion("again", "a.one"))
    found = judged(plan_of(FIRST, second, waivers=ALL[:1], budgets={"second": 0}), ["a.one"])
    assert {item.verdict for item in found.milestones} == {Verdict.NOT_CERTIFIED}


@pytest.mark.parametrize("changes", [{"expires": date(2026, 11, 2)}, {"partner": "globex"}])
def test_expired_ones_and_those_of_other_partners_take_up_no_budget(changes: dict[str, object]) -> None:
    waivers = [a_waiver("a.one"), a_waiver("a.two", **changes)]  # type: ignore[arg-type]
    assert judged(plan_of(FIRST, waivers=waivers, budget=1), ["a.one"]).verdict is Verdict.CERTIFIED


def test_a_check_that_is_waived_twice_is_counted_once() -> None:
    assert judged(plan_of(FIRST, waivers=[*ALL[:1], *ALL[:1]], budget=1), ["a.one"]).verdict is Verdict.CERTIFIED


def test_without_a_budget_there_is_no_bound() -> None:
    assert judged(plan_of(FIRST, waivers=ALL), ["a.one", "a.two", "b.three"]).verdict is Verdict.CERTIFIED


# — what no waiver can do —

ENDS = ("passed", "failed", "silent", Status.ERRORED, Status.INCONCLUSIVE, Status.NOT_RUN, Status.NOT_APPLICABLE)


def outcomes(ends: Mapping[str, str]) -> list[Outcome]:
    said: list[Outcome] = []
    for check, end in ends.items():
        match end:
            case "passed":
                said.append(passed(check))
            case "failed":
                said.append(failed(check))
            case Status():
                said.append(stopped(check, end))
    return said


@pytest.mark.parametrize("ends", list(product(ENDS, repeat=3)), ids="-".join)
def test_waivers_for_everything_never_make_up_for_silence_or_doubt(ends: tuple[str, ...]) -> None:
    """Whatever else happened: with every check waived a run certifies only if each of them passed or really failed."""
    plan = plan_of(FIRST, waivers=ALL)
    told = dict(zip(("a.one", "a.two", "b.three"), ends, strict=True))
    bare = judge(replace(plan, waivers=()), outcomes(told), now=NOW)
    excused = judge(plan, outcomes(told), now=NOW)
    assert (excused.verdict is Verdict.CERTIFIED) == all(end in ("passed", "failed") for end in ends)
    if bare.verdict is Verdict.UNPROVEN:
        assert excused.verdict is Verdict.UNPROVEN


@pytest.mark.parametrize("ends", list(product(ENDS, repeat=2)), ids="-".join)
def test_a_waiver_that_is_not_in_force_changes_nothing(ends: tuple[str, ...]) -> None:
    told = dict(zip(("a.one", "a.two"), ends, strict=True))
    plan = plan_of(a_milestone("first", a_criterion("works", "a.one", "a.two")), waivers=ALL[:2], budget=1)
    bare = judge(replace(plan, waivers=()), outcomes(told), now=NOW)
    assert judge(plan, outcomes(told), now=NOW).milestones == bare.milestones
