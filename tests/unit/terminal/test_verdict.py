"""The verdict in a terminal: what failed, what was expected, what came, how to see it again, what to open."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace

import pytest

from certify.cli.terminal.verdict import render_verdict
from certify.model.report import Report
from tests.unit.formats import sample_extremes, samples

RUN = "reports/northwind/20260312-091421-northwind"


def _told(report: Report, color: bool | None = None) -> str:
    stream = io.StringIO()
    render_verdict(report, stream, color, RUN)
    return stream.getvalue()


def test_the_answer_comes_first_and_the_report_to_open_last():
    lines = _told(samples.failing()).strip().splitlines()

    assert lines[0] == "✕ Northwind Energy is not certified"
    assert lines[-1] == f"Report: {RUN}/report.html"


def test_of_many_mistakes_of_the_contract_three_are_told_and_where_the_others_are():
    mistakes = tuple(f"Contract: api.yaml:{line}: reference leaves the document {'x' * 400} END" for line in range(10))
    text = _told(replace(samples.failing(), notes=("The contract has 17 mistakes.", *mistakes)))

    assert "Note: The contract has 17 mistakes." in text
    assert text.count("Note: Contract: ") == 3
    assert text.count("END") == 3, "the hint at a mistake's end is not cut"
    assert "7 more of the contract; all: certify plan --partner PROFILE --json" in text


@pytest.mark.parametrize(
    "told",
    [
        "✕ Not certified  Authentication",
        "(tokens-verified)",
        "auth.expired-token-rejected",
        "expected    401, because the token's `exp` lies 120 s in the past",
        "actual      200 with the customer's data",
        "clause      RFC 7519 §4.1.4",
    ],
)
def test_a_blocking_finding_names_criterion_check_expected_and_actual(told):
    assert told in _told(samples.failing())


def test_command_lines_are_never_wrapped():
    lines = _told(samples.failing()).splitlines()

    for command in samples.failing().findings[0].again:
        assert f"      {command}" in lines


def test_prose_stays_within_eighty_columns():
    prose = [line for line in _told(samples.unproven()).splitlines() if not line.startswith("Report: ")]

    assert max(map(len, prose)) <= 80


def test_what_is_not_proven_says_why_and_what_would_settle_it():
    text = " ".join(_told(samples.unproven()).split())

    assert "? authz.tenant-read-isolated, authz.tenant-list-isolated" in text
    assert "to settle Add the identity to the profile" in text
    assert "holds back Authentication" in text


def test_a_passing_run_still_tells_waivers_and_flaky_checks():
    text = " ".join(_told(samples.passing()).split())

    assert "✓ Northwind Energy is certified" in text
    assert "Waived: error.no-internals-leaked, by Marta Lindqvist (solution-engineer) until 2026-04-30" in text
    assert "Flaky: idem.replay-returns-same passed only on a further attempt (failed, then passed)." in text
    assert "What to fix" not in text


def test_an_interrupted_run_says_so_at_once():
    assert "The run is not complete" in "".join(_told(samples.interrupted()).splitlines()[:5])


def test_a_stream_that_is_no_terminal_gets_no_escapes_and_colour_can_be_asked_for():
    assert "\x1b" not in _told(samples.failing())
    assert "\x1b[" in _told(samples.failing(), color=True)


@pytest.mark.parametrize("color", [True, False])
def test_a_partner_cannot_drive_the_terminal(color):
    text = _told(sample_extremes.hostile(), color)

    assert "\x1b]0;" not in text
    assert "\x1b[31m\x1b]" not in text
    assert not set(text) & set("\x00\x07\x08\x7f\x9b\u202e\u2066\ud800")


def test_thousands_of_findings_are_counted_not_printed():
    text = _told(sample_extremes.enormous(300, 600))

    assert "290 more to fix; see the report." in text
    assert len(text) < 200_000


def test_importing_it_does_not_wait_for_rich():
    program = "import certify.cli.terminal.verdict, certify.cli.terminal.progress, sys; print('rich' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
