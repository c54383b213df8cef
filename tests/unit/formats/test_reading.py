"""All formats ask the same questions of a report and get the same answers."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from certify.formats.doubts import DOUBTS
from certify.formats.html import HtmlFormat
from certify.formats.reading import advisories, by_reason, cases, excused_findings, required_met, to_fix, unproven
from certify.formats.summary import SummaryFormat
from certify.formats.words import RULINGS, STATUSES, VERDICTS, sentence
from certify.model.outcome import Reason, Status
from certify.model.verdict import Ruling, Verdict
from tests.unit.formats import samples


def test_every_code_of_the_model_has_words():
    assert set(DOUBTS) == set(Reason)
    assert set(STATUSES) == {*Status, "silent"}
    assert set(RULINGS) == set(Ruling)
    assert set(VERDICTS) == set(Verdict)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("every criterion is met", "Every criterion is met."),
        ("Already one.", "Already one."),
        ("not met: tokens-verified", "Not met: tokens-verified."),
        ("allow_stress is off", "allow_stress is off."),
        ("set `allow`", "Set `allow`"),
        ("", ""),
    ],
)
def test_somebodys_words_become_a_sentence(words, told):
    assert sentence(words) == told


def test_what_blocks_comes_first_and_keeps_the_order_of_the_report():
    report = samples.failing()

    assert [item.id for item in to_fix(report)] == ["F1", "F2", "F3", "F4", "F6"]
    assert [item.id for item in advisories(report)] == ["F5"]

    backwards = replace(report, findings=report.findings[::-1])
    assert [item.id for item in to_fix(backwards)] == ["F4", "F3", "F2", "F1", "F6"]


def test_a_waived_failure_is_told_apart_from_what_to_fix():
    report = samples.passing()

    assert to_fix(report) == ()
    assert [item.check for item in excused_findings(report)] == ["error.no-internals-leaked"]


def test_a_check_that_did_not_run_is_unproven_with_the_reason_and_what_would_enable_it():
    found = {item.subject: item for item in unproven(samples.unproven())}

    assert set(found) == {
        "authz.tenant-read-isolated", "authz.tenant-list-isolated", "rate.limit-enforced", "rate.retry-after-honest",
        "idem.replay-returns-same", "audit.action-recorded", "runbook-reviewed", "support-agreed",
    }  # fmt: skip
    assert all(item.why and item.enable and item.required for item in found.values())


def test_a_bound_check_that_the_report_lacks_is_silent():
    report = samples.passing()
    emptied = replace(report, checks=report.checks[1:])

    assert [item.subject for item in unproven(emptied)] == [report.checks[0].id]
    assert next(cases(emptied)).check.status == "silent"


def test_a_check_that_no_criterion_binds_is_unproven_too_and_blocks_nothing():
    report = samples.passing()
    loose = replace(report.checks[0], id="extra.check", status="not_run", reason="budget", criteria=())

    (item,) = unproven(replace(report, checks=(*report.checks, loose)))
    assert (item.subject, item.required) == ("extra.check", False)


def test_not_applicable_is_unproven_only_where_the_criterion_says_so():
    report = samples.passing()
    assert "page.walk-complete" not in [item.subject for item in unproven(report)]

    milestone = report.milestones[2]
    ruled = tuple(
        replace(item, ruling="unproven") if item.id == "lists-complete" else item for item in milestone.criteria
    )
    changed = replace(report, milestones=(replace(milestone, criteria=ruled),))
    assert "page.walk-complete" in [item.subject for item in unproven(changed)]


def test_one_reason_reads_as_one_thing_to_do():
    groups = by_reason(unproven(samples.interrupted()))

    assert max(map(len, groups)) == 14


def test_every_format_counts_the_same_criteria_of_a_milestone() -> None:
    """A recommended criterion that is not met holds nothing back, so it is not among those that are counted."""
    report = samples.failing()
    summary = SummaryFormat().render(report)["summary.md"].decode()
    page = HtmlFormat().render(report)["report.html"].decode()
    rows = re.findall(r"^\|[^|]+\|[^|]+\| (\d+ of \d+) \|", summary, re.MULTILINE)

    assert rows == re.findall(r"(\d+ of \d+) required criteria met", page)
    assert rows == ["{} of {}".format(*required_met(item)) for item in report.milestones]
    assert any(not criterion.blocking for item in report.milestones for criterion in item.criteria)


def test_a_check_that_does_not_apply_holds_nothing_back_because_others_were_not_asked_for():
    report = samples.passing()
    milestone, criterion = report.milestones[0], report.milestones[0].criteria[0]
    absent = replace(report.checks[0], status="not_applicable", reason="capability-not-offered")
    open_one = replace(criterion, ruling="unproven", checks=(absent.id, "auth.another"))
    milestones = (replace(milestone, criteria=(open_one,)),)
    narrowed = replace(report, run=replace(report.run, checks=(absent.id,)), checks=(absent,), milestones=milestones)
    (alone,) = unproven(narrowed)
    whole = (replace(milestone, criteria=(replace(open_one, checks=(absent.id,)),)),)
    (item,) = unproven(replace(narrowed, milestones=whole))

    assert (alone.subject, alone.required) == (absent.id, False)
    assert (item.subject, item.required) == (absent.id, criterion.blocking)
    assert criterion.blocking
