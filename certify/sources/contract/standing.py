"""Does the identity that fuzzes still stand? Noticed in the job, decided by the parent, told in the outcome.

A generated request may delete the account that it comes from, change its password, or end its session. From then on
every answer is 401, and says nothing about the partner. So each process keeps its latest successes, counts refusals of
operations that worked before, and after a few asks the parent to send a read that worked (see ``keeper.py``).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

PATIENCE = 4
"""Refusals in a row, of operations that worked before, after which the parent is asked."""
PATIENCE_UNKNOWN = 10
"""The same, of operations that never worked: they may simply need another right."""
KEPT = 6
LOST = "the identity was lost"
"""The stop reason of a job that ended because its identity was."""


@dataclass(frozen=True)
class Step:
    """A signed request that succeeded: ``label`` is the engine's name, ``at`` seconds since the epoch."""

    label: str
    url: str
    status: int
    at: float

    @property
    def safe(self) -> bool:
        return self.label.startswith(("GET ", "HEAD "))


@dataclass
class Standing:
    """One process's view. Not thread-safe: the engine sends one request at a time."""

    steps: deque[Step] = field(default_factory=lambda: deque(maxlen=KEPT))
    control: Step | None = None
    refused_since: float = 0.0
    _worked: set[str] = field(default_factory=set)
    _known: int = 0
    _unknown: int = 0
    _factor: int = 1

    def saw(self, step: Step) -> bool:
        """Take in an answer to a signed request of a secured operation. True where it is time to ask the parent."""
        if step.status in (401, 403):
            return self._refused(step)
        if 200 <= step.status < 400:
            self._succeeded(step)
        return False

    def cleared(self) -> None:
        """The parent says that the identity stands: be twice as patient before asking again."""
        self._known = self._unknown = 0
        self._factor *= 2

    def _succeeded(self, step: Step) -> None:
        self._worked.add(step.label)
        self._known = self._unknown = 0
        self.steps.append(step)
        if step.safe and step.status < 300:
            self.control = step

    def _refused(self, step: Step) -> bool:
        if not self._known and not self._unknown:
            self.refused_since = step.at
        self._known += step.label in self._worked
        self._unknown += step.status == 401
        return self._known >= PATIENCE * self._factor or self._unknown >= PATIENCE_UNKNOWN * self._factor


def last_before_loss(steps: Iterable[Step]) -> Step | None:
    """What the identity did last: the latest success of all processes, or a change made within half a second of it.

    Nothing succeeds after the loss, except what another process had on its way at that moment.
    """
    ordered = sorted(steps, key=lambda step: step.at)
    if not ordered:
        return None
    changes = [step for step in ordered if not step.safe and step.at >= ordered[-1].at - 0.5]
    return changes[-1] if changes else ordered[-1]
