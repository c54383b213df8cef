"""A certificate in a terminal: what it says, and all that a reviewer would be sorry to have overlooked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import IO

from certify.certificate.validity import moment as day
from certify.cli.terminal.screen import STYLES, open_console, shown
from certify.formats.words import verdict_word
from certify.model.certificate import Certificate, Provenance
from certify.model.plan import LAPTOP
from certify.model.report import ReportedWaiver

MOST = 10


def render_certificate(certificate: Certificate, stream: IO[str], color: bool | None = None) -> None:
    """Print what is signed, or about to be."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    console = open_console(stream, color)
    word = verdict_word(certificate.verdict)
    name = shown(f"{certificate.partner.name} ({certificate.partner.id})", 120)
    console.print(f"{word.sign} {name}: {word.label.lower()}", style=f"bold {STYLES[word.tone]}")
    table = Table.grid(padding=(0, 2))
    table.add_column(width=10, no_wrap=True)
    table.add_column(overflow="fold")
    for label, value in facts(certificate):
        table.add_row(Text(label, "dim"), shown(value, 2000))
    console.print(Padding(table, (0, 0, 0, 2)))


def facts(certificate: Certificate) -> Iterator[tuple[str, str]]:
    """Label and text, in the order in which a reviewer asks; what there is nothing to say of is left out."""
    for milestone in certificate.milestones:
        yield "milestone", f"{milestone.title}: {verdict_word(milestone.verdict).label.lower()}"
    yield "checks", _counted([check.status for check in certificate.checks])
    excusing = [waiver for waiver in certificate.waivers if waiver.state == "used"]
    yield from _listed("waived", [_waiver(waiver) for waiver in excusing])
    yield from _listed("flaky", [f"{c.id}: {', then '.join(c.attempts)}" for c in certificate.checks if c.flaky])
    yield from _listed("carried", [f"{c.id}, from run {c.carried}" for c in certificate.checks if c.carried])
    if certificate.earlier:
        runs = "run of this partner lies" if len(certificate.earlier) == 1 else "runs of this partner lie"
        verdicts = _counted([item.verdict for item in certificate.earlier])
        yield "other runs", f"{len(certificate.earlier)} more {runs} beside it: {verdicts}"
    system = certificate.origin.system
    yield "ran", f"{day(certificate.started)} on {'a laptop' if system == LAPTOP else system}"
    yield from ((name, fact) for name, fact in certificate.origin.facts.items() if name in _TOLD_OF_ORIGIN)
    yield "provenance", _WORTH[certificate.provenance]
    yield "issued", f"{day(certificate.issued)} by {certificate.issuer}"
    yield "expires", day(certificate.expires)
    yield "id", certificate.id


_WORTH = {
    Provenance.PRACTICE: "practice: it opens no gate that asks for gated runs",
    Provenance.GATED: "gated, as it claims: a gate believes that only of a key that is trusted for gated runs",
}
_TOLD_OF_ORIGIN = ("repository", "ref", "run")


def _waiver(waiver: ReportedWaiver) -> str:
    return f"{waiver.check}, by {waiver.approver} until {waiver.expires}: {waiver.reason}"


def _listed(label: str, items: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each with its label, and how many more there are."""
    yield from ((label, item) for item in items[:MOST])
    if len(items) > MOST:
        yield label, f"and {len(items) - MOST} more"


def _counted(words: Sequence[str]) -> str:
    counts = Counter(word.replace("_", " ").replace("-", " ") for word in words)
    return ", ".join(f"{count} {word}" for word, count in counts.most_common()) or "none"
