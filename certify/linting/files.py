"""Problems of a file, as loaders tell them, become findings with a rule, a level and a column."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from certify.errors import Problem
from certify.linting.rules import RULES
from certify.model.lint import LintFinding
from certify.program.lint import Lint
from certify.program.source import MAX_BYTES, Place

UNREADABLE = "unreadable"


def findings(noun: str, problems: Iterable[Problem]) -> tuple[LintFinding, ...]:
    """The problems of one file. ``noun`` is the first part of the rules' ids, such as ``waiver``."""
    return tuple(_finding(noun, problem) for problem in problems)


def told(lint: Lint, place: Place, noun: str, rule: str, message: str, advice: str) -> LintFinding:
    """A finding at a place of a document that could be read."""
    alone = Lint(lint.document)
    alone.report(place, message, advice, rule)
    return _finding(noun, alone.problems[0])


def _finding(noun: str, problem: Problem) -> LintFinding:
    rule = RULES[f"{noun}/{problem.rule}"]
    column = _column(problem.file, problem.line) if problem.line else 0
    return LintFinding(
        rule.id, rule.level, problem.message, problem.file, problem.line, column, problem.path, problem.advice
    )


def _column(file: str, line: int) -> int:
    """Where the text of a line begins, from 1; 0 where the line cannot be seen."""
    lines = _lines(file, _changed(file))
    if line > len(lines):
        return 0
    text = lines[line - 1]
    return len(text) - len(text.lstrip(" ")) + 1


def _changed(file: str) -> int:
    try:
        return os.stat(file).st_mtime_ns
    except (OSError, ValueError):
        return 0


@lru_cache(maxsize=16)
def _lines(file: str, changed: int) -> tuple[str, ...]:
    """The lines of a file as it was when it last ``changed``."""
    try:
        with Path(file).open("rb") as stream:
            return tuple(stream.read(MAX_BYTES).decode("utf-8-sig", "replace").splitlines())
    except (OSError, ValueError):
        return ()
