"""How the clean-up ledgers of a sandbox stand, for a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TextIO

from certify.cleanup import Standing
from certify.cli.terminal.screen import Steady
from certify.formats.inert import visible
from certify.model.cleanup import Leftover


def render_ledgers(ledgers: Sequence[Standing], out: TextIO, *, listed: bool) -> None:
    """One paragraph a ledger: whose it is, and what is open on it, by kind and reason."""
    steady = Steady(out)
    if not ledgers:
        print(
            "Nothing is waiting to be deleted. What cannot be deleted, the run or the doctor that made it has told.",
            file=steady,
        )
    for ledger in ledgers:
        began = datetime.fromtimestamp(ledger.time, UTC).strftime("%Y-%m-%d %H:%M UTC")
        state = "still running, left alone" if ledger.living else "ended"
        print(f"run {visible(ledger.run or 'unknown')}, {began}, {state}", file=steady)
        word = "waiting" if listed else "left"
        print(f"  {ledger.cleanup.created} created, {ledger.cleanup.deleted} gone again", file=steady)
        for item in ledger.cleanup.left:
            print(f"  {word}: {_line(item)}", file=steady)


def _line(item: Leftover) -> str:
    why = f" ({visible(item.why)})" if item.why else ""
    places = ", ".join(visible(place) for place in item.places[:5])
    more = ", …" if item.count > len(item.places[:5]) else ""
    return f"{item.count} of {visible(item.operation)} as {visible(item.identity)}{why}" + (
        f": {places}{more}" if places else ""
    )
