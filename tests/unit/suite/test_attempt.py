"""One attempt at a check: what it found, whether that shows again, and what is said of it."""

from collections.abc import Callable
from typing import Any

import pytest

from certify.errors import HarnessError, ProfileError
from certify.http.call import Call, Reply
from certify.model.outcome import Outcome, Reason, Status, Weight
from certify.suite.attempt import attempt, explained
from certify.suite.coverage import Coverage
from certify.suite.expectations import COLLECTOR, advise, control, expect, note, report
from certify.suite.verdicts import Inconclusive, NotApplicable, NotRun


def reply(status: int = 200, operation: str = "getThing", body: bytes = b"{}", **headers: str) -> Reply:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Reply(status, pairs, body, 0.01, f"s-{status}", Call("GET", "/things", operation))


def tried(test: Callable[[], Any], *, confirm: bool = True) -> Outcome:
    return attempt("auth.some-check", "RFC 9110", test, confirm=confirm)


def test_a_test_that_finds_nothing_passes() -> None:
    assert tried(lambda: expect(reply()).accepted()).status is Status.PASSED


def test_a_violation_fails_with_its_evidence_and_clause() -> None:
    outcome = tried(lambda: expect(reply(200, body=b'{"a": 1}'), "an expired token").refused(advice="mend it"))

    (finding,) = outcome.findings
    assert outcome.status is Status.FAILED
    assert (finding.expected, finding.actual) == ("401 for an expired token", "200 OK with an object of 1 members")
    assert (finding.clause, finding.exchanges, finding.operations) == ("RFC 9110", ("s-200",), ("getThing",))
    assert finding.advice == "mend it"


def test_a_failure_is_tried_once_more() -> None:
    attempts: list[int] = []

    def test() -> None:
        attempts.append(COLLECTOR.get().attempt)
        report("a", "b")

    assert tried(test).status is Status.FAILED
    assert attempts == [1, 2]


def test_a_failure_that_does_not_show_again_is_unstable_and_keeps_what_was_seen() -> None:
    answers = iter([500, 200])

    outcome = tried(lambda: expect(reply(next(answers))).accepted())

    assert (outcome.status, outcome.reason) == (Status.INCONCLUSIVE, Reason.UNSTABLE)
    assert outcome.findings[0].actual.startswith("500")
    assert outcome.ended == ("failed", "passed")


def test_one_sighting_suffices_where_the_check_says_so() -> None:
    answers = iter([500, 200])

    assert tried(lambda: expect(reply(next(answers))).accepted(), confirm=False).status is Status.FAILED


def test_an_advisory_is_told_and_does_not_fail() -> None:
    outcome = tried(lambda: advise("a", "b"))

    assert outcome.status is Status.PASSED
    assert [finding.weight for finding in outcome.findings] == [Weight.ADVISORY]


def test_findings_of_one_cause_become_one_that_names_all_of_them() -> None:
    def test() -> None:
        for number in range(7):
            expect(reply(200, f"op{number % 3}"), f"token {number}").refused()

    (finding,) = tried(test).findings
    assert finding.expected == "401 for token 0, token 1, token 2, token 3, token 4 and 2 more"
    assert finding.operations == ("op0", "op1", "op2")


def test_a_violation_stands_before_an_advisory() -> None:
    def test() -> None:
        advise("a", "b")
        report("c", "d")

    assert [finding.expected for finding in tried(test).findings] == ["c", "a"]


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        (Inconclusive(Reason.THROTTLED, "slow"), Status.INCONCLUSIVE, Reason.THROTTLED),
        (NotApplicable(Reason.CAPABILITY_NOT_OFFERED, "none"), Status.NOT_APPLICABLE, Reason.CAPABILITY_NOT_OFFERED),
        (NotRun(Reason.MISSING_PROBE, "name it"), Status.NOT_RUN, Reason.MISSING_PROBE),
        (ProfileError("wrong", ["mend"]), Status.INCONCLUSIVE, Reason.CANNOT_TELL),
        (HarnessError("ours"), Status.ERRORED, Reason.CRASHED),
        (KeyError("ours"), Status.ERRORED, Reason.CRASHED),
    ],
)
def test_whatever_is_raised_becomes_a_status_and_never_a_pass(error: Exception, status: Status, reason: Reason) -> None:
    def test() -> None:
        report("seen", "before it stopped")
        raise error

    outcome = tried(test)
    assert (outcome.status, outcome.reason) == (status, reason)
    assert outcome.note


def test_a_bare_assert_is_a_finding_as_well() -> None:
    def test() -> None:
        assert 1 + 1 == 3, "it does not add up"

    assert "it does not add up" in tried(test).findings[0].actual


