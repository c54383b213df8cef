"""Answers count only from the right role, for a criterion that people decide, with the evidence that was there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from certify.errors import Problem
from certify.model.playbook import Playbook
from certify.program.answers import load_answers

Spoil = Callable[..., Sequence[Problem]]


def test_right_answers_become_data_with_the_digest_of_their_evidence(answers_file: Path, playbook: Playbook) -> None:
    terms, runbook, latency = load_answers(answers_file, playbook, date(2026, 11, 1), "acme")
    assert (terms.role, terms.name, terms.date, terms.met) == ("lawyer", "Ada", date(2026, 10, 1), True)
    assert runbook.file == "runbook.md"
    assert runbook.sha256 == hashlib.sha256(b"# Runbook\n").hexdigest()
    assert latency.value == 210.0


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("partner: acme", "partner: globex", 2, "these are the answers of 'globex', not of 'acme'"),
        ("criterion: terms", "criterion: term", 4, "unknown criterion 'term'; did you mean 'terms'?"),
        ("criterion: terms", "criterion: answers", 4, "is automated: its checks decide it, nobody can sign it"),
        ("criterion: runbook", "criterion: terms", 10, "an answer to 'terms' is there twice; the first is on line 4"),
        ("role: lawyer", "role: lawer", 5, "unknown role 'lawer'; did you mean 'lawyer'?"),
        ("role: lawyer", "role: engineer", 5, "role 'engineer' cannot answer 'terms'"),
        ("date: 2026-10-01", "date: 2026-11-02", 7, "2026-11-02 is in the future; today is 2026-11-01"),
        ("date: 2026-10-01", "date: 1.10.2026", 7, "'1.10.2026' does not fit: a date: YYYY-MM-DD"),
        ("evidence: runbook.md", "evidence: runbok.md", 15, "evidence file 'runbok.md' does not exist"),
        ("    evidence: runbook.md\n", "", 10, "needs 'evidence'"),
        ("    met: true\n    statement", "    statement", 4, "needs 'met'"),
        ("    value: 210\n", "", 16, "needs 'value'"),
        ("value: 210", "value: fast", 20, "must be a number, but is the text 'fast'"),
        ("met: true", "met: yes", 8, "must be true or false, but is the text 'yes'"),
        ("    name: Ada\n", "", 4, "member 'name' is missing"),
        ("statement:", "statment:", 9, "unknown member 'statment'; did you mean 'statement'?"),
    ],
)
def test_each_mistake_is_told_with_its_line(spoil_answers: Spoil, old: str, new: str, line: int, message: str) -> None:
    found = [problem for problem in spoil_answers(old, new) if message in problem.message]
    assert len(found) == 1
    assert found[0].line == line


def test_all_mistakes_are_told_at_once(spoil_answers: Spoil) -> None:
    old = "    role: lawyer\n    name: Ada\n    date: 2026-10-01"
    found = spoil_answers(old, "    role: lawer\n    nmae: Ada\n    date: 2030-01-01")
    assert [problem.line for problem in found] == [5, 6, 7]


def test_empty_evidence_proves_nothing(spoil_answers: Spoil, tmp_path: Path) -> None:
    (tmp_path / "empty.md").write_text("\n")
    [problem] = spoil_answers("runbook.md", "empty.md")
    assert problem.message == "evidence file 'empty.md' is empty"
