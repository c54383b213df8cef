"""``github-annotations.txt``: workflow commands, which GitHub shows as annotations when they are printed in a job.

    cat run/github-annotations.txt

A command is one line, ``::error title=…::message``. Whatever could end it is escaped as GitHub's toolkit does: ``%``,
CR and LF in a message, and ``:`` and ``,`` in a property as well; so no text of a partner's begins a command of its
own. GitHub shows ten errors, ten warnings and ten notices of a step, and drops the rest in silence; what is over is
counted in the verdict, which comes first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from certify.formats.inert import one_line, within
from certify.formats.interface import Format
from certify.formats.reading import (
    Unproven,
    advisories,
    by_reason,
    carried,
    flaky,
    how_flaky,
    titles,
    to_fix,
    unproven,
    waived_by,
    waivers,
)
from certify.formats.standing import Stand, verdict_standing
from certify.formats.words import counted, sentence, status_word, verdict_word
from certify.model.report import Report, ReportedCheck, ReportedFinding, ReportedWaiver

MOST = 10
NAMED = 10


class Command(NamedTuple):
    """``kind`` is error, warning or notice."""

    kind: str
    title: str
    message: str

    def __str__(self) -> str:
        return f"::{self.kind} title={escape_property(self.title)}::{escape_data(self.message)}"


class GithubFormat(Format):
    name = "github"
    description = "github-annotations.txt, workflow commands to print at the end of a job"

    def render(self, report: Report) -> Mapping[str, bytes]:
        lines = map(str, _commands(report))
        return {"github-annotations.txt": "".join(f"{line}\n" for line in lines).encode()}


def escape_data(text: str, limit: int = 4000) -> str:
    """A message: it may have lines, and no character of it acts."""
    shown = within(text, limit)
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(text: str) -> str:
    """A property's value, such as a title."""
    return escape_data(one_line(text, 200)).replace(":", "%3A").replace(",", "%2C")


def _commands(report: Report) -> Sequence[Command]:
    """The verdict, then what matters most, as many of each kind as GitHub shows."""
    seen: Counter[str] = Counter()
    kept: list[Command] = []
    told = [_verdict(report, 0), *_told(report)]
    for command in told:
        seen[command.kind] += 1
        kept += [command] if seen[command.kind] <= MOST else []
    return [_verdict(report, len(told) - len(kept)), *kept[1:]]


def _told(report: Report) -> Iterator[Command]:
    yield from (_violation(report, item) for item in to_fix(report))
    yield from map(_doubt, by_reason(unproven(report)))
    yield from map(_flaky, flaky(report))
    yield from map(_waived, waivers(report))
    yield from _carried(report)
    yield from map(_advisory, advisories(report))


def _verdict(report: Report, left: int) -> Command:
    good = verdict_standing(report).stand is Stand.PASSED
    label = verdict_word(report.verdict).label if report.run.complete else "Interrupted"
    more = f"\n{counted(left, 'more annotation')} would not fit; report.html has them all." if left else ""
    name = one_line(report.partner.name, 100)
    return Command("notice" if good else "error", f"certify: {name}: {label}", report.summary + more)


def _violation(report: Report, finding: ReportedFinding) -> Command:
    held = ", ".join(titles(report, finding.blocks[:NAMED]))
    lines = [
        f"{finding.id} {one_line(finding.title)}",
        f"expected: {one_line(finding.expected)}",
        f"actual: {one_line(finding.actual)}",
        f"holds back: {one_line(held)}" if held else "",
        *(f"again: {one_line(line, 1000)}" for line in finding.again[:2]),
    ]
    return Command("error" if held else "warning", finding.check, "\n".join(filter(None, lines)))


def _doubt(items: Sequence[Unproven]) -> Command:
    first = items[0]
    word = "Unanswered" if first.status == "unanswered" else status_word(first.status).label
    names = ", ".join(one_line(item.subject, 100) for item in items[:NAMED])
    more = f" and {len(items) - NAMED} more" if len(items) > NAMED else ""
    enable = f"To settle it: {one_line(first.enable)}" if first.enable else ""
    lines = (f"Not proven: {names}{more}", sentence(one_line(first.why)), sentence(one_line(first.note)), enable)
    holds = any(item.required for item in items)
    return Command("error" if holds else "warning", f"{word}: {first.subject}", "\n".join(filter(None, lines)))


def _flaky(check: ReportedCheck) -> Command:
    return Command("warning", f"Flaky: {check.id}", sentence(f"It {how_flaky(check)}"))


def _waived(waiver: ReportedWaiver) -> Command:
    return Command(
        "notice", f"Waived: {waiver.check}", one_line(f"Excused by {waived_by(waiver)}: {waiver.reason}", 1000)
    )


def _carried(report: Report) -> Iterator[Command]:
    checks = [check.id for check in carried(report)]
    if checks:
        names = one_line(", ".join(checks[:NAMED])) + (
            f" and {len(checks) - NAMED} more" if len(checks) > NAMED else ""
        )
        yield Command("notice", "Carried over", f"{counted(len(checks), 'check')} did not run this time: {names}")


def _advisory(finding: ReportedFinding) -> Command:
    lines = (one_line(finding.title), f"expected: {one_line(finding.expected)}", f"actual: {one_line(finding.actual)}")
    return Command("notice", f"Advisory: {finding.check}", "\n".join(lines))
