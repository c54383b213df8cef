"""The plan in a terminal: in which order checks would run, what that costs, and what will not run, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, TYPE_CHECKING

from certify.cli.terminal.screen import open_console, shown
from certify.formats.doubts import doubt
from certify.formats.words import status_word
from certify.model.check import Stage
from certify.model.plan import Plan, PlannedCheck

if TYPE_CHECKING:
    from rich.console import Console

STAGES = {
    Stage.GATE: "First: everything else stands on these",
    Stage.ACTIVE: "Then",
    Stage.PASSIVE: "Over all that was recorded",
    Stage.EXHAUST: "Last, and alone: these use up a quota",
}


def render_plan(plan: Plan, stream: IO[str], color: bool | None = None) -> None:
    """Print ``plan``. Nothing has been sent."""
    console = open_console(stream, color)
    runs = [item for item in plan.checks if item.blocked is None]
    _headline(console, plan, len(runs))
    for stage, title in STAGES.items():
        _stage(console, title, [item for item in runs if item.check.stage is stage])
    _blocked(console, [item for item in plan.checks if item.blocked is not None])


def _headline(console: Console, plan: Plan, runs: int) -> None:
    partner = plan.partner
    console.print()
    console.print(
        f"{shown(partner.name, 80)} ({shown(partner.environment, 40)}), {shown(partner.base_url)}", style="bold"
    )
    cost = f"about {plan.requests:,} requests in {_duration(plan.seconds)}"
    console.print(f"{runs} of {len(plan.checks)} checks would run, {cost}; seed {plan.seed}. Nothing has been sent.")
    titles = ", ".join(item.title for item in plan.playbook.milestones)
    console.print(f"Milestones: {shown(titles)}.", style="dim")


def _stage(console: Console, title: str, items: Sequence[PlannedCheck]) -> None:
    from rich.table import Table
    from rich.text import Text

    if not items:
        return
    console.print()
    console.print(title, style="bold")
    table = Table.grid(padding=(0, 2))
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    for item in items:
        cost = f"{item.check.requests:,} requests" if item.check.requests else "no requests"
        table.add_row(f"  {shown(item.check.id, 120)}", Text(cost, "dim"), Text(_duration(item.check.seconds), "dim"))
    console.print(table)


def _blocked(console: Console, items: Sequence[PlannedCheck]) -> None:
    groups: dict[tuple[str, str, str], list[str]] = {}
    for item in items:
        if item.blocked:
            key = (item.blocked.status, item.blocked.reason, item.blocked.advice)
            groups.setdefault(key, []).append(item.check.id)
    if groups:
        console.print()
        console.print("Will not run", style="bold")
    for (status, reason, advice), checks in groups.items():
        _group(console, (status, reason, advice), checks)


def _group(console: Console, key: tuple[str, str, str], checks: list[str]) -> None:
    from rich.padding import Padding

    status, reason, advice = key
    word = status_word(status)
    console.print(Padding(f"{word.sign} {shown(', '.join(checks), 1500)}", (0, 0, 0, 2)), style="yellow")
    console.print(Padding(f"{word.label}: {doubt(status, reason).why} {shown(advice)}", (0, 0, 0, 6)))


def _duration(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
