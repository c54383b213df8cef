"""In the job: when enough has been sent, of one operation or altogether."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from enum import Enum

from certify.sources.contract.volume import Volume


class Next(Enum):
    """What a request may do: go, or give way because the share of its operation, or of the whole, is used up."""

    GO = "go"
    NEXT_OPERATION = "next operation"
    END = "end"


class Bounds:
    """Counts what a process sends. ``label`` is the engine's name of an operation, ``phase`` its name of a phase."""

    def __init__(self, volume: Volume, clock: Callable[[], float] = time.monotonic) -> None:
        self._volume, self._clock = volume, clock
        self._until = clock() + volume.seconds
        self._sent = 0
        self._coverage: Counter[str] = Counter()

    def spend(self, label: str, phase: str) -> Next:
        """Ask for one request."""
        if self._sent >= self._volume.per_process or self._clock() > self._until:
            return Next.END
        if phase == "coverage":
            if self._coverage[label] >= self._volume.per_operation:
                return Next.NEXT_OPERATION
            self._coverage[label] += 1
        self._sent += 1
        return Next.GO
