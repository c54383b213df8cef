"""What changed against an earlier run, in a terminal."""

from __future__ import annotations

from typing import IO

from certify.cli.terminal.screen import STYLES, open_console, shown
from certify.unmet import Changes


def render_changes(changes: Changes, against: str, stream: IO[str], color: bool | None = None) -> None:
    """Print each kind of change that there is."""
    console = open_console(stream, color)
    console.print()
    console.print(f"Against {shown(against)}", style="bold")
    for word, names, tone in (
        ("✓ fixed", changes.fixed, "good"),
        ("✕ still failing", changes.still_failing, "bad"),
        ("✕ newly failing", changes.newly_failing, "bad"),
        ("? still not proven", changes.still_open, "doubt"),
    ):
        if names:
            console.print(f"  {word}: {shown(', '.join(names), 4000)}", style=STYLES[tone])
