"""The endings of a check that a later one superseded: Allure shows them as retries, so that none of them is hidden.

Of one source only: what another source says of a check is no retry.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from certify.model.report import ReportedCheck

MOST = 20


class Ending(NamedTuple):
    """How one run of a test ended; ``time`` counts its runs within the attempt, from 1."""

    source: str
    attempt: int
    time: int
    status: str
    reason: str


def superseded(check: ReportedCheck) -> tuple[Ending, ...]:
    """In order, the last ``MOST``: those of earlier attempts, and within the last attempt all but the last."""
    return tuple(_endings(check))[-MOST:]


def _endings(check: ReportedCheck) -> Iterator[Ending]:
    latest: dict[str, int] = {}
    for attempt in check.attempts:
        latest[attempt.source] = max(attempt.attempt, latest.get(attempt.source, 0))
    for attempt in check.attempts:
        ended = attempt.sightings or (attempt.status,)
        past = ended if attempt.attempt < latest[attempt.source] else ended[:-1]
        for time, status in enumerate(past, start=1):
            yield Ending(attempt.source, attempt.attempt, time, status, attempt.reason)
