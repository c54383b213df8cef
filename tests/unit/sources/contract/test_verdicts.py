"""Failed only by what was confirmed; passed only by what was examined."""

from __future__ import annotations

from typing import Any

import pytest

from certify.model.outcome import Finding, Outcome, Reason, Status, Weight
from certify.sources.contract.candidates import OUR_OWN, JobReport, Tally
from certify.sources.contract.evidence import Evidence, gather, unexercised
from certify.sources.contract.facts import OperationFacts
from certify.sources.contract.mapping import CREDENTIALS, INVALID, OURS, SCHEMA, VALID
from certify.sources.contract.standing import LOST, Step
from certify.sources.contract.verdicts import outcome
from certify.sources.contract.volume import BUDGET
from tests.unit.facts import a_check

EVERY = sorted(set(OURS.values()))
SIGHTING = Finding("this", "that")
HINT = Finding("this", "that", weight=Weight.ADVISORY)


def facts(*labels: str, secured: bool = True) -> dict[str, OperationFacts]:
    return {label: OperationFacts(label, label.replace(" ", ""), secured=secured) for label in labels}


def a_tally(label: str, ok: int = 5, refused: int = 5, **details: Any) -> Tally:
    positive = details.pop("positive", {"200": ok} if ok else {})
    return Tally(label, ok + refused, {}, positive, {"400": refused} if refused else {}, details.pop("probes", 2))


def a_report(*tallies: Tally, **details: Any) -> JobReport:
    return JobReport(
        **{"job": "contract-1", "complete": True, "stop_reason": "completed", "tallies": tallies, **details}
    )


def healthy() -> Evidence:
    return gather([a_report(a_tally("GET /a"), a_tally("GET /b"))], facts("GET /a", "GET /b"), {})


def decide(check: str, evidence: Evidence, findings: Any = (), unstable: Any = ()) -> Outcome:
    return outcome(a_check(check), evidence, findings, unstable, started=1.0, now=2.0)


@pytest.mark.parametrize("check", EVERY)
def test_what_was_examined_and_kept_passes(check: str) -> None:
    told = decide(check, healthy())
    assert (told.status, told.reason, told.source, told.seconds) == (Status.PASSED, None, "contract", 1.0)
    assert "20 cases on 2 of 2 operations" in told.note


def test_a_confirmed_violation_fails_even_an_unfinished_run() -> None:
    evidence = gather([a_report(a_tally("GET /a"), complete=False)], facts("GET /a"), {})
    assert decide(SCHEMA, evidence, [SIGHTING]).status is Status.FAILED


def test_advice_fails_nothing() -> None:
    assert decide(SCHEMA, healthy(), [HINT]).status is Status.PASSED


def test_what_did_not_happen_again_is_unstable() -> None:
    told = decide(SCHEMA, healthy(), unstable=[SIGHTING])
    assert (told.status, told.reason) == (Status.INCONCLUSIVE, Reason.UNSTABLE)
    assert decide(SCHEMA, healthy(), unstable=[HINT]).status is Status.PASSED


@pytest.mark.parametrize("check", EVERY)
def test_an_unfinished_run_passes_nothing(check: str) -> None:
    report = a_report(a_tally("GET /a"), complete=False, stop_reason="max_time")
    told = decide(check, gather([report], facts("GET /a"), {}))
    assert (told.status, told.reason) == (Status.INCONCLUSIVE, Reason.CANNOT_TELL)
    assert "max_time" in told.note


def test_a_sandbox_that_goes_away_is_told_with_the_last_requests() -> None:
    errors = {"Server": "ServerUnavailable: http://x stopped responding.\n\nLast requests before it: POST /a"}
    report = a_report(a_tally("GET /a"), complete=False, stop_reason="server_unavailable", errors=errors)
    told = decide(SCHEMA, gather([report], facts("GET /a"), {}))
    assert told.status is Status.INCONCLUSIVE
    assert "stopped answering while requests were generated" in told.note
    assert "Last requests before it: POST /a" in told.note


@pytest.mark.parametrize("details", [{"exit_code": 2}, {"errors": {OUR_OWN: "KeyError: 'x'"}, "complete": False}])
def test_an_engine_that_could_not_run_is_ours(details: dict[str, Any]) -> None:
    told = decide(SCHEMA, gather([a_report(a_tally("GET /a"), **details)], facts("GET /a"), {}))
    assert (told.status, told.reason) == (Status.ERRORED, Reason.CRASHED)


@pytest.mark.parametrize("check", EVERY)
def test_no_reports_at_all_pass_nothing(check: str) -> None:
    assert decide(check, gather([], facts("GET /a"), {})).status is Status.INCONCLUSIVE


@pytest.mark.parametrize("check", EVERY)
def test_an_identity_that_is_refused_everywhere_proves_nothing(check: str) -> None:
    tally = a_tally("GET /a", ok=0, refused=0, positive={"401": 9})
    told = decide(check, gather([a_report(tally)], facts("GET /a"), {}))
    assert (told.status, told.reason) == (Status.INCONCLUSIVE, Reason.CONTROL_FAILED)


