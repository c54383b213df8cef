"""Politeness: no more requests per second than the declared limit leaves us."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from certify.model.partner import Partner

DEFAULT_RATE = 5.0
"""Requests per second where the profile declares no limit: slow enough for a sandbox that nobody knows."""


class Pacer:
    """Spaces requests evenly. ``rate`` is requests per second, None for no bound. Thread-safe.

    The first ``burst`` requests go at once: a run starts with a handful of controls, and a limit is a sum over time.
    """

    def __init__(
        self,
        rate: float | None,
        burst: int = 10,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap = 1 / rate if rate else 0.0
        self._allowance = self._gap * burst
        self._clock, self._sleep = clock, sleep
        self._next = clock() - self._allowance
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when the next request may go out."""
        if not self._gap:
            return
        with self._lock:
            now = self._clock()
            self._next = max(self._next + self._gap, now - self._allowance)
            delay = self._next - now
        if delay > 0:
            self._sleep(delay)


def polite_rate(partner: Partner, share: float = 0.5) -> float:
    """Requests per second: a share of the tightest limit that binds every identity, or the default."""
    general = [limit.requests / limit.window_s for limit in partner.limits if limit.identity in ("*", "primary")]
    return min(general) * share if general else DEFAULT_RATE
