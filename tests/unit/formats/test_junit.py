"""A pipeline is red exactly when the run is not certified, and never green for something unproven."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from certify.formats.junit import JUnitFormat
from certify.model.report import Report
from tests.unit.formats import samples
from tests.unit.formats.junit_grammar import problems
from tests.unit.formats.sample_extremes import hostile

ALL = [samples.passing, samples.failing, samples.unproven, samples.interrupted, hostile]


def _render(report: Report) -> ET.Element:
    return ET.fromstring(JUnitFormat().render(report)["junit.xml"])


def _case(report: Report, name: str) -> ET.Element:
    return next(case for case in _render(report).iter("testcase") if case.get("name") == name)


def _kinds(case: ET.Element) -> list[tuple[str, str | None]]:
    return [(child.tag, child.get("type")) for child in case if child.tag != "system-out"]


@pytest.mark.parametrize("sample", ALL)
def test_it_is_junit_as_jenkins_and_surefire_read_it(sample):
    assert problems(_render(sample())) == []


@pytest.mark.parametrize("sample", ALL)
def test_it_is_red_exactly_when_the_run_is_not_certified(sample):
    report, root = sample(), _render(sample())
    red = int(root.get("failures")) + int(root.get("errors"))

    assert (red == 0) == (report.verdict == "certified")


@pytest.mark.parametrize("sample", ALL)
def test_the_counts_are_those_of_the_cases(sample):
    root = _render(sample())

    for suite in root:
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
        assert int(suite.get("skipped")) == len(suite.findall("testcase/skipped"))
    assert int(root.get("failures")) == len(list(root.iter("failure")))
    assert int(root.get("errors")) == len(list(root.iter("error")))
    assert int(root.get("tests")) == len(list(root.iter("testcase")))


def test_milestones_are_suites_and_each_check_of_each_criterion_a_case():
    report, root = samples.failing(), _render(samples.failing())

    assert [suite.get("name") for suite in root] == [*(item.title for item in report.milestones), "Verdict"]
    assert _case(report, "auth.expired-token-rejected").get("classname") == "authentication.tokens-verified"


def test_a_failed_check_is_a_failure_with_what_was_expected_and_what_came_back():
    case = _case(samples.failing(), "auth.expired-token-rejected")

    assert _kinds(case) == [("failure", "violation")]
    assert "expected 401" in case.find("failure").get("message")
    assert "curl -sS" in case.findtext("failure")


@pytest.mark.parametrize(
    ("check", "words"),
    [
        ("authz.tenant-read-isolated", "names no identity"),
        ("idem.replay-returns-same", "429"),
        ("audit.action-recorded", "nothing was reported"),
        ("runbook-reviewed", "solution-engineer"),
    ],
)
def test_unproven_is_an_error_and_never_skipped(check, words):
    case = _case(samples.unproven(), check)

    assert _kinds(case) == [("error", "unproven")]
    assert words in case.find("error").get("message")


def test_an_error_of_the_harness_is_an_error():
    report = samples.passing()
    broken = replace(report.checks[0], status="errored", reason="crashed")

    assert _kinds(_case(replace(report, checks=(broken, *report.checks[1:])), broken.id)) == [("error", "unproven")]


@pytest.mark.parametrize(
    ("sample", "check", "words"),
    [
        (
            samples.passing,
            "error.no-internals-leaked",
            "waived by Marta Lindqvist (solution-engineer) until 2026-04-30",
        ),
        (samples.passing, "page.walk-complete", "not applicable"),
        (samples.failing, "page.walk-complete", "recommended, so it does not block"),
    ],
)
def test_skipped_is_only_what_blocks_nothing_and_says_why(sample, check, words):
    case = _case(sample(), check)

    assert _kinds(case) == [("skipped", None)]
    assert words in case.find("skipped").get("message")


def test_a_pending_criterion_whose_date_has_come_is_red():
    report = samples.failing()
    check = "page.walk-complete"
    due = tuple(
        replace(
            m,
            criteria=tuple(replace(c, level="pending", blocking=True) if check in c.checks else c for c in m.criteria),
        )
        for m in report.milestones
    )
    assert _kinds(_case(replace(report, milestones=due), check))[0][0] in ("failure", "error")


@pytest.mark.parametrize("changes", [{"verdict": "unproven", "milestones": ()}, {"verdict": "not_certified"}])
def test_the_verdict_itself_is_a_case_so_that_nothing_passes_by_being_empty(changes):
    case = _case(replace(samples.passing(), **changes), "verdict")

    assert len(_kinds(case)) == 1


def test_an_incomplete_run_is_red_even_if_somebody_wrote_certified():
    report = samples.passing()

    assert _kinds(_case(replace(report, run=replace(report.run, complete=False)), "verdict")) == [("error", "unproven")]


def test_a_green_case_that_was_red_at_first_says_so():
    case = _case(samples.passing(), "idem.replay-returns-same")

    assert _kinds(case) == [("flakyFailure", "failed")]
    assert case.findtext("system-out") == "flaky: it passed only on a further attempt (failed, then passed)"


def test_what_a_reader_shows_of_a_red_case_is_its_text_and_never_empty():
    for sample in ALL:
        red = [item for tag in ("failure", "error") for item in _render(sample()).iter(tag)]
        assert all(item.text and item.text.strip() for item in red)
