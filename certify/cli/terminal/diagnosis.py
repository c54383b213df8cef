"""A diagnosis in a terminal: one line for each examination, then what is wrong, whose it is, and the line to change."""

from __future__ import annotations

import shlex
from typing import IO, TYPE_CHECKING

from certify.cli.terminal.screen import STYLES, open_console, shown
from certify.doctor import Ailment, Diagnosis, State, Weight
from certify.formats.words import counted

if TYPE_CHECKING:
    from rich.console import Console

_SIGNS = {
    State.HEALTHY: ("✓", "good"),
    State.WARNED: ("≈", "doubt"),
    State.AILING: ("✕", "bad"),
    State.NOT_NEEDED: ("·", "quiet"),
    State.NOT_LOOKED_AT: ("–", "quiet"),
}


def render_diagnosis(diagnosis: Diagnosis, stream: IO[str], color: bool | None = None) -> None:
    """Print a diagnosis."""
    console = open_console(stream, color)
    console.print()
    console.print(f"{shown(diagnosis.name, 80) or shown(diagnosis.profile)}  {shown(diagnosis.base_url)}", style="bold")
    console.print()
    _table(console, diagnosis)
    for weight, heading in ((None, "What is wrong"), (Weight.MINOR, "Worth knowing")):
        chosen = [item for item in diagnosis.ailments if (item.weight is Weight.MINOR) == (weight is Weight.MINOR)]
        if chosen:
            console.print()
            console.print(heading, style="bold")
        for item in chosen:
            _ailment(console, item)
    _ending(console, diagnosis)


def _table(console: Console, diagnosis: Diagnosis) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for item in diagnosis.examined:
        sign, tone = _SIGNS[item.state]
        told = Text(shown(item.told, 240), STYLES["quiet"] if tone == "quiet" else "")
        table.add_row(Text(f"  {sign} {item.title}", STYLES[tone]), told)
    console.print(table)


def _ailment(console: Console, item: Ailment) -> None:
    from rich.padding import Padding
    from rich.text import Text

    style = STYLES["doubt"] if item.weight is Weight.MINOR else STYLES["bad"]
    head = Text.assemble((f"{item.attribution}: ", style), shown(item.message, 600))
    console.print(Padding(head, (0, 0, 0, 2)))
    if item.where:
        console.print(f"      {shown(item.where)}", style="bold", soft_wrap=True)
    for line in item.advice.rstrip().splitlines():
        indent = " " * (8 + len(line) - len(line.lstrip()))
        console.print(f"{indent}{shown(line)}", soft_wrap=True)
    for cause in item.causes:
        console.print(Padding(f"- {shown(cause)}", (0, 0, 0, 6)))


def _ending(console: Console, diagnosis: Diagnosis) -> None:
    console.print()
    took = f"{counted(diagnosis.requests, 'request')}, {diagnosis.seconds:.1f} s"
    if diagnosis.healthy:
        console.print(f"Healthy ({took}). Next:", style=STYLES["good"])
        console.print(f"  certify run --partner {shlex.quote(diagnosis.profile)}", soft_wrap=True)
        return
    wrong = sum(item.weight is not Weight.MINOR for item in diagnosis.ailments)
    console.print(f"{wrong} {'problem' if wrong == 1 else 'problems'} ({took}).", style=STYLES["bad"])
