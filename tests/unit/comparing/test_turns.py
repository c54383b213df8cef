"""What became of each check: every turn, renames on either side, attempts that disagree."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from certify.comparing.checks import turn
from certify.comparing.comparison import Turn
from certify.comparing.diff import diff
from certify.model.outcome import Reason, Status
from certify.model.playbook import Demand, Kind
from tests.unit.comparing.runs import broken, compared, plan_of, renamed, the_check, two_runs, write_run
from tests.unit.facts import a_criterion, a_milestone, a_plan, passed, recommended, stopped


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("passed", "failed", Turn.NEWLY_FAILING),
        ("inconclusive", "failed", Turn.NEWLY_FAILING),
        ("", "failed", Turn.NEWLY_FAILING),
        ("failed", "failed", Turn.STILL_FAILING),
        ("passed", "silent", Turn.NEWLY_UNPROVEN),
        ("not_applicable", "not_run", Turn.NEWLY_UNPROVEN),
        ("", "inconclusive", Turn.NEWLY_UNPROVEN),
        ("failed", "inconclusive", Turn.NO_LONGER_FAILING),
        ("failed", "not_applicable", Turn.NO_LONGER_APPLICABLE),
        ("passed", "not_applicable", Turn.NO_LONGER_APPLICABLE),
        ("failed", "passed", Turn.NEWLY_PASSING),
        ("", "passed", Turn.NEWLY_PASSING),
        ("inconclusive", "errored", Turn.STILL_UNPROVEN),
        ("passed", "", Turn.GONE),
        ("failed", "", Turn.GONE),
        ("passed", "passed", Turn.SAME),
        ("not_applicable", "not_applicable", Turn.SAME),
    ],
)
def test_two_statuses_make_a_turn(before: str, after: str, what: Turn) -> None:
    assert turn(before, after) is what


def test_what_newly_fails_is_worse_and_what_newly_passes_is_not(tmp_path: Path) -> None:
    worse = compared(tmp_path / "1", [passed("a.one")], [broken("a.one")])
    better = compared(tmp_path / "2", [broken("a.one")], [passed("a.one")])

    assert the_check(worse, "a.one").turn is Turn.NEWLY_FAILING
    assert (worse.exit_code, better.exit_code) == (1, 0)
    assert [(item.before, item.after) for item in worse.milestones] == [("certified", "not_certified")]


def test_silence_is_newly_unproven_and_worse(tmp_path: Path) -> None:
    comparison = compared(tmp_path, [passed("a.one"), passed("a.two")], [passed("a.two")],
                          plans=(plan_of("a.one", "a.two"), plan_of("a.one", "a.two")))  # fmt: skip

    assert the_check(comparison, "a.one").turn is Turn.NEWLY_UNPROVEN
    assert comparison.exit_code == 1


def test_what_is_newly_unproven_is_worse_although_it_holds_no_milestone_back(tmp_path: Path) -> None:
    plan = a_plan(a_milestone("first", a_criterion("must", "a.one"), recommended("should", "a.two")))
    comparison = compared(tmp_path, [passed("a.one"), passed("a.two")], [passed("a.one")], plans=(plan, plan))

    assert not comparison.milestones
    assert comparison.worse


@pytest.mark.parametrize("later_first", [False, True])
def test_a_renamed_check_is_followed_whichever_run_comes_first(tmp_path: Path, later_first: bool) -> None:
    old, new = plan_of("a.old"), renamed(plan_of("a.new"), "a.new", "a.old")
    earlier, later = two_runs(tmp_path, [passed("a.old")], [broken("a.new")], plans=(old, new))

    comparison = diff(later, earlier) if later_first else diff(earlier, later)

    (change,) = comparison.checks
    assert (change.subject, change.formerly) == ("a.new", "a.old")
    assert change.turn is (Turn.NEWLY_PASSING if later_first else Turn.NEWLY_FAILING)
    assert not comparison.demands, "a binding that follows a rename is no change of the playbook"


def test_a_finding_of_a_renamed_check_is_the_same_finding(tmp_path: Path) -> None:
    old, new = plan_of("a.old"), renamed(plan_of("a.new"), "a.new", "a.middle", "a.old")

    comparison = compared(tmp_path, [broken("a.old")], [broken("a.new")], plans=(old, new))

    assert comparison.findings == ()
    assert the_check(comparison, "a.new").turn is Turn.STILL_FAILING


def test_what_failed_and_did_not_fail_again_is_told_as_flaky_then_and_now(tmp_path: Path) -> None:
    unstable = replace(stopped("a.one", Status.INCONCLUSIVE, Reason.UNSTABLE), sightings=("failed", "passed"))
    retried = [broken("a.two", attempt=1), passed("a.two", attempt=2)]

    comparison = compared(tmp_path, [unstable, passed("a.two")], [passed("a.one"), *retried])

    assert the_check(comparison, "a.one").flaky_before == "failed, and did not fail again (failed, then passed)"
    assert the_check(comparison, "a.one").flaky_after == ""
    again = the_check(comparison, "a.two")
    assert (again.turn, again.flaky_after) == (Turn.SAME, "passed only on a further attempt (failed, then passed)")


def test_an_answer_that_nobody_gives_any_more_is_newly_unproven(tmp_path: Path) -> None:
    plan = a_plan(a_milestone("first", a_criterion("works", "a.one"), a_criterion("agreed", kind=Kind.ATTESTED)))
    answer = passed("answer:agreed", source="answers")

    comparison = compared(tmp_path, [passed("a.one"), answer], [passed("a.one")], plans=(plan, plan))

    assert the_check(comparison, "answer:agreed").turn is Turn.NEWLY_UNPROVEN
    assert comparison.exit_code == 1


def test_a_run_that_was_narrowed_says_nothing_of_the_other_checks(tmp_path: Path) -> None:
    whole = plan_of("a.one", "a.two")
    narrow = a_plan(*whole.playbook.milestones, asked=["a.one"])
    narrow = replace(narrow, checks=narrow.checks[:1])

    comparison = compared(tmp_path, [broken("a.one"), passed("a.two")], [passed("a.one")], plans=(whole, narrow))

    assert [change.subject for change in comparison.checks] == ["a.one"]
    assert any("asked for a.one alone" in note for note in comparison.notes)


def test_an_unfinished_run_is_told(tmp_path: Path) -> None:
    earlier = write_run(tmp_path / "one", plan_of("a.one"), [passed("a.one")])
    later = write_run(tmp_path / "two", plan_of("a.one"), [passed("a.one")], sealed=False)

    comparison = diff(earlier, later)

    assert any("not complete" in note for note in comparison.notes)
    assert comparison.after.verdict == "unproven"


def test_what_is_only_recommended_holds_nothing_back(tmp_path: Path) -> None:
    required = a_criterion("must", "a.one")
    wished = a_criterion("may", "a.two", demand=Demand.RECOMMENDED)
    plan = a_plan(a_milestone("first", required, wished))
    before, after = [passed("a.one"), passed("a.two")], [broken("a.one"), broken("a.two")]

    comparison = compared(tmp_path, before, after, plans=(plan, plan))

    assert the_check(comparison, "a.one").milestones == ("First",)
    assert the_check(comparison, "a.two").milestones == ()
