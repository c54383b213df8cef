"""A comparison in a terminal: the sentence first, what fell with the answers then and now, then what lies beneath."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, TYPE_CHECKING

from certify.cli.terminal.screen import STYLES, open_console, shown
from certify.comparing.comparison import Comparison, Difference, FindingChange, Witness
from certify.comparing.telling import Section, Told, at, evidence, headline, sections, stood_on, tone
from certify.formats.words import verdict_word

if TYPE_CHECKING:
    from rich.console import Console

MOST = 10
NAMES = 4000


def render_comparison(comparison: Comparison, stream: IO[str], color: bool | None = None) -> None:
    """Print what changed."""
    console = open_console(stream, color)
    word = tone(comparison)
    console.print()
    console.print(f"{word.sign} {headline(comparison)}", style=f"bold {STYLES[word.tone]}")
    _sides(console, comparison)
    for section in sections(comparison):
        _section(console, section)
    _evidence(console, evidence(comparison))
    _flaky(console, comparison)
    _milestones(console, comparison)
    _ground(console, comparison)
    same = comparison.counts.get("same", 0)
    console.print()
    console.print(f"The same: {same} of {sum(comparison.counts.values())} checks and answers.", style="dim")


def _sides(console: Console, comparison: Comparison) -> None:
    for name, side in (("before", comparison.before), ("after", comparison.after)):
        incomplete = "" if side.complete else ", not complete"
        verdict = f"{verdict_word(side.verdict).label}{incomplete}"
        _line(
            console,
            2,
            f"{name:7} {shown(side.run, 80)}  {at(side)}  {verdict}  {shown(side.directory, 200)}",
            style="dim",
        )
    if comparison.before.chosen:
        _line(console, 2, f"Compared with {shown(comparison.before.chosen)}.")
    for note in comparison.notes[:MOST]:
        _line(console, 2, f"Note: {shown(note, 600)}", style="yellow")


def _section(console: Console, section: Section) -> None:
    style = STYLES[section.word.tone]
    if section.brief:
        names = ", ".join(item.change.subject for item in section.items)
        console.print()
        console.print(
            f"{section.word.sign} {section.word.label} ({len(section.items)}): {shown(names, NAMES)}", style=style
        )
        return
    console.print()
    console.print(f"{section.word.sign} {section.word.label} ({len(section.items)})", style=f"bold {style}")
    for item in section.items[:MOST]:
        _check(console, item)
    _more(console, len(section.items) - MOST)


def _check(console: Console, told: Told) -> None:
    change = told.change
    formerly = f" (formerly {shown(change.formerly, 120)})" if change.formerly else ""
    _line(console, 2, f"{shown(change.subject, 120)}{formerly}: {shown(told.then)} → {shown(told.now)}")
    if change.milestones:
        _line(console, 6, f"holds back {shown(', '.join(change.milestones), 300)}", style="dim")
    if change.note and change.after not in ("passed", "failed"):
        _line(console, 6, f"{shown(change.note, 300)}", style="dim")
    for finding in told.findings[:3]:
        _line(
            console, 6, f"{shown(finding.id_after or finding.id_before, 12)}  expected {shown(finding.expected, 200)}"
        )
        _line(console, 10, f"actual {shown(finding.actual, 200)}", style="red" if finding.id_after else "dim")
    if change.witness is not None:
        _witness(console, change.witness)


def _witness(console: Console, witness: Witness) -> None:
    kind = "a request alike" if witness.alike else "the same request"
    unsteady = ", one run gave both answers" if witness.unsteady else ""
    _line(console, 6, f"{kind}{unsteady}: {shown(witness.request, 300)}")
    _differences(console, witness.differences)


def _differences(console: Console, differences: Sequence[Difference]) -> None:
    for item in differences:
        _line(console, 8, f"{shown(item.place, 80)}: {shown(item.before, 200)} → {shown(item.after, 200)}")


def _evidence(console: Console, findings: Sequence[FindingChange]) -> None:
    if findings:
        _heading(console, f"Findings that are new, gone or told otherwise ({len(findings)})")
    for item in findings[:MOST]:
        number = " → ".join(filter(None, (item.id_before, item.id_after)))
        _line(
            console,
            2,
            f"{item.fate} {item.weight} {shown(number, 40)} of {shown(item.check, 120)}: {shown(item.title, 200)}",
        )
        _differences(console, item.differences)
    _more(console, len(findings) - MOST)


def _flaky(console: Console, comparison: Comparison) -> None:
    if comparison.flaky:
        _heading(console, f"Flaky ({len(comparison.flaky)})")
    for item in comparison.flaky[:MOST]:
        then, now = item.flaky_before or "steady", item.flaky_after or "steady"
        _line(console, 2, f"{shown(item.subject, 120)}: then {shown(then)}; now {shown(now)}")
    _more(console, len(comparison.flaky) - MOST)


def _milestones(console: Console, comparison: Comparison) -> None:
    if comparison.milestones:
        _heading(console, "Milestones")
    for item in comparison.milestones[:MOST]:
        then, now = (verdict_word(code).label if code else "not in the run" for code in (item.before, item.after))
        _line(console, 2, f"{shown(item.title, 60)}: {then} → {now}. {shown(item.because, 300)}")


def _ground(console: Console, comparison: Comparison) -> None:
    """What the runs stood on."""
    rows = list(stood_on(comparison))
    lists = (
        ("What the runs stood on", [f"{part} {name}: {one} → {other}" for part, name, one, other in rows]),
        ("Playbook", [f"{item.bearing}: {item.place}: {item.told}" for item in comparison.demands]),
        ("Contract", [f"{item.kind.replace('_', '-')}: {item.message} ({item.rule})" for item in comparison.contract]),
        ("Waivers", [f"{w.check}: {w.before or 'none'} → {w.after or 'none'}" for w in comparison.waivers]),
        (
            "Coverage",
            [f"{'gained' if o.gained else 'lost'}: {o.id} {o.after or o.before}" for o in comparison.operations],
        ),
    )
    for title, lines in lists:
        if lines:
            _heading(console, f"{title} ({len(lines)})")
        for line in lines[:MOST]:
            _line(console, 2, f"{shown(line, 600)}")
        _more(console, len(lines) - MOST)


def _heading(console: Console, text: str) -> None:
    console.print()
    console.print(text, style="bold")


def _more(console: Console, count: int) -> None:
    if count > 0:
        _line(console, 2, f"and {count} more; see --format html or json.", style="dim")


def _line(console: Console, indent: int, text: str, style: str = "") -> None:
    """A line that stays indented where it is wrapped."""
    from rich.padding import Padding
    from rich.text import Text

    console.print(Padding(Text(text, style), (0, 0, 0, indent)))
