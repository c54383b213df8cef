"""CTRF: a failed test exactly when the run is not certified; unproven is neither green nor passed over."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import pytest

from certify.formats.ctrf import CtrfFormat
from certify.model.report import ReportedAttempt
from tests.unit.formats import sample_extremes, samples

ALL = [samples.passing, samples.failing, samples.unproven, samples.interrupted, sample_extremes.hostile]


def _results(report):
    return json.loads(CtrfFormat().render(report)["ctrf-report.json"])["results"]


def _test(report, name):
    return next(item for item in _results(report)["tests"] if item["name"] == name)


@pytest.mark.parametrize("sample", ALL)
def test_a_test_failed_exactly_when_the_run_is_not_certified(sample):
    report, results = sample(), _results(sample())

    assert (results["summary"]["failed"] == 0) == (report.verdict == "certified")
    assert results["environment"]["healthy"] == (report.verdict == "certified")


@pytest.mark.parametrize("sample", ALL)
def test_the_summary_counts_the_tests(sample):
    results = _results(sample())
    counted = Counter(item["status"] for item in results["tests"])

    assert results["summary"]["tests"] == len(results["tests"])
    assert {name: results["summary"][name] for name in counted} == dict(counted)


@pytest.mark.parametrize("name", ["authz.tenant-read-isolated", "idem.replay-returns-same", "audit.action-recorded",
                                  "runbook-reviewed"])  # fmt: skip
def test_unproven_is_other_and_says_why(name):
    test = _test(samples.unproven(), name)

    assert test["status"] == "other"
    assert test["rawStatus"] in ("not_run", "inconclusive", "silent")
    assert test["message"]


def test_a_run_that_is_only_unproven_is_not_green():
    assert _test(samples.unproven(), "verdict")["status"] == "failed"
    assert _results(samples.unproven())["summary"]["failed"] == 1


def test_an_incomplete_run_is_not_green_even_if_somebody_wrote_certified():
    report = samples.passing()

    assert _test(replace(report, run=replace(report.run, complete=False)), "verdict")["status"] == "failed"


def test_skipped_is_only_what_does_not_apply():
    for sample in ALL:
        skipped = [item for item in _results(sample())["tests"] if item["status"] == "skipped"]
        assert {item["rawStatus"] for item in skipped} <= {"not_applicable"}


def test_a_waived_failure_is_told_as_one():
    test = _test(samples.passing(), "error.no-internals-leaked")

    assert (test["status"], test["rawStatus"]) == ("other", "waived")
    assert "Marta Lindqvist" in test["message"]


def test_all_attempts_are_told_and_a_pass_after_a_failure_is_flaky():
    report = samples.passing()
    attempts = (ReportedAttempt("suites", 1, "failed", "", ("failed", "errored")),
                ReportedAttempt("suites", 2, "passed", ""), ReportedAttempt("contract", 1, "passed", ""))  # fmt: skip
    check = replace(report.checks[0], flaky=True, attempts=attempts)
    test = _test(replace(report, checks=(check, *report.checks[1:])), check.id)

    assert (test["status"], test["flaky"], test["retries"]) == ("passed", True, 2)
    assert [item["status"] for item in test["retryAttempts"]] == ["failed", "other"]


def test_suites_are_milestones_over_criteria():
    assert _test(samples.failing(), "auth.expired-token-rejected")["suite"][0] == "Authentication"


def test_ids_of_tests_are_those_of_the_run_before():
    earlier, report = samples.failing(), samples.failing()
    later = replace(report, run=replace(report.run, id="another", started=report.run.started + 9999))
    first, second = ([(item["testId"], item["executionId"]) for item in _results(r)["tests"]] for r in (earlier, later))

    assert [case for case, _ in first] == [case for case, _ in second]
    assert not {execution for _, execution in first} & {execution for _, execution in second}


def test_hostile_text_shows_and_does_not_act():
    text = CtrfFormat().render(sample_extremes.hostile())["ctrf-report.json"].decode()

    assert "\\u001b" not in text  # an escape sequence would act in whatever prints the message
    assert "\\\\x1b[31m" in text


def test_what_was_carried_over_says_from_where():
    report = samples.passing()
    check = replace(report.checks[0], carried="20260101-1")
    test = _test(replace(report, checks=(check, *report.checks[1:])), check.id)

    assert test["message"] == "carried over from run 20260101-1"
    assert "carried" in test["tags"]


def test_the_ci_job_is_named_as_ctrf_names_it():
    report = samples.passing()
    origin = replace(report.run.origin, facts={"repository": "acme/leads", "commit": "1f3c", "ref": "refs/heads/main"})
    environment = _results(replace(report, run=replace(report.run, origin=origin)))["environment"]

    assert (environment["repositoryName"], environment["branchName"]) == ("acme/leads", "refs/heads/main")
