"""The matrix of the self-test: each check on the honest sandbox, and with each of its faults."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO, TYPE_CHECKING

from certify.cli.terminal.screen import open_console, shown
from certify.formats.words import status_word

if TYPE_CHECKING:
    from rich.console import Console

Row = tuple[str, str, str, str, float, bool]
"""Check, fault or ``honest``, expected, got, seconds, whether that is right."""
HONEST = "honest"


def render_matrix(rows: Sequence[Row], stream: IO[str], color: bool | None = None) -> None:
    """Print the matrix, a block for each check, then what is wrong, then the count."""
    console = open_console(stream, color)
    _table(console, sorted(rows, key=lambda row: (row[0], row[1] != HONEST)))
    wrong = [row for row in rows if not row[5]]
    if wrong:
        console.print()
        console.print("Not as it should be", style="bold red")
    for check, fault, expected, got, _, _ in wrong:
        console.print(f"  {shown(check)} with {shown(fault)}: expected {_word(expected)}, got {_word(got)}")
    console.print()
    console.print(_count(rows), style="bold red" if wrong or not rows else "bold green")


def _table(console: Console, rows: Iterable[Row]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    before = ""
    for check, fault, _, got, seconds, right in rows:
        mark = Text("✓ as expected" if right else f"✕ {_word(got)}", "green" if right else "bold red")
        name = Text("" if check == before else shown(check), "bold")
        table.add_row(name, Text(shown(fault), "dim" if fault == HONEST else ""), mark, f"{seconds:.1f} s")
        before = check
    console.print(table)


def _word(status: str) -> str:
    return shown(status_word(status).label.lower(), 40)


def _count(rows: Sequence[Row]) -> str:
    honest = [row for row in rows if row[1] == HONEST]
    faults = [row for row in rows if row[1] != HONEST]
    caught = f"{sum(row[5] for row in faults)} of {len(faults)} faults are caught"
    return f"{sum(row[5] for row in honest)} of {len(honest)} checks pass on the honest sandbox; {caught}."
