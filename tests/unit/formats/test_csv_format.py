"""A table that spreadsheets read and never compute, and that a program reads without loss."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from certify.formats.csv_format import COLUMNS, CsvFormat, cell
from certify.formats.reading import cases
from certify.model.report import Report
from tests.unit.formats import sample_extremes, samples


def _rows(report: Report) -> list[dict[str, str]]:
    text = CsvFormat().render(report)["checks.csv"].decode()
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_there_is_a_row_for_every_case_in_playbook_order():
    rows = _rows(samples.failing())

    assert [(row["milestone"], row["criterion"], row["check"]) for row in rows[:-1]] == [
        (case.milestone.id, case.criterion.id, case.check.id if case.check else "") for case in cases(samples.failing())
    ]


@pytest.mark.parametrize("sample", [samples.passing, samples.failing, samples.unproven, samples.interrupted])
def test_the_last_row_is_the_verdict(sample):
    *_, last = _rows(sample())

    assert (last["check"], last["status"], last["milestone"]) == ("verdict", sample().verdict, "")
    assert (last["reason"] == "interrupted") == (not sample().run.complete)
    assert sample().summary in last["note"]


def test_a_report_without_a_milestone_is_no_empty_table():
    (row,) = _rows(replace(samples.unproven(), milestones=(), checks=(), findings=()))

    assert (row["check"], row["status"]) == ("verdict", "unproven")


def test_a_failure_is_told_with_its_finding_and_clause():
    (row,) = [row for row in _rows(samples.failing()) if row["check"] == "auth.expired-token-rejected"]

    assert (row["status"], row["ruling"], row["blocking"], row["findings"]) == ("failed", "not_met", "yes", "F1")
    assert row["clause"] == "RFC 7519 §4.1.4"
    assert "expected 401" in row["told"]
    assert float(row["seconds"]) >= 0
    assert int(row["requests"]) > 0


def test_a_waiver_a_flaky_check_and_what_was_carried_over_have_columns():
    report = samples.passing()
    checks = tuple(replace(item, carried="run-7") if item.id == "net.control-works" else item for item in report.checks)
    rows = {row["check"]: row for row in _rows(replace(report, checks=checks))}

    assert rows["error.no-internals-leaked"]["waiver"].startswith(
        "Marta Lindqvist (solution-engineer) until 2026-04-30"
    )
    assert rows["idem.replay-returns-same"]["flaky"] == "passed only on a further attempt (failed, then passed)"
    assert rows["net.control-works"]["carried_from"] == "run-7"


def test_the_lines_are_those_of_rfc_4180():
    data = CsvFormat().render(sample_extremes.hostile())["checks.csv"]
    lines = data.split(b"\r\n")

    assert lines[-1] == b""
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert lines[0].decode() == ",".join(f'"{name}"' for name in COLUMNS)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1+1|cmd", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n\n-1", "＝1", "'=1", "\u200b=1"]
)
def test_no_cell_begins_like_a_formula(text):
    assert cell(text).startswith(("'", "\\"))


@pytest.mark.parametrize("text", ["plain", "a=1", "'quoted'", "-", "=1", "'=1", "''@x", "café", "1-2"])
def test_a_program_has_the_text_back(text):
    shown = cell(text)
    guarded = shown.startswith("'") and shown[1:].lstrip("'").lstrip()[:1] in ("=", "+", "-", "@")

    assert (shown[1:] if guarded else shown) == text
