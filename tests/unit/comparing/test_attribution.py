"""Whose change it is: the harness first, then what is unstable, then the partner, and only by what is recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from certify.comparing.attribution import Told, Whose, attribute
from certify.comparing.comparison import Comparison, FactChange, Side, SuiteChange
from certify.model.exchange import Exchange
from certify.model.outcome import Reason, Status
from tests.unit.comparing.runs import broken, compared, exchange, plan_of
from tests.unit.facts import a_waiver, passed, stopped


def _fallen(tmp_path: Path, *then: int) -> Comparison:
    """A check that newly fails: its request was answered 401 (or as ``then`` says), and 200 now."""
    before = [exchange(f"s-{number}", "a.one", status) for number, status in enumerate(then or (401,))]
    return compared(tmp_path, [passed("a.one")], [broken("a.one")], traffic=(before, [exchange("s-1", "a.one", 200)]))


def _whose(comparison: Comparison) -> tuple[Told, list[Whose]]:
    found = attribute(comparison)
    return found.outcome, [item.whose for item in found.differences]


def test_the_same_request_answered_differently_is_the_partners(tmp_path: Path) -> None:
    assert _whose(_fallen(tmp_path)) == (Told.PARTNER, [Whose.PARTNER])


def test_nothing_that_shows_it_accuses_nobody(tmp_path: Path) -> None:
    assert _whose(compared(tmp_path, [passed("a.one")], [broken("a.one")])) == (Told.UNTOLD, [Whose.UNCERTAIN])


def test_both_answers_in_one_run_are_unstable(tmp_path: Path) -> None:
    assert _whose(_fallen(tmp_path, 401, 200)) == (Told.UNTOLD, [Whose.UNSTABLE])


@pytest.mark.parametrize("part", ["contract", "profile", "certify", "tools", "suites", "run"])
def test_what_the_harness_can_explain_is_not_the_partners(tmp_path: Path, part: str) -> None:
    comparison = replace(_fallen(tmp_path), facts=(FactChange(part, "digest", "1", "2"),))

    assert _whose(comparison) == (Told.UNTOLD, [Whose.HARNESS])


def test_a_suite_explains_its_own_checks_and_no_others(tmp_path: Path) -> None:
    comparison = replace(_fallen(tmp_path), facts=(FactChange("suites", "digest", "1", "2"),))
    own = SuiteChange("a/test_one.py", "1", "2", ("a.one",))

    assert _whose(replace(comparison, suites=(own,))) == (Told.UNTOLD, [Whose.HARNESS])
    assert _whose(replace(comparison, suites=(replace(own, checks=("a.two",)),))) == (Told.PARTNER, [Whose.PARTNER])


def test_a_playbook_explains_no_answer_of_a_sandbox(tmp_path: Path) -> None:
    comparison = replace(_fallen(tmp_path), facts=(FactChange("playbook", "digest", "1", "2"),))

    assert _whose(comparison) == (Told.PARTNER, [Whose.PARTNER])


@pytest.mark.parametrize("reason", [Reason.BUDGET, Reason.CRASHED, Reason.INTERRUPTED])
def test_what_the_harness_could_not_do_is_uncertain(tmp_path: Path, reason: Reason) -> None:
    later = [stopped("a.one", Status.NOT_RUN, reason)]
    traffic = ([exchange("s-1", "a.one", 401)], [exchange("s-1", "a.one", 200)])

    assert _whose(compared(tmp_path, [passed("a.one")], later, traffic=traffic)) == (Told.UNTOLD, [Whose.UNCERTAIN])


@pytest.mark.parametrize("which", ["before", "after"])
def test_nothing_is_the_same_as_a_run_that_is_not_complete(tmp_path: Path, which: str) -> None:
    comparison = compared(tmp_path, [passed("a.one")], [passed("a.one")])
    side: Side = getattr(comparison, which)

    assert attribute(comparison).outcome is Told.SAME
    assert attribute(replace(comparison, **{which: replace(side, complete=False)})).outcome is Told.UNTOLD


def test_another_harness_with_the_same_outcomes_is_not_the_same_run_again(tmp_path: Path) -> None:
    comparison = compared(tmp_path, [passed("a.one")], [passed("a.one")])

    found = attribute(replace(comparison, facts=(FactChange("tools", "pytest", "9.1", "9.2"),)))

    assert (found.outcome, found.harness) == (Told.UNTOLD, ("tools pytest: 9.1 → 9.2",))


def test_a_finding_that_changed_at_a_check_that_fails_on_is_attributed_as_well(tmp_path: Path) -> None:
    traffic = ([exchange("s-1", "a.one", 403)], [exchange("s-1", "a.one", 200)])

    comparison = compared(tmp_path, [broken("a.one", "403 Forbidden")], [broken("a.one", "200 OK")], traffic=traffic)

    assert _whose(comparison) == (Told.PARTNER, [Whose.PARTNER])


def _with_body(name: str, body: str) -> Exchange:
    return exchange(name, "a.one", 200, answer=body)


def test_other_values_alone_accuse_nobody(tmp_path: Path) -> None:
    traffic = ([_with_body("s-1", '{"name": "red"}')], [_with_body("s-1", '{"name": "blue"}')])

    comparison = compared(tmp_path, [passed("a.one")], [broken("a.one")], traffic=traffic)

    assert _whose(comparison) == (Told.UNTOLD, [Whose.UNCERTAIN])


def test_another_value_at_the_place_that_a_finding_points_at_is_the_partners(tmp_path: Path) -> None:
    traffic = ([_with_body("s-1", '{"n": 1, "state": "new"}')], [_with_body("s-1", '{"n": 2, "state": "NEW"}')])
    fallen = broken("a.one")
    later = replace(fallen, findings=(replace(fallen.findings[0], pointer="/state"),))

    comparison = compared(tmp_path, [passed("a.one")], [later], traffic=traffic)

    assert _whose(comparison) == (Told.PARTNER, [Whose.PARTNER])
    (difference,) = attribute(comparison).differences
    assert difference.witness is not None
    assert [(d.place, d.before, d.after) for d in difference.witness.differences] == [("body /state", '"new"', '"NEW"')]


def test_a_milestone_that_fell_although_no_outcome_did_is_not_the_partners(tmp_path: Path) -> None:
    """A waiver that expired in between, or a criterion whose day has come."""
    plan = plan_of("a.one", waivers=(a_waiver("a.one", expires=date(2026, 11, 3)),))
    traffic = [exchange("s-1", "a.one", 200)]

    comparison = compared(
        tmp_path, [broken("a.one")], [broken("a.one")], traffic=(traffic, traffic), plans=(plan, plan)
    )

    assert [(item.before, item.after) for item in comparison.milestones] == [("certified", "not_certified")]
    assert _whose(comparison) == (Told.UNTOLD, [Whose.HARNESS])
    assert comparison.waivers[0].after.startswith("expired")
