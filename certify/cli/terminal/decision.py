"""The gate's decision in a terminal: the answer, why, what to do, and what it rests upon. One screen."""

from __future__ import annotations

from typing import IO

from certify.cli.terminal.screen import STYLES, open_console, shown
from certify.formats.inert import within
from certify.formats.words import Word, sentence
from certify.model.gate import Answer, Decision

MOST = 8
"""Notes that are shown."""
_WORDS = {
    Answer.GRANTED: Word("Granted", "✓", "good"),
    Answer.FAILED: Word("Refused: not certified", "✕", "bad"),
    Answer.UNPROVEN: Word("Refused: not proven", "?", "doubt"),
    Answer.MISSING: Word("Refused: no certificate", "✕", "bad"),
    Answer.EXPIRED: Word("Refused: expired", "✕", "bad"),
    Answer.STALE: Word("Refused: stale", "✕", "bad"),
    Answer.REVOKED: Word("Refused: revoked", "✕", "bad"),
    Answer.UNTRUSTED: Word("Refused: not to be trusted", "✕", "bad"),
    Answer.NOT_REVIEWED: Word("Refused: not reviewed", "✕", "bad"),
}


def headline(decision: Decision) -> Word:
    """What is said first; a grant that is on its way out is not said to be as good as others."""
    word = _WORDS[decision.answer]
    if decision.degraded is None:
        return word
    return Word(f"Granted until {decision.until}, though {decision.degraded}", "≈", "doubt")


def render_decision(decision: Decision, stream: IO[str], color: bool | None = None) -> None:
    """Print a decision."""
    from rich.table import Table
    from rich.text import Text

    console = open_console(stream, color)
    word = headline(decision)
    console.print()
    console.print(f"{word.sign} {word.label}", style=f"bold {STYLES[word.tone]}")
    where = f"{decision.partner}, {decision.milestone}, to {decision.environment}"
    console.print(f"  {shown(where, 200)}")
    console.print()
    table = Table.grid(padding=(0, 2))
    table.add_column(width=13, no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _pairs(decision):
        if value:
            table.add_row(Text(f"  {name}", "dim"), Text(shown(value, 1500)))
    console.print(table)
    for line in decision.remedy.splitlines()[1:]:
        console.print(Text(" " * 13 + within(line, 4000), "cyan"), soft_wrap=True)
    for note in decision.notes[:MOST]:
        console.print(Text(f"  Note: {shown(note)}", "dim"))
    if len(decision.notes) > MOST:
        console.print(Text(f"  {len(decision.notes) - MOST} more notes with --json", "dim"))


def _pairs(decision: Decision) -> list[tuple[str, str]]:
    ends = decision.until if decision.answer is Answer.GRANTED else ""
    return [
        ("because", sentence(decision.because)),
        ("certificate", decision.certificate),
        ("run", decision.run),
        ("until", ends),
        ("what to do", sentence(decision.remedy.partition("\n")[0])),
    ]