def test_an_interrupt_is_not_swallowed() -> None:
    def test() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tried(test)


def test_a_control_that_fails_proves_nothing() -> None:
    outcome = tried(lambda: control(reply(401), "the valid request"))

    assert (outcome.status, outcome.reason) == (Status.INCONCLUSIVE, Reason.CONTROL_FAILED)
    assert "401" in outcome.findings[0].actual


@pytest.mark.parametrize(
    ("status", "weights"), [(401, []), (403, ["advisory"]), (404, ["advisory"]), (302, ["advisory"])]
)
def test_denied_and_denied_with_the_right_status_weigh_differently(status: int, weights: list[str]) -> None:
    assert [str(f.weight) for f in tried(lambda: expect(reply(status)).refused()).findings] == weights


@pytest.mark.parametrize("status", [200, 204, 500, 503])
def test_a_success_is_no_refusal_and_a_crash_is_none_either(status: int) -> None:
    assert tried(lambda: expect(reply(status)).refused()).status is Status.FAILED


def test_an_advisory_expectation_never_fails() -> None:
    assert tried(lambda: expect(reply(200)).advisory.refused()).status is Status.PASSED


def test_one_reply_reports_all_that_is_wrong_with_it() -> None:
    told = tried(lambda: expect(reply(200, body=b"the secret")).status(201).header("Location").lacks("secret"))

    assert len(told.findings) == 3


def test_a_note_is_kept_once() -> None:
    def test() -> None:
        note("five calls")
        note("five calls")
        note("in a second")

    assert tried(test).note == "five calls; in a second"


class TestCoverage:
    def test_what_stops_leaves_its_operation_out_and_the_loop_goes_on(self) -> None:
        coverage = Coverage("operations")

        def test() -> None:
            for name in ("a", "b", "c"):
                with coverage.of(name):
                    if name == "b":
                        raise NotRun(Reason.MISSING_PROBE, "no id")
            coverage.demand(0.6)

        outcome = tried(test)
        assert outcome.status is Status.PASSED
        assert outcome.note == "examined 2 of 3 operations. Left out: b: no id"

    def test_too_little_cannot_pass(self) -> None:
        def test() -> None:
            coverage = Coverage("operations")
            with coverage.of("a"):
                raise NotRun(Reason.NO_PERMISSION, "no writes")
            coverage.demand(0.5)

        outcome = tried(test)
        assert (outcome.status, outcome.reason) == (Status.NOT_RUN, Reason.NO_PERMISSION)

    def test_a_part_that_is_too_small_cannot_pass_either(self) -> None:
        def test() -> None:
            coverage = Coverage("operations")
            with coverage.of("a"):
                pass
            with coverage.of("b"):
                raise NotRun(Reason.NO_PERMISSION, "no writes")
            with coverage.of("c"):
                raise Inconclusive(Reason.THROTTLED, "slow")
            coverage.demand(0.5)

        outcome = tried(test)
        assert (outcome.status, outcome.reason) == (Status.INCONCLUSIVE, Reason.TOO_LITTLE_TRAFFIC)

    def test_what_stopped_at_last_was_not_examined(self) -> None:
        coverage = Coverage("operations")
        with coverage.of("a"):
            pass
        with coverage.of("a"):
            raise NotRun(Reason.NO_PERMISSION, "no writes")

        assert (coverage.done, list(coverage.skipped)) == ([], ["a"])

    def test_a_violation_counts_though_little_was_examined(self) -> None:
        def test() -> None:
            coverage = Coverage("operations")
            with coverage.of("a"):
                report("x", "y")
            with coverage.of("b"):
                raise Inconclusive(Reason.THROTTLED, "slow")
            coverage.demand(0.9)

        assert tried(test).status is Status.FAILED

    def test_nothing_at_all_is_not_applicable(self) -> None:
        assert tried(lambda: Coverage("operations").demand(0.5)).status is Status.NOT_APPLICABLE

    def test_other_errors_are_not_swallowed(self) -> None:
        def test() -> None:
            with Coverage("operations").of("a"):
                raise KeyError("ours")

        assert tried(test).status is Status.ERRORED


def test_an_error_of_ours_is_told_without_the_marks_that_need_whole_lines() -> None:
    def broken() -> None:
        raise ValueError("odd" + str(1 / 0))

    with pytest.raises(ZeroDivisionError) as caught:
        broken()
    _, _, note = explained(caught.value)

    assert "ZeroDivisionError: division by zero" in note
    assert "^" not in note
