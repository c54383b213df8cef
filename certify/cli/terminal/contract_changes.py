"""The changes of a contract in a terminal: breaking ones first, then what follows for whom, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, TYPE_CHECKING

from certify.cli.terminal.screen import open_console, shown
from certify.formats.words import counted
from certify.model.change import Change, ChangeKind

if TYPE_CHECKING:
    from rich.console import Console

    from certify.recertification.partners import Concerned
    from certify.recertification.telling import Told

MOST = 200
"""Changes of one kind that are shown."""
TITLES = {
    ChangeKind.BREAKING: ("Breaking", "bold red"),
    ChangeKind.DEPRECATION: ("Deprecation", "bold yellow"),
    ChangeKind.NON_BREAKING: ("Non-breaking", "bold"),
}


def render_contract_changes(told: Told, stream: IO[str], color: bool | None = None) -> None:
    console = open_console(stream, color)
    if not told.changes:
        console.print("No change.", style="bold")
    for kind, (title, style) in TITLES.items():
        _kind(console, title, style, [change for change in told.changes if change.kind == kind])
    _terms(console, told)
    if told.looked:
        _partners(console, told.partners)
    for note in told.notes:
        console.print(f"Note: {shown(note, 400)}")


def _kind(console: Console, title: str, style: str, changes: Sequence[Change]) -> None:
    if not changes:
        return
    console.print(f"{title}: {counted(len(changes), 'change')}", style=style)
    for change in changes[:MOST]:
        where = f"{change.operation}: " if change.operation else ""
        console.print(f"  {shown(where + change.message, 400)}")
        place = f"{change.file}:{change.line}" if change.line else change.file
        console.print(f"    {change.rule}  {shown(place, 300)}  {shown(change.pointer, 300)}", style="dim")
    if len(changes) > MOST:
        console.print(f"  and {len(changes) - MOST:,} more: --format json lists them", style="dim")
    console.print()


def _terms(console: Console, told: Told) -> None:
    if told.operations:
        names = ", ".join(told.operations[:20]) + (" …" if len(told.operations) > 20 else "")
        console.print(f"Operations of which a server is asked something else: {shown(names, 1500)}")
    for term in told.terms:
        title = TITLES[term.kind][0].lower()
        console.print(f"A {title} change holds from {term.effective} on; certified again by {term.deadline}.")
    console.print()


def _partners(console: Console, partners: Sequence[Concerned]) -> None:
    if not partners:
        console.print("No partner has a certificate there.")
    for item in partners:
        until = f", until {item.expires}" if item.expires else ""
        console.print(f"{shown(item.partner, 80)}: certificate {shown(item.certificate, 80)}{until}", style="bold")
        if item.deadline is None:
            console.print("  nothing has to run again")
            continue
        console.print(f"  to be certified again by {item.deadline}: {counted(len(item.checks), 'check')}")
        for name, why in item.checks.items():
            console.print(f"    {shown(name, 120)}  {shown(why, 300)}")
        if item.criteria:
            console.print(f"  criteria: {shown(', '.join(item.criteria), 1500)}")
