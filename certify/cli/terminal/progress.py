"""What is seen while a run goes on: one calm view in a terminal, one plain line per check anywhere else.

    with open_progress(30, [("auth", "Authentication", ["auth.valid-token-accepted"])], 41.0) as progress:
        progress.check("auth.valid-token-accepted", "passed")     # from any thread
        progress.note("waiting for the rate window")

It goes to standard error, so that standard output stays the verdict's.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

from certify.cli.terminal.screen import STYLES, Steady, open_console, shown, wants_colour
from certify.cli.terminal.tally import Rung, Tally, time_left, worse
from certify.formats.words import status_word

if TYPE_CHECKING:
    from rich.console import RenderableType

Milestones = Sequence[tuple[str, str, list[str]]]
_SIGNS = {"waiting": "·", "running": "…", "good": "✓", "bad": "✕", "doubt": "?"}
_BAR = 24


def open_progress(
    total_checks: int,
    milestones: Milestones,
    estimate_seconds: float,
    stream: IO[str] | None = None,
    plain: bool | None = None,
    title: str = "Certifying",
) -> Progress:
    """A progress view, to be entered. ``plain`` None: live in a terminal that welcomes it, plain lines elsewhere."""
    target = stream or sys.stderr
    tally = Tally(total_checks, milestones)
    use_plain = not wants_colour(target) if plain is None else plain
    kind = PlainProgress if use_plain else LiveProgress
    return kind(tally, estimate_seconds, target, title)


class Progress:
    """Counts checks and shows the count. ``clock`` is seconds from any fixed point."""

    def __init__(
        self, tally: Tally, estimate: float, stream: IO[str], title: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.tally = tally
        self.title = title
        self._estimate = estimate
        self._stream = Steady(stream)
        self._clock = clock
        self._started = clock()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return

    def check(self, check_id: str, status: str) -> None:
        """A check has been reported. Safe from any thread; repeated reports count once."""
        self._checked(shown(check_id, 120), str(status), self.tally.add(check_id, str(status)))

    def note(self, text: str) -> None:
        """Something that a person should know meanwhile."""
        raise NotImplementedError

    def _checked(self, check_id: str, status: str, before: str | None) -> None:
        raise NotImplementedError

    def count(self) -> str:
        """``13 of 30 · 2 failed · 1 not run · about 20 s left``: reported so far, and of those."""
        tally = self.tally
        parts = [f"{tally.done + tally.skipped} of {tally.total}"]
        parts += [f"{tally.failed} failed"] if tally.failed else []
        parts += [f"{tally.skipped} not run"] if tally.skipped else []
        return " · ".join([*parts, self._left()])

    def _left(self) -> str:
        finished = min(self.tally.total, self.tally.done + self.tally.skipped)
        seconds = time_left(finished, self.tally.total, self._estimate, self._clock() - self._started)
        if finished >= self.tally.total:
            return "finishing"
        if seconds < 1:
            return "a moment longer"
        return f"about {seconds / 60:.0f} min left" if seconds >= 90 else f"about {seconds:.0f} s left"


class PlainProgress(Progress):
    """One line for each check, no escape sequences: for logs."""

    def note(self, text: str) -> None:
        self._line(f"note: {shown(text)}")

    def _checked(self, check_id: str, status: str, before: str | None) -> None:
        """The count goes up once for each check; what one more source says of it is told when it is worse."""
        word = status_word(status).label.lower()
        count = f"{self.tally.done + self.tally.skipped:>3} of {self.tally.total}"
        if before is None:
            self._line(f"{count}  {word:<14} {check_id}")
        elif worse(status, before):
            self._line(f"{'now':>{len(count)}}  {word:<14} {check_id}")

    def _line(self, text: str) -> None:
        self._stream.write(text + "\n")
        self._stream.flush()


class LiveProgress(Progress):
    """Milestones and a bar, redrawn in place and wiped at the end, so that the verdict stands alone."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._live: Any = None
        self._last = ""

    def __enter__(self) -> Progress:
        try:
            self._start()
        except Exception:  # an odd terminal is no reason to end a run: nothing is shown then
            self._live = None
        return self

    def _start(self) -> None:
        from rich.live import Live

        console = open_console(self._stream, colour=True)  # type: ignore[arg-type]
        self._live = Live(
            get_renderable=self._view, console=console, refresh_per_second=4, transient=True,
            redirect_stdout=False, redirect_stderr=False,
        )  # fmt: skip
        self._live.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def note(self, text: str) -> None:
        if self._live is not None:
            self._live.console.print(shown(text), style="dim")

    def _checked(self, check_id: str, status: str, before: str | None) -> None:
        self._last = check_id

    def _view(self) -> RenderableType:
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        ladder = Table.grid(padding=(0, 2))
        for rung in self.tally.rungs():
            ladder.add_row(*_row(rung))
        done = self.tally.done + self.tally.skipped
        filled = round(_BAR * min(1.0, done / self.tally.total)) if self.tally.total else _BAR
        bar = Text("━" * filled, "cyan") + Text("━" * (_BAR - filled), "bright_black")
        return Group(Text(self.title, "bold"), ladder, Text.assemble(bar, "  ", self.count()), Text(self._last, "dim"))


def _row(rung: Rung) -> tuple[Any, ...]:
    from rich.text import Text

    style = STYLES.get(rung.state, "dim" if rung.state == "waiting" else "")
    return (
        Text(f"  {_SIGNS[rung.state]}", style),
        Text(shown(rung.title, 40)),
        Text(f"{rung.done} of {rung.total}", "dim"),
    )
