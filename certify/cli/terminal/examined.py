"""What verifying found, in a terminal: whether to rely on it, why not, and only then what it says. One screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from certify.certificate.evidence import about_views
from certify.certificate.problem import Problem
from certify.certificate.validity import moment
from certify.certificate.verify import Examined
from certify.cli.terminal.certificate import facts
from certify.cli.terminal.screen import STYLES, open_console, shown
from certify.formats.words import Word, counted, sentence, verdict_word
from certify.model.certificate import Certificate, Provenance
from certify.model.gate import Answer

if TYPE_CHECKING:
    from rich.console import Console

_DIGEST = re.compile("(sha256:[0-9a-f]{16})[0-9a-f]{48}")
"""Enough of a digest to see that two differ; --json has all of it."""
MOST = 12
"""Problems, and notes, that are shown."""
_WORDS = {
    Answer.UNTRUSTED: "Do not rely on it",
    Answer.REVOKED: "Revoked",
    Answer.EXPIRED: "Expired",
    Answer.STALE: "Authentic, and of another program than this one",
}


def headline(examined: Examined) -> Word:
    """Never green for something that is wrong, whatever it says of itself."""
    if examined.authentic and examined.certificate is not None:
        word = verdict_word(examined.certificate.verdict)
        return Word(f"Authentic: {word.label.lower()}", word.sign, word.tone)
    return Word(_WORDS.get(examined.answer, "Do not rely on it"), "✕", "bad")


def render_examined(examined: Examined, stream: IO[str], color: bool | None = None) -> None:
    """Print what was found."""
    console = open_console(stream, color)
    word = headline(examined)
    console.print()
    console.print(f"{word.sign} {word.label}", style=f"bold {STYLES[word.tone]}")
    console.print(f"  {shown(str(examined.path))}", style=STYLES["quiet"], soft_wrap=True)
    for problem in examined.problems[:MOST]:
        _problem(console, problem)
    _more(console, len(examined.problems), "problem")
    if examined.certificate is not None:
        console.print()
        _facts(console, examined, examined.certificate)
    for note in (*examined.notes[:MOST], *about_views(examined.views)):
        console.print(f"  Note: {shown(note)}", style=STYLES["quiet"])
    _more(console, len(examined.notes), "note")


def _more(console: Console, number: int, noun: str) -> None:
    if number > MOST:
        console.print(f"  {counted(number - MOST, f'more {noun}')} with --json", style=STYLES["quiet"])


def _problem(console: Console, problem: Problem) -> None:
    from rich.padding import Padding
    from rich.text import Text

    head = Text.assemble((f"{problem.reason}: ", STYLES["bad"]), shown(sentence(problem.message), 600))
    console.print()
    console.print(Padding(head, (0, 0, 0, 2)))
    for label, text in (("expected", problem.expected), ("found", problem.found)):
        if problem.expected or problem.found:
            told = _DIGEST.sub(r"\1…", shown(text)) or "nothing"
            console.print(Padding(Text.assemble((f"{label:12}", "dim"), told), (0, 0, 0, 4)))
    if problem.advice:
        console.print(Padding(Text.assemble(("what to do  ", "dim"), shown(problem.advice, 600)), (0, 0, 0, 4)))


def _facts(console: Console, examined: Examined, said: Certificate) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    table.add_column(width=12, no_wrap=True)
    table.add_column(overflow="fold")
    for label, value in _rows(examined, said):
        table.add_row(Text(f"  {label}", "dim"), Text(shown(value, 2000)))
    console.print(table)


def _rows(examined: Examined, said: Certificate) -> Iterator[tuple[str, str]]:
    if not examined.authentic:
        yield "it says", f"{verdict_word(said.verdict).label.lower()}; see above what that is worth"
    yield "partner", f"{said.partner.name} ({said.partner.id}), {said.partner.base_url}"
    yield "program", f"{said.program.title}, {said.program.version}"
    yield from (pair for pair in facts(said) if pair[0] != "provenance")
    yield "provenance", _worth(examined, said)
    for item in examined.approvals:
        comment = f": {item.approval.comment}" if item.approval.comment else ""
        yield "approved", f"{moment(item.approval.at)} by {item.approval.name} as {item.approval.role}{comment}"
    if not examined.approvals:
        yield "approved", "by nobody"


def _worth(examined: Examined, said: Certificate) -> str:
    key = examined.key
    signed = f"signed with key {key.short} of {key.owner or 'nobody named'}" if key else ""
    if examined.provenance == said.provenance == Provenance.PRACTICE:
        return f"practice, {signed}"
    trusted = "which is trusted for gated runs"
    if examined.provenance == Provenance.GATED:
        return f"gated, {signed}, {trusted}"
    return f"practice, {signed}: it claims to be gated, and that key is not trusted for it"