@pytest.mark.parametrize("check", EVERY)
def test_heavy_throttling_proves_nothing(check: str) -> None:
    tally = a_tally("GET /a", positive={"200": 5, "429": 9})
    told = decide(check, gather([a_report(tally)], facts("GET /a"), {}))
    assert (told.status, told.reason) == (Status.INCONCLUSIVE, Reason.THROTTLED)


@pytest.mark.parametrize("check", [VALID, INVALID])
def test_acceptance_and_rejection_need_half_of_the_operations(check: str) -> None:
    tallies = (a_tally("GET /a"), a_tally("GET /b", ok=0), a_tally("GET /c", ok=0))
    told = decide(check, gather([a_report(*tallies)], facts("GET /a", "GET /b", "GET /c"), {}))
    assert (told.status, told.reason) == (Status.INCONCLUSIVE, Reason.TOO_LITTLE_TRAFFIC)
    assert "never answered with a success: GET/b, GET/c" in told.note


def test_credentials_are_not_proven_where_nobody_was_turned_away() -> None:
    evidence = gather([a_report(a_tally("GET /a", probes=0))], facts("GET /a"), {})
    assert decide(CREDENTIALS, evidence).reason is Reason.TOO_LITTLE_TRAFFIC


def test_credentials_do_not_apply_to_an_open_api() -> None:
    evidence = gather([a_report(a_tally("GET /a"))], facts("GET /a", secured=False), {})
    assert decide(CREDENTIALS, evidence).status is Status.NOT_APPLICABLE


def test_nothing_that_may_be_called_is_nothing_to_test() -> None:
    told = decide(SCHEMA, gather([], {}, {"deleteAll": "it deletes"}))
    assert (told.status, told.reason) == (Status.NOT_APPLICABLE, Reason.NOTHING_TO_TEST)
    assert "left out: deleteAll" in told.note


def test_the_tallies_of_several_jobs_add_up_and_requests_count_once() -> None:
    evidence = gather([a_report(a_tally("GET /a")), a_report(a_tally("GET /a", ok=1, refused=0))], facts("GET /a"), {})
    assert evidence.tallies["GET /a"].cases == 11
    assert [decide(check, evidence).requests for check in (VALID, INVALID, CREDENTIALS, SCHEMA)] == [6, 5, 4, 0]


def test_what_was_explained_away_is_counted_in_the_note() -> None:
    report = a_report(a_tally("GET /a"), dropped={"positive_data_acceptance": {"throttled": 3}})
    evidence = gather([report], facts("GET /a"), {})
    assert "explained away: throttled ×3" in decide(VALID, evidence).note
    assert "explained away" not in decide(SCHEMA, evidence).note


@pytest.mark.parametrize("check", EVERY)
def test_an_operation_that_the_engine_cannot_read_is_not_passed(check: str) -> None:
    tallies = [a_tally(f"GET /{name}") for name in "abc"]
    report = a_report(*tallies, errors={"GET /d": "InvalidSchema: it refers to itself"})
    told = decide(check, gather([report], facts("GET /a", "GET /b", "GET /c", "GET /d"), {}))
    assert (told.status, told.reason) == (Status.INCONCLUSIVE, Reason.CANNOT_TELL)
    assert "could not examine GET/d" in told.note
    assert "the engine had trouble with: GET /d (InvalidSchema: it refers to itself)" in told.note


def test_trouble_with_an_operation_that_succeeded_is_only_told() -> None:
    report = a_report(a_tally("GET /a"), errors={"GET /a": "Timeout"})
    assert decide(SCHEMA, gather([report], facts("GET /a"), {})).status is Status.PASSED


def test_a_bound_that_left_operations_out_is_not_run() -> None:
    report = a_report(a_tally("GET /a"), complete=False, stop_reason=BUDGET)
    evidence = gather([report], facts("GET /a", "GET /b"), {})
    told = decide(SCHEMA, evidence)
    assert (told.status, told.reason) == (Status.NOT_RUN, Reason.BUDGET)
    assert unexercised(evidence)[0].why == f"left undone: {BUDGET}"
    assert decide(SCHEMA, gather([report], facts("GET /a"), {})).status is Status.PASSED


def test_a_lost_identity_names_the_last_change_it_made() -> None:
    steps = (Step("GET /a", "u", 200, 1.0), Step("DELETE /me", "u", 204, 9.0), Step("GET /a", "u", 200, 9.2))
    report = a_report(a_tally("GET /a"), complete=False, stop_reason=LOST, steps=steps)
    told = decide(SCHEMA, gather([report], facts("GET /a"), {}))
    assert (told.status, told.reason) == (Status.INCONCLUSIVE, Reason.CONTROL_FAILED)
    assert "since DELETE /me (DELETE /me answered 204)" in told.note


def test_what_could_not_be_sent_again_for_a_bound_is_not_run() -> None:
    spent = "0 of 100 requests are left (--max-requests)"
    told = outcome(a_check(SCHEMA), healthy(), [], [SIGHTING], started=1.0, now=2.0, spent=spent)
    assert (told.status, told.reason) == (Status.NOT_RUN, Reason.BUDGET)
    assert spent in told.note
