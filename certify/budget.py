"""What all processes of a run together may still send: one small file, so that no process counts alone.

    budget = Budget(Meter.create(scratch / "meter", requests=500, until=time.time() + 300))    # the parent
    budget = Budget(Meter.open(path), reserve=40)                                              # each child
    budget.take()                                                                              # before each request

A request is taken before it is sent, so the number is never exceeded, also by processes that are killed. What a
run created it may also take away again: each create is taken with the request that will remove it.
"""

from __future__ import annotations

import contextlib
import fcntl
import math
import mmap
import os
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from certify.errors import BudgetSpentError

_SHAPE = struct.Struct("=8d")
_REQUESTS, _UNTIL, _USED, _OWED, GAP, SLOT, NOT_BEFORE, OBSERVED = range(8)
"""The numbers of a meter: the bounds (0: none), what was used and is owed; then the pace (``http/pacing.py``)."""


class Meter:
    """A few numbers that processes and threads share. Outside of :meth:`held` nobody reads or writes them."""

    def __init__(self, buffer: mmap.mmap | bytearray, descriptor: int | None = None) -> None:
        self._buffer, self._descriptor = buffer, descriptor
        self._lock = threading.Lock()

    @classmethod
    def create(
        cls, path: Path, *, requests: int | None = None, until: float | None = None, rate: float = 0.0, used: int = 0
    ) -> Meter:
        """A new meter: so many ``requests``, of which some were ``used``, none after ``until`` (our clock), ``rate`` a
        second; without, there is no bound."""
        gap = 1 / rate if rate else 0.0
        path.write_bytes(_SHAPE.pack(requests or 0, until or 0.0, used, 0, gap, -math.inf, -math.inf, 0))
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> Meter:
        """The meter that another process created."""
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        return cls(mmap.mmap(descriptor, _SHAPE.size), descriptor)

    @classmethod
    def alone(cls, rate: float | None = None) -> Meter:
        """A meter of this process alone, without bounds."""
        return cls(bytearray(_SHAPE.pack(0, 0, 0, 0, 1 / rate if rate else 0.0, -math.inf, -math.inf, 0)))

    @contextlib.contextmanager
    def held(self) -> Iterator[list[float]]:
        """The numbers, to be read and changed in place while nobody else does."""
        with self._lock, self._file_lock():
            numbers = list(_SHAPE.unpack_from(self._buffer))
            yield numbers
            _SHAPE.pack_into(self._buffer, 0, *numbers)

    @contextlib.contextmanager
    def _file_lock(self) -> Iterator[None]:
        # The kernel lets go of the lock of a process that is killed.
        if self._descriptor is None:
            yield
            return
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)


class Budget:
    """The bounds of a run, as one of its processes sees them. ``reserve`` requests, and seconds, are for the others."""

    def __init__(self, meter: Meter, reserve: int = 0, reserve_s: float = 0.0) -> None:
        self._meter, self._reserve, self._reserve_s = meter, reserve, reserve_s

    def take(self, *, creates: bool = False, cleaning: bool = False, late: bool = False) -> None:
        """Account for one request, and for the removal of what it ``creates``. Raises :class:`BudgetSpentError`.

        ``cleaning``: the request takes away what was created; it is never refused, since its place was kept. ``late``:
        it is looked up for that, which may be done when the time is up.
        """
        with self._meter.held() as n:
            if not cleaning and (why := self._lack(n, 1 + creates, -math.inf if late else 0.0)):
                raise BudgetSpentError(why)
            n[_USED] += 1
            n[_OWED] = max(0.0, n[_OWED] + creates - cleaning)

    def settle(self) -> None:
        """Nothing was created: its removal is not owed any more."""
        with self._meter.held() as n:
            n[_OWED] = max(0.0, n[_OWED] - 1)

    def lack(self, requests: int = 1, seconds: float = 0.0) -> str:
        """Why so many requests, or so many seconds, do not fit any more; empty where they do."""
        with self._meter.held() as n:
            return self._lack(n, requests, seconds)

    @property
    def used(self) -> int:
        with self._meter.held() as n:
            return int(n[_USED])

    @property
    def seconds(self) -> float | None:
        """Seconds until the time is up, negative when it is; None where there is no bound."""
        with self._meter.held() as n:
            return n[_UNTIL] - time.time() if n[_UNTIL] else None

    def _lack(self, n: list[float], requests: int, seconds: float) -> str:
        if n[_UNTIL] and time.time() + seconds + self._reserve_s >= n[_UNTIL]:
            return f"the time is up (--max-minutes){f': it takes about {seconds:.0f} s' if seconds else ''}"
        left = int(n[_REQUESTS] - n[_USED] - n[_OWED]) - self._reserve
        if n[_REQUESTS] and requests > left:
            whose = " for this" if self._reserve else ""
            needed = f", and about {requests} are needed" if requests > 2 else ""
            return f"{max(0, left)} of {int(n[_REQUESTS])} requests are left{whose} (--max-requests){needed}"
        return ""
