"""The plan in a terminal: in which order checks would run, what that costs, and what will not run, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

from certify.cli.terminal.screen import open_console, shown
from certify.formats.doubts import doubt
from certify.formats.words import counted, status_word
from certify.model.check import Stage
from certify.model.plan import Carried, ContractFacts, Plan, PlannedCheck
from certify.model.verdict import RuledWaiver, WaiverState
from certify.waiving import standings_of

if TYPE_CHECKING:
    from rich.console import Console

MISTAKES = 12
STAGES = {
    Stage.GATE: "First: everything else stands on these",
    Stage.ACTIVE: "Then",
    Stage.PASSIVE: "Over all that was recorded",
    Stage.EXHAUST: "Last, and alone: these use up a quota",
}


def render_plan(
    plan: Plan, stream: IO[str], color: bool | None = None, reasons: Mapping[str, str] | None = None
) -> None:
    """Print ``plan``. Nothing has been sent. ``reasons`` say why a check runs, where others are carried over."""
    console = open_console(stream, color)
    going = {check.id for check in plan.running}
    runs = [item for item in plan.checks if item.check.id in going]
    _headline(console, plan, len(runs))
    render_contract(console, plan.contract)
    for stage, title in STAGES.items():
        _stage(console, title, plan, [item for item in runs if item.check.stage is stage], reasons or {})
        if stage is Stage.ACTIVE:
            _generated(console, plan)
    _blocked(console, [item for item in plan.checks if item.blocked is not None])
    if plan.carried is not None:
        _carried(console, plan.carried)
    _waivers(console, standings_of(plan, datetime.fromtimestamp(plan.started, UTC).date()))


def _headline(console: Console, plan: Plan, runs: int) -> None:
    partner = plan.partner
    console.print()
    console.print(
        f"{shown(partner.name, 80)} ({shown(partner.environment, 40)}), {shown(partner.base_url)}", style="bold"
    )
    cost = f"about {counted(plan.requests, 'request')} in {_duration(plan.seconds)} at {plan.rate:g} a second"
    console.print(f"{runs} of {len(plan.checks)} checks would run, {cost}; seed {plan.seed}. Nothing has been sent.")
    for bound in plan.too_much:
        console.print(f"The budget will not do: {bound}. What does not fit will be not run.", style="bold yellow")
    titles = ", ".join(f"{item.title} ({item.id})" for item in plan.playbook.milestones)
    console.print(f"Milestones: {shown(titles, 1000)}.", style="dim")


def render_contract(console: Console, contract: ContractFacts) -> None:
    """What the contract is, what loading it took, and what is wrong with it."""
    parts = f", {len(contract.files)} files" if len(contract.files) > 1 else ""
    aside = f", {len(contract.set_aside):,} set aside" if contract.set_aside else ""
    cost = f"loaded in {contract.seconds:.1f} s, {contract.peak_mb:,} MB at most"
    console.print(
        f"Contract: {shown(contract.title or contract.source, 80)} {shown(contract.version, 40)}, written in "
        f"{shown(contract.dialect, 20)}{parts}: {counted(len(contract.operations), 'operation')}{aside}; {cost}.",
        style="dim",
    )
    if contract.mistake_count:
        console.print(f"{counted(contract.mistake_count, 'mistake')} in the contract:", style="yellow")
    for mistake in contract.mistakes[:MISTAKES]:
        console.print(f"  {shown(mistake, 1000)}", style="yellow")
    if contract.mistake_count > MISTAKES:
        console.print(f"  and {contract.mistake_count - MISTAKES:,} more: --json lists them", style="yellow")


def _carried(console: Console, carried: Carried) -> None:
    from rich.padding import Padding

    console.print()
    console.print(
        f"Carried over from run {shown(carried.run, 80)}: {counted(len(carried.checks), 'check')}", style="bold"
    )
    console.print(Padding(shown(", ".join(carried.checks), 8000), (0, 0, 0, 2)))


def _stage(console: Console, title: str, plan: Plan, items: Sequence[PlannedCheck], reasons: Mapping[str, str]) -> None:
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
        check = item.check
        cost = counted(check.requests, "request") if check.requests else "no requests"
        time = _duration(plan.pace(check.requests, check.seconds))
        why = f"\n    {shown(reasons[check.id], 300)}" if check.id in reasons else ""
        table.add_row(f"  {shown(check.id, 120)}{why}", Text(cost, "dim"), Text(time, "dim"))
    console.print(table)


def _generated(console: Console, plan: Plan) -> None:
    for name, estimate in plan.estimates.items():
        console.print()
        console.print(f"Beside them, where the limit allows: generated by the {shown(name, 40)} source", style="bold")
        time = _duration(plan.pace(estimate.requests, estimate.seconds))
        console.print(f"  about {counted(estimate.requests, 'request')}  {time}", style="dim")


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


def _waivers(console: Console, standing: Sequence[RuledWaiver]) -> None:
    """What is excused, should it fail, and what is not although somebody asked for it."""
    if standing:
        console.print()
        console.print("Waivers", style="bold")
    for item in standing:
        waiver, counts = item.waiver, item.state is WaiverState.UNNEEDED
        by = f"{waiver.approver} ({waiver.role})" if waiver.role else waiver.approver
        told = f"may fail until {waiver.expires}, by {by}" if counts else f"excuses nothing: {item.because}"
        console.print(f"  {shown(f'{waiver.check} {told}', 600)}", style="" if counts else "yellow")


def _duration(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
