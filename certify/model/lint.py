"""What is wrong in the files that people write: findings as data, for a terminal, JSON, SARIF and annotations alike.

A rule's id is ``<file's noun>/<what is wrong>``: ``playbook/unknown-check``, ``waiver/expired``. Ids are stable: a
pipeline may suppress one, and a changed meaning is a new id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class LintLevel(StrEnum):
    """How much it matters. Errors and warnings fail ``certify lint``; a note does not. The words are SARIF's."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class LintRule:
    """What is looked for: ``statement`` is one line, ``why`` says what goes wrong otherwise."""

    id: str
    level: LintLevel
    statement: str
    why: str = ""


@dataclass(frozen=True)
class LintFinding:
    """One thing that is wrong in one place.

    ``line`` and ``column`` count from 1, and 0 means that the whole file (or line) is meant; the column is where the
    line's text begins. ``path`` is the place inside the document (``waivers[2].expires``).
    """

    rule: str
    level: LintLevel
    message: str
    file: str
    line: int = 0
    column: int = 0
    path: str = ""
    advice: str = ""


@dataclass(frozen=True)
class LintReport:
    """All findings, in the order of files and lines, with the rules that were applied, by id.

    ``unreadable`` are files that could not be looked into at all, and are findings as well.
    """

    findings: tuple[LintFinding, ...] = ()
    rules: Mapping[str, LintRule] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 clean or notes only · 1 findings · 2 a file is unreadable."""
        if self.unreadable:
            return 2
        return 1 if any(finding.level is not LintLevel.NOTE for finding in self.findings) else 0
