"""Everything that lint looks at, in one go: suites, playbook, profile, answers, waivers.

What stands on something broken is not looked at, and not blamed: answers and waivers are read against a playbook.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from certify.errors import ConfigurationError
from certify.linting.files import UNREADABLE, findings
from certify.linting.rules import RULES
from certify.linting.runs import Runs, find_runs
from certify.linting.waivers import Known, waiver_findings
from certify.model.check import Check
from certify.model.lint import LintFinding, LintReport
from certify.model.partner import Partner
from certify.model.playbook import Answer, Playbook
from certify.program.answers import answers_of, load_answers
from certify.program.partner import load_partner
from certify.program.playbook import load_playbook
from certify.program.program import Program, find_program, program_for
from certify.program.shipped import shipped_root
from certify.program.waivers import read_waivers
from certify.suite.catalogue import load_checks

T = TypeVar("T")


@dataclass(frozen=True)
class LintRequest:
    """What to look at. None: the program's own, where there is one. ``runs`` and ``reports`` tell what is not needed.

    ``today`` is the day as of which waivers and answers are looked at.
    """

    today: date
    program: Path | None = None
    partner: Path | None = None
    answers: Path | None = None
    waivers: Path | None = None
    runs: tuple[Path, ...] = ()
    reports: Path | None = None


@dataclass
class _Found:
    """Findings so far, and the files that were looked at."""

    findings: list[LintFinding] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def read(self, noun: str, file: Path, load: Callable[[Path], T]) -> T | None:
        """What a loader makes of a file; its problems become findings, and then there is nothing."""
        self.files.append(str(file))
        try:
            return load(file)
        except ConfigurationError as error:
            if not error.problems:
                raise
            self.findings += findings(noun, error.problems)
            return None


def lint(request: LintRequest) -> LintReport:
    """Look at a program, and at what a partner brings. Raises :class:`ConfigurationError` where there is no program,
    and :class:`certify.errors.RunDirectoryError` where a named run is none."""
    found = _Found()
    partner = _partner(found, request)
    program = program_for(request.program, partner.contract) if partner else find_program(request.program)
    runs = find_runs(request.runs, request.reports)
    checks = found.read("suites", program.suites, lambda folder: load_checks(_suites(program)))
    playbook = _playbook(found, program, checks)
    if playbook is not None and checks is not None:
        _answers(found, request, program, playbook, partner)
        _waivers(found, request, program, _Stand(playbook, checks, partner, runs))
    ordered = sorted(found.findings, key=lambda item: (_place(item.file, found.files), item.line, item.path))
    unreadable = dict.fromkeys(item.file for item in ordered if item.rule.endswith(f"/{UNREADABLE}"))
    return LintReport(tuple(ordered), RULES, tuple(found.files), tuple(unreadable))


def _place(file: str, files: Sequence[str]) -> tuple[int, str]:
    """Files in the order in which they were looked at; the modules of suites, which nobody named, first."""
    return (files.index(file), "") if file in files else (-1, file)


@dataclass(frozen=True)
class _Stand:
    """What waivers are read against."""

    playbook: Playbook
    checks: Mapping[str, Check]
    partner: Partner | None
    runs: Runs


def _suites(program: Program) -> list[Path]:
    return list(dict.fromkeys([shipped_root() / "suites", program.suites]))


def _partner(found: _Found, request: LintRequest) -> Partner | None:
    if request.partner is None:
        return None
    return found.read("partner", request.partner, lambda path: load_partner(path, secrets=False))


def _playbook(found: _Found, program: Program, checks: Mapping[str, Check] | None) -> Playbook | None:
    return found.read("playbook", program.playbook, lambda path: load_playbook(path, checks))


def _answers(
    found: _Found, request: LintRequest, program: Program, playbook: Playbook, partner: Partner | None
) -> None:
    own = Path(partner.answers) if partner and partner.answers else None
    name = partner.id if partner else ""

    def load(file: Path, partners: bool) -> tuple[Answer, ...]:
        return (
            found.read("answers", file, lambda at: load_answers(at, playbook, request.today, name, own=partners)) or ()
        )

    answers_of(request.answers, own, program.answers_for(partner.id) if partner else program.answers, load)


def _waivers(found: _Found, request: LintRequest, program: Program, stand: _Stand) -> None:
    file = request.waivers or program.waivers
    if file is None:
        return
    read = found.read("waiver", file, lambda path: read_waivers(path, stand.playbook, stand.checks, request.today))
    if read is None:
        return
    levels = {check.id: check.level for check in stand.checks.values()}
    partners = [*stand.runs.partners, *([stand.partner.id] if stand.partner else [])]
    found.findings += findings("waiver", dict.fromkeys(read.lint.problems))
    found.findings += waiver_findings(read, Known(stand.playbook, levels, partners, stand.runs, request.today))
