"""Answers count only from the right role, for a criterion that people decide, with the evidence that was there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from certify.errors import Problem
from certify.model.playbook import Answer, Playbook
from certify.program.answers import answers_of, load_answers
from tests.unit.program.conftest import ANSWERS, problems

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


# — whose file it is —


def test_a_partners_own_file_counts_only_in_the_roles_that_are_the_partners(
    write: Callable[..., Path], playbook: Playbook
) -> None:
    split = replace(playbook, partner_roles=("engineer",))
    theirs = write(ANSWERS, ANSWERS[ANSWERS.index("  - criterion: terms") : ANSWERS.index("  - criterion: runbook")])

    loaded = load_answers(theirs, split, date(2026, 11, 1), "acme", own=True)
    assert [(answer.criterion, answer.own) for answer in loaded] == [("runbook", True), ("latency", True)]


@pytest.mark.parametrize(("partner_roles", "lines"), [(("engineer",), [5]), ((), [5, 11, 17])])
def test_a_partners_own_file_does_not_answer_for_others(
    answers_file: Path, playbook: Playbook, partner_roles: tuple[str, ...], lines: list[int]
) -> None:
    split = replace(playbook, partner_roles=partner_roles)
    found = problems(lambda: load_answers(answers_file, split, date(2026, 11, 1), "acme", own=True))

    assert [problem.line for problem in found] == lines
    assert "cannot answer 'terms': 'lawyer' is no role of the partner's" in found[0].message
    assert ("has no partner_roles" in found[0].message) is (not partner_roles)
    assert found[0].advice == "move the answer to the program's answers.yaml, or to a file that --answers names"
    assert len(load_answers(answers_file, split, date(2026, 11, 1), "acme")) == 3


def test_the_programs_answers_stand_beside_the_partners_and_win(tmp_path: Path) -> None:
    def load(file: Path, own: bool) -> list[Answer]:
        names = {"ours": ["terms", "runbook"], "theirs": ["runbook", "latency"], "named": ["terms"]}[file.name]
        return [Answer(name, "engineer", file.name, date(2026, 11, 1), own=own) for name in names]

    named, theirs, ours = (tmp_path / name for name in ("named", "theirs", "ours"))
    said = {answer.criterion: (answer.name, answer.own) for answer in answers_of(None, theirs, ours, load)}

    assert said == {"runbook": ("ours", False), "latency": ("theirs", True), "terms": ("ours", False)}
    assert [answer.name for answer in answers_of(named, theirs, ours, load)] == ["named"]
    assert {answer.own for answer in answers_of(None, theirs, None, load)} == {True}
    assert {answer.own for answer in answers_of(None, ours, ours, load)} == {False}
