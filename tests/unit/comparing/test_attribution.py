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
from tests.unit.comparing.runs import advised, broken, compared, exchange, plan_of
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


def test_a_suite_file_explains_its_own_checks_and_all_that_may_import_it(tmp_path: Path) -> None:
    comparison = replace(_fallen(tmp_path), facts=(FactChange("suites", "digest", "1", "2"),))
    own = SuiteChange("a/test_one.py", "1", "2", ("a.one",))

    assert _whose(replace(comparison, suites=(own,))) == (Told.UNTOLD, [Whose.HARNESS])
    assert _whose(replace(comparison, suites=(replace(own, checks=("a.two",)),))) == (Told.UNTOLD, [Whose.HARNESS])


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


def _control(tmp_path: Path, reason: Reason, then: Exchange, now: Exchange) -> Comparison:
    later = [stopped("a.one", Status.INCONCLUSIVE, reason)]
    return compared(tmp_path, [passed("a.one")], later, traffic=([then], [now]))


def _answered(status: int) -> Exchange:
    return exchange("s-1", "a.one", status)


@pytest.mark.parametrize("which", ["then", "now"])
def test_where_no_answer_came_the_way_may_be_ours(tmp_path: Path, which: str) -> None:
    silence = replace(_answered(200), response=None, error="connection refused")
    then, now = (silence, _answered(200)) if which == "then" else (_answered(200), silence)

    assert _whose(_control(tmp_path, Reason.CONTROL_FAILED, then, now)) == (Told.UNTOLD, [Whose.UNCERTAIN])


@pytest.mark.parametrize(("reason", "status"), [(Reason.THROTTLED, 429), (Reason.THROTTLED, 503),
                                                (Reason.CONTROL_FAILED, 401)])  # fmt: skip
def test_a_limit_that_others_used_up_and_credentials_that_ended_accuse_nobody(
    tmp_path: Path, reason: Reason, status: int
) -> None:
    found = _whose(_control(tmp_path, reason, _answered(200), _answered(status)))

    assert found == (Told.UNTOLD, [Whose.UNCERTAIN])


def test_a_control_that_is_answered_otherwise_is_the_partners(tmp_path: Path) -> None:
    found = _whose(_control(tmp_path, Reason.CONTROL_FAILED, _answered(200), _answered(500)))

    assert found == (Told.PARTNER, [Whose.PARTNER])


def test_attempts_that_disagreed_in_one_of_the_runs_are_not_the_same_again(tmp_path: Path) -> None:
    retried = [broken("a.one", attempt=1), passed("a.one", attempt=2)]

    assert _whose(compared(tmp_path / "1", [passed("a.one")], retried)) == (Told.UNTOLD, [Whose.UNSTABLE])
    assert _whose(compared(tmp_path / "2", retried, [passed("a.one")])) == (Told.UNTOLD, [Whose.UNSTABLE])
    assert _whose(compared(tmp_path / "3", retried, retried)) == (Told.SAME, [])


def test_what_an_unsteady_check_found_besides_is_unstable(tmp_path: Path) -> None:
    first, other = ([broken("a.one", cause=cause, attempt=1), passed("a.one", attempt=2)] for cause in ("401", "403"))
    traffic = ([exchange("s-1", "a.one", 403)], [exchange("s-1", "a.one", 200)])

    outcome, whose = _whose(compared(tmp_path, first, [replace(other[0], findings=()), other[1]], traffic=traffic))

    assert (outcome, whose) == (Told.UNTOLD, [Whose.UNSTABLE])


def test_another_reason_for_not_knowing_is_a_difference(tmp_path: Path) -> None:
    then, now = (stopped("a.one", Status.INCONCLUSIVE, reason) for reason in (Reason.CONTROL_FAILED, Reason.THROTTLED))

    comparison = compared(tmp_path, [then, passed("a.two")], [now, passed("a.two")])

    assert _whose(comparison) == (Told.UNTOLD, [Whose.UNCERTAIN])
    assert [item.told for item in attribute(comparison).differences] == [
        "inconclusive (control-failed) → inconclusive (throttled)"
    ]


def test_other_advice_is_a_difference(tmp_path: Path) -> None:
    comparison = compared(tmp_path, [advised("a.one", "no hint")], [passed("a.one")])

    assert _whose(comparison) == (Told.UNTOLD, [Whose.UNCERTAIN])


@pytest.mark.parametrize("reason", [Reason.CRASHED, Reason.CANNOT_TELL])
def test_silence_is_not_the_same_as_silence(tmp_path: Path, reason: Reason) -> None:
    stuck = [stopped("a.one", Status.ERRORED if reason is Reason.CRASHED else Status.INCONCLUSIVE, reason)]

    assert _whose(compared(tmp_path / "1", stuck, stuck)) == (Told.UNTOLD, [])
    both = [*stuck, passed("a.two")]
    assert _whose(compared(tmp_path / "2", both, both)) == (Told.SAME, [])


def test_nothing_recorded_twice_reproduces_nothing(tmp_path: Path) -> None:
    plans = (plan_of("a.one"), plan_of("a.one"))

    assert attribute(compared(tmp_path, [], [], plans=plans)).outcome is Told.UNTOLD


def test_a_check_that_only_one_run_had_is_told_with_the_harness(tmp_path: Path) -> None:
    plans = (plan_of("a.one", "a.two"), plan_of("a.one"))

    found = attribute(compared(tmp_path, [passed("a.one"), passed("a.two")], [passed("a.one")], plans=plans))

    assert "checks a.two: passed → not in the run" in found.harness
