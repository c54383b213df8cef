"""The sandbox's only clock, so that a fault can set it wrong and a test can see it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from email.utils import formatdate


class Clock:
    """Wall time for people and tokens; monotonic time for limits, which must not jump."""

    def __init__(self) -> None:
        self.skew_s = 0.0
        self._date = (0, "")

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self.skew_s

    def ticks(self) -> float:
        """Seconds of a clock that never jumps."""
        return time.monotonic()

    def timestamp(self) -> str:
        """RFC 3339 in UTC, to the millisecond: ``2026-11-22T09:30:00.000Z``."""
        moment = datetime.fromtimestamp(self.now(), UTC)
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"

    def http_date(self) -> str:
        """The ``Date`` field (RFC 9110 §6.6.1), written once per second."""
        second = int(self.now())
        if self._date[0] != second:
            self._date = (second, formatdate(second, usegmt=True))
        return self._date[1]
