"""What a check could examine, and what it had to leave out: silence about the rest must never look like a pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from certify.model.outcome import Reason
from certify.suite.expectations import COLLECTOR, note, violated
from certify.suite.verdicts import Inconclusive, NotApplicable, Stop


@dataclass
class Coverage:
    """Which operations a check could examine, and why not the others: what was not looked at must not pass silently.

    coverage = Coverage("secured operations")
    for operation in operations:
        with coverage.of(operation.id):
            …                                   # a Stop inside leaves the operation unexamined, and the loop goes on
    coverage.demand(0.8)
    """

    what: str
    done: list[str] = field(default_factory=list)
    skipped: dict[str, Stop] = field(default_factory=dict)

    def of(self, name: str) -> _Examination:
        return _Examination(self, name)

    @property
    def share(self) -> float:
        total = len(self.done) + len(self.skipped)
        return len(self.done) / total if total else 0.0

    def demand(self, share: float) -> None:
        """At least that share was examined, and at least one; otherwise the check cannot pass."""
        if self.skipped:
            named = "; ".join(f"{name}: {stop.note}" for name, stop in list(self.skipped.items())[:5])
            note(f"examined {len(self.done)} of {len(self.done) + len(self.skipped)} {self.what}. Left out: {named}")
        if violated() or (self.done and self.share >= share):
            return
        if not self.skipped:
            raise NotApplicable(Reason.NOTHING_TO_TEST, f"there are no {self.what}")
        reasons = {stop.reason for stop in self.skipped.values()}
        reason = reasons.pop() if len(reasons) == 1 else Reason.TOO_LITTLE_TRAFFIC
        raise _same_kind(self.skipped.values())(reason, COLLECTOR.get().note)


def _same_kind(stops: Iterable[Stop]) -> type[Stop]:
    """The status that all of them share, else *inconclusive*."""
    kinds = {type(stop) for stop in stops}
    return kinds.pop() if len(kinds) == 1 else Inconclusive


@dataclass
class _Examination:
    coverage: Coverage
    name: str

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        if error is None:
            self.coverage.done = [*dict.fromkeys([*self.coverage.done, self.name])]
        elif isinstance(error, Stop):
            self.coverage.skipped[self.name] = error
            self.coverage.done = [name for name in self.coverage.done if name != self.name]
        return isinstance(error, Stop)
