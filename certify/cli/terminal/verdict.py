"""The verdict in a terminal: milestones, what to fix and how to see it again, what nobody could prove, what to open.

Written for somebody tired: the answer first, at most ten findings, each with what was expected beside what came back.
Command lines are never wrapped, so that they can be copied.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING

from certify.cli.terminal.screen import STYLES, open_console, shown
from certify.formats.html_page import HEADLINES
from certify.formats.inert import visible, within
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
from certify.formats.words import UNANSWERED, Word, sentence, status_word, verdict_word
from certify.model.report import Report, ReportedFinding
from certify.report.again import RUN_DIR
from certify.report.compose import MISTAKE

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

MOST = 10
MISTAKES = 3
"""Mistakes of the contract that are told: they come last, and the verdict has to stay on the screen."""
COMMAND = 4000


def render_verdict(report: Report, stream: IO[str], color: bool | None = None, run_dir: str = "") -> None:
    """Print the verdict of ``report``. ``color`` None: as the terminal likes; ``run_dir`` is named at the end."""
    console = open_console(stream, color)
    _headline(console, report)
    _milestones(console, report)
    _fixes(console, report, run_dir)
    _doubts(console, report)
    _rest(console, report)
    _ending(console, run_dir)


def _headline(console: Console, report: Report) -> None:
    word = verdict_word(report.verdict)
    name = shown(report.partner.name, 80)
    console.print()
    console.print(f"{word.sign} {HEADLINES.get(report.verdict, '{}').format(name)}", style=f"bold {STYLES[word.tone]}")
    console.print(shown(report.summary, 1000))
    if not report.run.complete:
        console.print("The run is not complete: it is judged as far as it goes, and cannot certify.", style="yellow")
    console.print()


def _milestones(console: Console, report: Report) -> None:
    from rich.table import Table

    ladder = Table.grid(padding=(0, 2))
    for item in report.milestones:
        word = verdict_word(item.verdict)
        because = "" if item.verdict == "certified" else shown(sentence(item.because))
        ladder.add_row(_signed(word), shown(item.title, 40), because)
    console.print(ladder)


def _signed(word: Word) -> Text:
    from rich.text import Text

    return Text(f"  {word.sign} {word.label}", STYLES[word.tone], no_wrap=True)


def _fixes(console: Console, report: Report, run_dir: str) -> None:
    wrong = to_fix(report)
    blocking = [item for item in wrong if item.blocks]
    chosen = blocking[:MOST]
    if chosen:
        _heading(console, "What to fix")
    for finding in chosen:
        _finding(console, report, finding, run_dir)
    _more(console, len(blocking) - len(chosen), "more to fix")
    _more(console, len(wrong) - len(blocking), "more that fail without blocking")
    if any(finding.argue for finding in blocking):
        console.print("What cannot be mended in time can be argued about:", style="dim")
        _command(console, f"certify waivers suggest {shlex.quote(run_dir) if run_dir else RUN_DIR}")


def _finding(console: Console, report: Report, finding: ReportedFinding, run_dir: str) -> None:
    from rich.padding import Padding

    statements = {item.id: item.statement for milestone in report.milestones for item in milestone.criteria}
    criteria = "; ".join(f"{statements.get(item, '')} ({item})" for item in finding.criteria[:3])
    console.print(Padding(f"✕ {shown(finding.id, 12)}  {shown(finding.title, 300)}", (0, 0, 0, 2)), style="bold")
    _pairs(console, [
        ("criterion", criteria),
        ("holds back", ", ".join(titles(report, finding.blocks[:10]))),
        ("check", finding.check),
        ("where", _where(finding)),
        ("expected", finding.expected),
        ("actual", finding.actual + (f" at {finding.pointer}" if finding.pointer else "")),
        ("clause", finding.clause),
        ("advice", sentence(finding.advice)),
    ])  # fmt: skip
    if finding.again:
        console.print("      see it again:", style="dim")
    for line in finding.again[:3]:
        _command(console, line.replace(RUN_DIR, shlex.quote(run_dir) if run_dir else RUN_DIR, 1))
    console.print()


def _where(finding: ReportedFinding) -> str:
    more = len(finding.operations) - 3
    return ", ".join(finding.operations[:3]) + (f" and {more} more" if more > 0 else "")


def _pairs(console: Console, pairs: Iterable[tuple[str, str]]) -> None:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    table.add_column(width=10, no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in pairs:
        if value:
            table.add_row(Text(name, "dim"), Text(shown(value), "red" if name == "actual" else ""))
    console.print(Padding(table, (0, 0, 0, 6)))


def _command(console: Console, line: str) -> None:
    """A command line, whole, on its own: the terminal may wrap it, we do not."""
    from rich.text import Text

    console.print(Text("      " + within(line, COMMAND).replace("\n", "\\n"), "cyan"), soft_wrap=True)


def _doubts(console: Console, report: Report) -> None:
    groups = by_reason(unproven(report))
    if groups:
        _heading(console, "Not proven")
    for items in groups[:MOST]:
        _doubt(console, items)
    _more(console, len(groups) - MOST, "more reasons")


def _doubt(console: Console, items: tuple[Unproven, ...]) -> None:
    first = items[0]
    word = UNANSWERED if first.status == "unanswered" else status_word(first.status)
    names = ", ".join(item.subject for item in items[:20]) + (f" and {len(items) - 20} more" if len(items) > 20 else "")
    blocks = dict.fromkeys(title for item in items if item.required for title in item.milestones)
    console.print(f"  {word.sign} {shown(names, 1500)}", style=STYLES[word.tone])
    _pairs(console, [
        ("why", f"{word.label}. {sentence(first.why)}"),
        ("note", sentence(first.note)),
        ("to settle", first.enable),
        ("holds back", ", ".join(blocks) or "nothing"),
    ])  # fmt: skip
    console.print()


def _rest(console: Console, report: Report) -> None:
    console.print()
    for waiver in waivers(report):
        console.print(shown(f"Waived: {waiver.check}, by {waived_by(waiver)}: {waiver.reason}"))
    over = {check.carried: [c.id for c in carried(report) if c.carried == check.carried] for check in carried(report)}
    for run, names in over.items():
        console.print(shown(f"Carried over from run {run}: {', '.join(names)}", 3000))
    for check in flaky(report):
        console.print(shown(f"Flaky: {check.id} {how_flaky(check)}."))
    mistakes = [note for note in report.notes if note.startswith(MISTAKE)]
    for note in [note for note in report.notes if note not in mistakes][:MOST]:
        console.print(f"Note: {shown(note)}")
    for note in mistakes[:MISTAKES]:
        console.print(f"Note: {shown(note, 1000)}")
    if len(mistakes) > MISTAKES:
        told = f"  {len(mistakes) - MISTAKES} more of the contract; all: certify plan --partner PROFILE --json"
        console.print(told, style="dim")
    advice = len(advisories(report))
    _more(console, advice, f"{'piece' if advice == 1 else 'pieces'} of advice, blocking nothing")


def _ending(console: Console, run_dir: str) -> None:
    from rich.text import Text

    where = os.path.join(run_dir, "report.html")
    console.print(Text.assemble(("Report: ", "bold"), visible(where)), soft_wrap=True)


def _heading(console: Console, text: str) -> None:
    console.print()
    console.print(text, style="bold")
    console.print()


def _more(console: Console, count: int, what: str) -> None:
    if count > 0:
        console.print(f"  {count} {what}; see the report.", style="dim")
