"""One row of the table of figures, and how it is printed."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured, against what, and the limit that it should keep. ``value`` and ``limit`` share ``unit``."""

    what: str
    value: float
    limit: float
    unit: str
    how: str

    @property
    def kept(self) -> bool:
        return self.value <= self.limit


def markdown(figures: Sequence[Figure]) -> str:
    rows = [
        f"| {f.what} | {f.value:.2f} {f.unit} | ≤ {f.limit:g} {f.unit} | {'yes' if f.kept else '**no**'} | {f.how} |"
        for f in figures
    ]
    return "\n".join(["| what | measured | limit | kept | how |", "|---|---|---|---|---|", *rows])


def seconds_of(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def alternating(first: Callable[[], object], second: Callable[[], object], rounds: int) -> float:
    """The median ratio first / second over rounds in which they take turns, so that a slow minute slows both."""
    return statistics.median(seconds_of(first) / seconds_of(second) for _ in range(rounds))


def quietly(*words: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command without its output."""
    return subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
