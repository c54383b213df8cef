"""How a case stands, for every format that a test view reads: one place decides what is green, red or neither.

The rule: nothing that blocks may look green. ``failed`` and ``unproven`` are red. ``waived``, ``advisory`` (recommended
or not due yet) and ``not_applicable`` block nothing, and their message says which. Everything else ``passed``.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from certify.formats.doubts import doubt
from certify.formats.reading import UNDECIDED, Case, waived_by
from certify.formats.words import verdict_word
from certify.model.report import Report, ReportedFinding


class Stand(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    UNPROVEN = "unproven"
    WAIVED = "waived"
    ADVISORY = "advisory"
    NOT_APPLICABLE = "not_applicable"


RED = (Stand.FAILED, Stand.UNPROVEN)


class Standing(NamedTuple):
    """``status`` is what happened, in our own words, whatever it counts as; ``message`` is empty where it passed."""

    stand: Stand
    status: str
    message: str


def standing(case: Case, findings: Sequence[ReportedFinding]) -> Standing:
    """How a criterion × check stands. ``findings`` are those of its check."""
    status = case.check.status if case.check else answered(case.criterion.ruling)
    if status == "passed":
        return Standing(Stand.PASSED, status, "")
    message = _message(case, status, [item for item in findings if item.weight == "violation"])
    if case.criterion.ruling == "waived" and status == "failed":
        return Standing(Stand.WAIVED, status, f"{_excuse(case)} ({message})")
    if status == "not_applicable" and case.criterion.ruling != "unproven":
        return Standing(Stand.NOT_APPLICABLE, status, f"not applicable: {message}")
    if not case.criterion.blocking:
        return Standing(Stand.ADVISORY, status, f"{case.criterion.level}, so it does not block: {message}")
    return Standing(Stand.FAILED if status == "failed" else Stand.UNPROVEN, status, message)


def verdict_standing(report: Report) -> Standing:
    """How the run as a whole stands: a case of its own, so that an empty milestone or a broken run cannot pass."""
    said = f"{verdict_word(report.verdict).label}. {report.summary}"
    if report.verdict == "certified" and report.run.complete:
        return Standing(Stand.PASSED, report.verdict, "")
    return Standing(Stand.FAILED if report.verdict == "not_certified" else Stand.UNPROVEN, report.verdict, said)


def _excuse(case: Case) -> str:
    waiver = next((item for item in case.criterion.waiver if case.check and item.check == case.check.id), None)
    return f"waived by {waived_by(waiver)}: {waiver.reason}" if waiver else "waived"


def answered(ruling: str) -> str:
    """The status that a criterion without checks stands for: a person or a metric decides it."""
    return {"met": "passed", "not_met": "failed", "waived": "failed", "not_applicable": "not_applicable"}.get(
        ruling, "silent"
    )


def _message(case: Case, status: str, violations: list[ReportedFinding]) -> str:
    if violations:
        return "; ".join(f"{item.title}: expected {item.expected}, got {item.actual}" for item in violations)
    if case.check is None or status == "failed":
        return case.criterion.because
    reason = doubt(status, case.check.reason)
    undecided = f"{status}{': ' + case.check.reason if case.check.reason else ''}. " if status in UNDECIDED else ""
    return " ".join(part for part in (undecided + reason.why, case.check.note, reason.enable) if part)
