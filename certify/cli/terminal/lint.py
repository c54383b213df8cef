"""Lint findings in a terminal: one line each, as compilers write them, so that editors and people find the place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import IO, TYPE_CHECKING, Any

from certify.cli.terminal.screen import open_console, shown
from certify.formats.inert import visible
from certify.formats.words import counted
from certify.model.codec import encode
from certify.model.lint import LintFinding, LintLevel, LintReport, LintRule

if TYPE_CHECKING:
    from rich.text import Text

STYLES = {LintLevel.ERROR: "red", LintLevel.WARNING: "yellow", LintLevel.NOTE: "dim"}


def render_lint(report: LintReport, stream: IO[str], color: bool | None = None) -> None:
    """Print ``file:line:column: level rule: message``, what to do below it, and how many there are."""
    console = open_console(stream, color)
    for finding in report.findings:
        console.print(_line(finding), soft_wrap=True)
        if finding.advice:
            console.print(f"    {shown(finding.advice, 1000)}", style="dim", soft_wrap=True)
    console.print(_total(report), style="bold")


def render_rules(rules: Mapping[str, LintRule], stream: IO[str], color: bool | None = None) -> None:
    """Print each rule with its level and what it looks for."""
    console = open_console(stream, color)
    for rule in rules.values():
        console.print(f"{rule.id} ({rule.level})", style="bold", soft_wrap=True)
        console.print(f"    {rule.statement}{f' {rule.why}' if rule.why else ''}", soft_wrap=True)


def as_object(report: LintReport) -> dict[str, Any]:
    """The one JSON object of ``certify lint --json``."""
    return {
        "exit_code": report.exit_code,
        "counts": {level.value: count for level, count in _counts(report).items()},
        "files": list(report.files),
        "unreadable": list(report.unreadable),
        "findings": encode(report.findings),
    }


def _line(finding: LintFinding) -> Text:
    from rich.text import Text

    place = ":".join([finding.file, *(str(number) for number in (finding.line, finding.column) if number)])
    return Text.assemble(
        f"{visible(place)}: ",
        (finding.level, STYLES[finding.level]),
        f" {finding.rule}: {shown(finding.message, 1000)}",
    )


def _counts(report: LintReport) -> dict[LintLevel, int]:
    counts = Counter(finding.level for finding in report.findings)
    return {level: counts[level] for level in LintLevel}


def _total(report: LintReport) -> str:
    told = ", ".join(counted(count, level.value) for level, count in _counts(report).items() if count)
    return f"{told or 'Nothing is wrong'} in {counted(len(report.files), 'file')}."
