"""The rules of judgement, line by line (see the docstring of certify/judge.py)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from certify.judge import judge
from certify.model.outcome import Outcome, Reason, Status
from certify.model.plan import Blocked, Carried, Plan
from certify.model.playbook import Demand, Kind
from certify.model.verdict import Ruling, RunVerdict, Verdict
from tests.unit.facts import (
    NOW,
    a_criterion,
    a_milestone,
    a_plan,
    a_waiver,
    advised,
    failed,
    passed,
    recommended,
    stopped,
)

ONE = a_plan(a_milestone("first", a_criterion("works", "a.one", "a.two")))
BOTH = [passed("a.one"), passed("a.two")]


def verdict(plan: Plan, outcomes: list[Outcome], complete: bool = True) -> RunVerdict:
    return judge(plan, outcomes, now=NOW, complete=complete)


def ruling(plan: Plan, outcomes: list[Outcome]) -> Ruling:
    return verdict(plan, outcomes).milestones[0].criteria[0].ruling


def test_all_passed_is_met_and_certified() -> None:
    found = verdict(ONE, BOTH)
    assert found.verdict is Verdict.CERTIFIED
    assert found.milestones[0].criteria[0].ruling is Ruling.MET
    assert found.exit_code == 0


# — silence —


def test_no_outcome_at_all_is_unproven() -> None:
    found = verdict(ONE, [])
    assert found.verdict is Verdict.UNPROVEN
    assert "nothing was reported" in found.milestones[0].criteria[0].because
    assert found.exit_code == 3


def test_a_missing_outcome_among_others_is_unproven() -> None:
    assert ruling(ONE, [passed("a.one")]) is Ruling.UNPROVEN


def test_a_source_that_never_reported_leaves_its_check_unproven() -> None:
    plan = a_plan(a_milestone("first", a_criterion("works", "a.one")), sources={"a.one": ("suites", "contract")})
    found = verdict(plan, [passed("a.one", source="suites")])
    assert found.milestones[0].criteria[0].ruling is Ruling.UNPROVEN
    assert "contract" in found.milestones[0].criteria[0].checks[0].note


def test_an_outcome_of_a_source_that_was_not_asked_proves_nothing() -> None:
    assert ruling(ONE, [passed("a.one", source="stranger"), passed("a.two")]) is Ruling.UNPROVEN


def test_outcomes_of_other_checks_prove_nothing() -> None:
    assert ruling(ONE, [passed("a.one"), passed("a.three")]) is Ruling.UNPROVEN


# — doubt —


@pytest.mark.parametrize("status", [Status.ERRORED, Status.INCONCLUSIVE, Status.NOT_RUN])
def test_doubt_is_unproven(status: Status) -> None:
    assert ruling(ONE, [passed("a.one"), stopped("a.two", status)]) is Ruling.UNPROVEN


def test_a_check_blocked_by_the_plan_is_unproven_and_says_what_would_enable_it() -> None:
    blocked = Blocked(Status.NOT_RUN, Reason.MISSING_IDENTITY, "add identities.other_tenant")
    plan = a_plan(a_milestone("first", a_criterion("works", "a.one")), blocked={"a.one": blocked})
    found = verdict(plan, []).milestones[0].criteria[0]
    assert found.ruling is Ruling.UNPROVEN
    assert found.checks[0].note == "add identities.other_tenant"


def test_absence_is_unproven_where_the_playbook_demands_the_capability() -> None:
    outcomes = [passed("a.one"), stopped("a.two", Status.NOT_APPLICABLE, Reason.CAPABILITY_NOT_OFFERED)]
    assert ruling(ONE, outcomes) is Ruling.UNPROVEN


def test_absence_is_not_applicable_where_the_playbook_allows_it() -> None:
    plan = a_plan(a_milestone("first", a_criterion("works", "a.one"), a_criterion("maybe", "a.two", absent_ok=True)))
    found = verdict(plan, [passed("a.one"), stopped("a.two", Status.NOT_APPLICABLE)])
    assert found.milestones[0].criteria[1].ruling is Ruling.NOT_APPLICABLE
    assert found.verdict is Verdict.CERTIFIED


# — failure —


def test_any_failure_is_not_met() -> None:
    found = verdict(ONE, [passed("a.one"), failed("a.two")])
    assert found.milestones[0].criteria[0].ruling is Ruling.NOT_MET
    assert found.verdict is Verdict.NOT_CERTIFIED
    assert found.exit_code == 1


def test_a_failure_stands_even_where_something_else_is_missing() -> None:
    assert ruling(ONE, [failed("a.two")]) is Ruling.NOT_MET


def test_a_failure_of_one_source_is_not_made_good_by_another() -> None:
    plan = a_plan(a_milestone("first", a_criterion("works", "a.one")), sources={"a.one": ("suites", "contract")})
    outcomes = [failed("a.one", source="contract"), passed("a.one", source="suites")]
    assert ruling(plan, outcomes) is Ruling.NOT_MET
    assert ruling(plan, outcomes[::-1]) is Ruling.NOT_MET


def test_an_advisory_does_not_fail() -> None:
    assert ruling(ONE, [passed("a.one"), advised("a.two")]) is Ruling.MET


# — attempts —


def test_a_pass_on_a_further_attempt_is_met_and_shown_as_flaky() -> None:
    outcomes = [failed("a.one", attempt=1), passed("a.one", attempt=2), passed("a.two")]
    found = verdict(ONE, outcomes).milestones[0].criteria[0]
    assert found.ruling is Ruling.MET
    assert "a.one" in found.because
    assert "further attempt" in found.because
    assert found.checks[0].flaky


def test_a_pass_on_a_further_attempt_keeps_what_the_earlier_one_found() -> None:
    plan = a_plan(a_milestone("first", a_criterion("works", "a.one")))
    outcomes = [failed("a.one", attempt=1), passed("a.one", attempt=2)]
    (result,) = verdict(plan, outcomes).milestones[0].criteria[0].checks
    assert [outcome.status for outcome in result.attempts] == [Status.FAILED, Status.PASSED]
    assert result.findings == outcomes[0].findings != ()


def test_what_failed_and_did_not_fail_again_is_flaky_and_nothing_is_met_by_it() -> None:
    unstable = stopped("a.one", Status.INCONCLUSIVE, Reason.UNSTABLE)
    found = verdict(ONE, [unstable, passed("a.two")]).milestones[0].criteria[0]
    assert found.ruling is Ruling.UNPROVEN
    assert [result.flaky for result in found.checks] == [True, False]


def test_a_failure_on_a_further_attempt_is_a_failure_and_not_flaky() -> None:
    found = verdict(ONE, [passed("a.one", attempt=1), failed("a.one", attempt=2), passed("a.two")])
    assert not found.milestones[0].criteria[0].checks[0].flaky


def test_the_last_attempt_decides_whatever_the_order_of_lines() -> None:
    outcomes = [failed("a.one", attempt=2), passed("a.one", attempt=1), passed("a.two")]
    assert ruling(ONE, outcomes) is Ruling.NOT_MET


def test_of_several_outcomes_in_one_attempt_the_worst_counts() -> None:
    assert ruling(ONE, [passed("a.one"), failed("a.one"), passed("a.two")]) is Ruling.NOT_MET
    assert ruling(ONE, [passed("a.one"), stopped("a.one", Status.ERRORED), passed("a.two")]) is Ruling.UNPROVEN


# — waivers —


def waived(**changes: object) -> RunVerdict:
    waivable = bool(changes.pop("waivable", True))
    plan = a_plan(
        a_milestone("first", a_criterion("works", "a.one", waivable=waivable)),
        waivers=[a_waiver("a.one", **changes)],  # type: ignore[arg-type]
    )
    return verdict(plan, [failed("a.one")])


def test_a_waiver_excuses_and_is_named() -> None:
    found = waived().milestones[0].criteria[0]
    assert found.ruling is Ruling.WAIVED
    assert [waiver.approver for waiver in found.waivers] == ["Ada"]
    assert waived().verdict is Verdict.CERTIFIED


def test_an_expired_waiver_does_not_excuse_and_is_reported() -> None:
    found = waived(expires=date(2026, 11, 2))
    assert found.verdict is Verdict.NOT_CERTIFIED
    assert "expired on 2026-11-02" in found.notes[0]


def test_a_waiver_counts_on_its_last_day() -> None:
    assert waived(expires=date(2026, 11, 3)).verdict is Verdict.CERTIFIED


def test_a_waiver_for_another_partner_does_not_excuse() -> None:
    found = waived(partner="globex")
    assert found.verdict is Verdict.NOT_CERTIFIED
    assert "globex" in found.notes[0]


def test_what_cannot_be_waived_is_not_waived() -> None:
    found = waived(waivable=False)
    assert found.verdict is Verdict.NOT_CERTIFIED
    assert "lets nobody waive it" in found.notes[0]


def test_each_failed_check_needs_its_own_waiver() -> None:
    plan = a_plan(a_milestone("first", a_criterion("works", "a.one", "a.two")), waivers=[a_waiver("a.one")])
    found = verdict(plan, [failed("a.one"), failed("a.two")]).milestones[0].criteria[0]
    assert found.ruling is Ruling.NOT_MET
    assert found.because == "failed: a.two"


def test_a_waiver_does_not_excuse_silence() -> None:
    plan = a_plan(a_milestone("first", a_criterion("works", "a.one")), waivers=[a_waiver("a.one")])
    assert ruling(plan, []) is Ruling.UNPROVEN


@pytest.mark.parametrize(
    "other",
    [
        [],
        [stopped("a.two", Status.INCONCLUSIVE)],
        [stopped("a.two", Status.NOT_RUN)],
        [stopped("a.two", Status.ERRORED)],
        [stopped("a.two", Status.NOT_APPLICABLE)],
    ],
    ids=["silent", "inconclusive", "not run", "errored", "absent"],
)
def test_a_waiver_excuses_its_check_and_nothing_beside_it(other: list[Outcome]) -> None:
    plan = a_plan(a_milestone("first", a_criterion("works", "a.one", "a.two")), waivers=[a_waiver("a.one")])
    found = verdict(plan, [failed("a.one"), *other])
    assert found.milestones[0].criteria[0].ruling is Ruling.UNPROVEN
    assert found.verdict is Verdict.UNPROVEN


def test_a_waiver_does_not_excuse_a_source_that_never_reported() -> None:
    plan = a_plan(
        a_milestone("first", a_criterion("works", "a.one")),
        waivers=[a_waiver("a.one")],
        sources={"a.one": ("suites", "contract")},
    )
    assert ruling(plan, [failed("a.one", source="suites")]) is Ruling.UNPROVEN


def test_a_waived_check_beside_a_passed_one_is_waived() -> None:
    plan = a_plan(a_milestone("first", a_criterion("works", "a.one", "a.two")), waivers=[a_waiver("a.one")])
    assert ruling(plan, [failed("a.one"), passed("a.two")]) is Ruling.WAIVED


def test_an_unused_waiver_is_reported() -> None:
    plan = a_plan(a_milestone("first", a_criterion("works", "a.one")), waivers=[a_waiver("a.one")])
    assert "was not needed" in verdict(plan, [passed("a.one")]).notes[0]


# — milestones —


def test_an_empty_milestone_certifies_nothing() -> None:
    found = verdict(a_plan(a_milestone("first")), [])
    assert found.verdict is Verdict.UNPROVEN


def test_a_milestone_of_which_nothing_was_met_certifies_nothing() -> None:
    plan = a_plan(a_milestone("first", a_criterion("maybe", "a.one", absent_ok=True)))
    assert verdict(plan, [stopped("a.one", Status.NOT_APPLICABLE)]).verdict is Verdict.UNPROVEN


def test_a_run_without_milestones_certifies_nothing() -> None:
    assert verdict(a_plan(), []).verdict is Verdict.UNPROVEN


def test_a_recommended_criterion_never_blocks() -> None:
    plan = a_plan(a_milestone("first", a_criterion("works", "a.one"), recommended("nice", "a.two")))
    found = verdict(plan, [passed("a.one"), failed("a.two")])
    assert found.milestones[0].criteria[1].ruling is Ruling.NOT_MET
    assert found.verdict is Verdict.CERTIFIED


@pytest.mark.parametrize(
    ("start", "expected"), [(date(2026, 11, 3), Verdict.NOT_CERTIFIED), (date(2026, 11, 4), Verdict.CERTIFIED)]
)
def test_a_pending_criterion_blocks_from_its_date_on(start: date, expected: Verdict) -> None:
    pending = a_criterion("soon", "a.two", demand=Demand.PENDING, required_from=start)
    plan = a_plan(a_milestone("first", a_criterion("works", "a.one"), pending))
    assert verdict(plan, [passed("a.one"), failed("a.two")]).verdict is expected


def two_milestones(*outcomes: Outcome) -> RunVerdict:
    plan = a_plan(
        a_milestone("first", a_criterion("works", "a.one")),
        a_milestone("second", a_criterion("also", "a.two"), after=["first"]),
    )
    return verdict(plan, list(outcomes))


def test_a_milestone_waits_for_the_ones_before_it() -> None:
    found = two_milestones(failed("a.one"), passed("a.two"))
    assert found.milestones[1].verdict is Verdict.NOT_CERTIFIED
    assert "first comes before it" in found.milestones[1].because


def test_an_unproven_milestone_leaves_the_next_unproven() -> None:
    assert two_milestones(passed("a.two")).milestones[1].verdict is Verdict.UNPROVEN


def test_the_own_failure_of_a_milestone_counts_more_than_what_is_unproven_before_it() -> None:
    found = two_milestones(failed("a.two"))
    assert [m.verdict for m in found.milestones] == [Verdict.UNPROVEN, Verdict.NOT_CERTIFIED]
    assert found.verdict is Verdict.NOT_CERTIFIED


# — the run —


def test_an_unfinished_run_never_certifies() -> None:
    found = verdict(ONE, BOTH, complete=False)
    assert found.verdict is Verdict.UNPROVEN
    assert "not finished" in found.notes[0]


def test_an_unfinished_run_still_shows_what_failed() -> None:
    assert verdict(ONE, [failed("a.one")], complete=False).verdict is Verdict.NOT_CERTIFIED


def test_a_run_of_some_checks_never_certifies() -> None:
    plan = a_plan(a_milestone("first", a_criterion("works", "a.one")), asked=["a.*"])
    assert verdict(plan, [passed("a.one")]).verdict is Verdict.UNPROVEN


# — people —


def signed(*outcomes: Outcome) -> Ruling:
    criterion = a_criterion("terms", kind=Kind.ATTESTED, role="legal")
    return ruling(a_plan(a_milestone("first", criterion)), list(outcomes))


def test_an_unanswered_criterion_is_unproven() -> None:
    assert signed() is Ruling.UNPROVEN


def test_an_answer_meets_its_criterion() -> None:
    assert signed(passed("answer:terms", source="answers")) is Ruling.MET


def test_an_answer_under_another_source_does_not_count() -> None:
    assert signed(passed("answer:terms", source="suites")) is Ruling.UNPROVEN


# — carried over —


def carrying(*checks: str, expires: float = NOW + 1) -> Plan:
    return replace(ONE, carried=Carried("cert-1", "run-1", expires, checks))


def test_a_carried_outcome_counts_for_a_check_that_the_plan_names_and_such_a_run_certifies() -> None:
    found = verdict(carrying("a.one"), [passed("a.one", carried="run-1"), passed("a.two")])
    assert found.verdict is Verdict.CERTIFIED
    assert "carried over from run run-1" in found.notes[0]


def test_a_carried_outcome_of_a_check_that_the_plan_does_not_name_proves_nothing() -> None:
    told = [passed("a.one", carried="run-1"), passed("a.two", carried="run-1")]
    assert ruling(carrying("a.one"), told) is Ruling.UNPROVEN
    assert ruling(ONE, told) is Ruling.UNPROVEN


def test_a_carried_outcome_proves_nothing_once_its_certificate_has_expired() -> None:
    told = [passed("a.one", carried="run-1"), passed("a.two")]
    assert ruling(carrying("a.one", expires=NOW), told) is Ruling.UNPROVEN


def test_a_fresh_outcome_decides_whatever_was_carried_over() -> None:
    told = [passed("a.one", carried="run-1", attempt=9), failed("a.one"), passed("a.two")]
    assert ruling(carrying("a.one"), told) is Ruling.NOT_MET
    fresh = [passed("a.one", carried="run-1"), passed("a.one"), passed("a.two")]
    assert not verdict(carrying("a.one"), fresh).milestones[0].criteria[0].checks[0].flaky


@pytest.mark.parametrize("status", [Status.FAILED, Status.INCONCLUSIVE, Status.ERRORED, Status.NOT_RUN])
def test_only_a_pass_or_lawful_absence_is_ever_carried_over(status: Status) -> None:
    told = [Outcome("a.one", status, carried="run-1"), passed("a.two")]
    assert ruling(carrying("a.one"), told) is Ruling.UNPROVEN
