"""A finding that was seen again, in a terminal: the word first, then request and answer, before and now."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from certify.cli.terminal.screen import STYLES, open_console, shown
from certify.model.codec import encode
from certify.model.exchange import Exchange
from certify.replay.oracle import Result
from certify.replay.replay import Replayed

if TYPE_CHECKING:
    from rich.console import Console

_WORDS = {Result.FIXED: ("✓ Fixed", "good"), Result.STILL: ("✕ Still failing", "bad"),
          Result.UNKNOWN: ("? Cannot tell", "doubt")}  # fmt: skip
_TOLD_HEADERS = ("content-type", "www-authenticate", "location", "retry-after", "cache-control")
_BODY = 300


def render_replay(done: Replayed, stream: IO[str], color: bool | None = None) -> None:
    """Print what came of it."""
    console = open_console(stream, color)
    words, tone = _WORDS[done.decision.result]
    console.print()
    console.print(f"{words}: {done.subject.name} {shown(done.subject.check, 80)}", style=f"bold {STYLES[tone]}")
    console.print(shown(done.decision.why, 800))
    for note in done.notes:
        console.print(f"Note: {shown(note)}", style="yellow")
    _exchange(console, "before", done.before)
    _exchange(console, "now", done.after)


def as_object(done: Replayed) -> dict[str, Any]:
    """The same for a machine."""
    return {
        "finding": done.subject.name,
        "check": done.subject.check,
        "result": done.decision.result.value,
        "why": done.decision.why,
        "notes": list(done.notes),
        "before": encode(done.before),
        "after": encode(done.after),
    }


def _exchange(console: Console, when: str, exchange: Exchange | None) -> None:
    if exchange is None:
        return
    request, response = exchange.request, exchange.response
    console.print()
    console.print(f"{when:7} {exchange.id}  as {shown(exchange.identity, 40)}", style="dim")
    console.print(f"  > {request.method} {shown(request.url, 300)}")
    if request.body:
        console.print(f"  > {shown(request.body, _BODY)}")
    if response is None:
        console.print(f"  < no answer: {shown(exchange.error or '')}")
        return
    console.print(f"  < {response.status} in {response.seconds * 1000:.0f} ms", style="bold")
    for name, value in response.headers:
        if name.lower() in _TOLD_HEADERS:
            console.print(f"  < {name}: {shown(value, 200)}")
    if response.body:
        console.print(f"  < {shown(response.body, _BODY)}")
