"""A run that was made again, in a terminal: the sentence, the harness where it differs, whose each difference is."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from certify.cli.terminal.comparison import render_comparison
from certify.cli.terminal.screen import STYLES, open_console, shown
from certify.comparing.attribution import Attributed, Told, Whose

if TYPE_CHECKING:
    from rich.console import Console

    from certify.reproduce import Reproduction

MOST = 20
_WORDS = {
    Told.SAME: ("✓ Reproduced", "good"),
    Told.PARTNER: ("✕ The partner answers differently", "bad"),
    Told.UNTOLD: ("? Cannot be told", "doubt"),
}
_ORDER = (Whose.HARNESS, Whose.PARTNER, Whose.UNSTABLE, Whose.UNCERTAIN)


def render_reproduction(found: Reproduction, stream: IO[str], color: bool | None = None) -> None:
    """Print what came of it, then the comparison behind it."""
    console = open_console(stream, color)
    attribution = found.attribution
    words, tone = _WORDS[attribution.outcome]
    console.print()
    console.print(f"{words}: {shown(attribution.why, 300)}.", style=f"bold {STYLES[tone]}")
    if attribution.harness:
        console.print()
        console.print("The harness is another one", style="bold")
    for line in attribution.harness[:MOST]:
        console.print(f"  {shown(line, 300)}")
    for whose in _ORDER:
        _group(console, whose, [item for item in attribution.differences if item.whose is whose])
    if found.comparison.outcomes_differ or attribution.differences:
        render_comparison(found.comparison, stream, color)
    console.print()
    console.print(f"Run: {shown(str(found.done.path), 400)}", soft_wrap=True)


def _group(console: Console, whose: Whose, items: list[Attributed]) -> None:
    if items:
        console.print()
        console.print(f"{whose.capitalize()} ({len(items)})", style="bold")
    for item in items[:MOST]:
        console.print(f"  {shown(item.subject, 120)}: {shown(item.told, 200)}")
        console.print(f"      {shown(item.why, 300)}", style="dim")
        if item.witness is not None and whose is Whose.PARTNER:
            first = item.witness.differences[0]
            told = f"{first.place}: {first.before} → {first.after}"
            console.print(f"      {shown(item.witness.request, 300)}  {shown(told, 300)}")
