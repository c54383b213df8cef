"""Which checks are done, for each milestone and over all; the state behind the progress view. Thread-safe."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass

NOT_RUN = ("not_run", "not_applicable")
WORST = ("failed", "errored", "inconclusive", "not_run", "not_applicable", "passed")


@dataclass(frozen=True)
class Rung:
    """A milestone at this moment. ``state``: waiting, running, good, bad or doubt."""

    title: str
    done: int
    total: int
    state: str


class Tally:
    """Several sources may report one check, and one more than once: it counts once, and its worst status stays."""

    def __init__(self, total: int, milestones: Iterable[tuple[str, str, list[str]]]) -> None:
        self._lock = threading.Lock()
        self._total = total
        self._milestones = [(title, tuple(dict.fromkeys(checks))) for _, title, checks in milestones]
        self._statuses: dict[str, str] = {}

    def add(self, check: str, status: str) -> str | None:
        """Note a report; gives what the check's status was before, None when it is its first."""
        with self._lock:
            before = self._statuses.get(check)
            self._statuses[check] = min((item for item in (before, status) if item), key=_badness)
            return before

    @property
    def done(self) -> int:
        with self._lock:
            return sum(status not in NOT_RUN for status in self._statuses.values())

    @property
    def skipped(self) -> int:
        with self._lock:
            return sum(status in NOT_RUN for status in self._statuses.values())

    @property
    def failed(self) -> int:
        with self._lock:
            return sum(status == "failed" for status in self._statuses.values())

    @property
    def total(self) -> int:
        return max(self._total, self.done)

    def rungs(self) -> list[Rung]:
        with self._lock:
            return [self._rung(title, checks) for title, checks in self._milestones]

    def _rung(self, title: str, checks: tuple[str, ...]) -> Rung:
        told = [self._statuses[check] for check in checks if check in self._statuses]
        return Rung(title, len(told), len(checks), _state(told, len(checks)))


def _badness(status: str) -> int:
    return WORST.index(status) if status in WORST else 0


def worse(status: str, before: str) -> bool:
    """Whether a report changes for the worse what is known of a check."""
    return _badness(status) < _badness(before)


def _state(told: list[str], total: int) -> str:
    if "failed" in told:
        return "bad"
    if not total or not told:
        return "waiting"
    if len(told) < total:
        return "running"
    return "doubt" if set(told) - {"passed", "not_applicable"} else "good"


def time_left(done: int, total: int, estimate: float, elapsed: float) -> float:
    """Seconds still to go: by the estimate at first, by the pace so far once a quarter is done."""
    share = done / total if total else 1.0
    if share >= 0.25:
        return elapsed / share * (1 - share)
    return max(0.0, estimate - elapsed)
