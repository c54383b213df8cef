"""What changed between two runs, as data. Every rendering is a view of a :class:`Comparison` and of nothing else.

``before`` is always the earlier side as it was named, ``after`` the later one. Texts may be a partner's: they are
quoted by whoever shows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from certify.model.change import Change

SCHEMA = "certify/comparison/1"


class Turn(StrEnum):
    """What became of a check, or of an answer that somebody gives."""

    NEWLY_FAILING = "newly_failing"
    NEWLY_UNPROVEN = "newly_unproven"  # it had an answer, or was not asked for, and nobody can tell now
    NEWLY_PASSING = "newly_passing"
    NO_LONGER_APPLICABLE = "no_longer_applicable"  # a capability is not offered any more
    NO_LONGER_FAILING = "no_longer_failing"  # it failed, and nobody can tell now
    STILL_FAILING = "still_failing"
    STILL_UNPROVEN = "still_unproven"
    GONE = "gone"  # not in the later run
    SAME = "same"


class Fate(StrEnum):
    """What became of a finding."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


class Bearing(StrEnum):
    """Which way a playbook's demand was moved."""

    ADDED = "added"
    REMOVED = "removed"
    TIGHTENED = "tightened"
    LOOSENED = "loosened"
    CHANGED = "changed"


@dataclass(frozen=True)
class Side:
    """One of the two runs. ``chosen`` says why it was taken, where nobody named it."""

    directory: str
    run: str
    started: float
    verdict: str
    complete: bool
    partner: str
    partner_name: str
    base_url: str
    seed: int
    requests: int
    chosen: str = ""


@dataclass(frozen=True)
class Difference:
    """The same place in both runs: ``status``, ``header content-type``, ``body /items/0/name``, ``actual`` …"""

    place: str
    before: str
    after: str


@dataclass(frozen=True)
class Witness:
    """The same request in both runs, answered differently; ``before`` and ``after`` are ids of the exchanges.

    ``alike``: the same but for ids and times, which each run makes anew. ``unsteady``: one of the runs gave both
    answers, so the difference is no change. ``values``: nothing differs but values that a run may make anew.
    """

    request: str
    before: str
    after: str
    differences: tuple[Difference, ...]
    alike: bool = False
    unsteady: bool = False
    values: bool = False


@dataclass(frozen=True)
class CheckChange:
    """``subject`` is a check's id, or ``answer:…`` for a criterion that people decide; empty statuses: not there.

    ``formerly`` is its id in the other run, where it was renamed. ``flaky_before`` and ``flaky_after`` tell in words
    how its attempts disagreed. ``findings`` are the later run's, else the earlier run's.
    """

    subject: str
    turn: Turn
    before: str
    after: str
    statement: str = ""
    formerly: str = ""
    reason_before: str = ""
    reason_after: str = ""
    note: str = ""
    flaky_before: str = ""
    flaky_after: str = ""
    milestones: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    witness: Witness | None = None


@dataclass(frozen=True)
class FindingChange:
    """``id_before`` and ``id_after`` are the findings' numbers in the reports, empty where there is none."""

    check: str
    fate: Fate
    title: str
    weight: str
    id_before: str = ""
    id_after: str = ""
    expected: str = ""
    actual: str = ""
    differences: tuple[Difference, ...] = ()
    witness: Witness | None = None


@dataclass(frozen=True)
class MilestoneChange:
    """Verdicts, empty where a run did not have the milestone; ``because`` is the later run's reason."""

    id: str
    title: str
    before: str
    after: str
    because: str = ""


@dataclass(frozen=True)
class DemandChange:
    """A criterion, a milestone or a rule of the playbook that asks for something else: ``place`` names it."""

    place: str
    bearing: Bearing
    told: str


@dataclass(frozen=True)
class OperationChange:
    """An operation whose coverage was gained or lost; ``before`` and ``after`` are why it was not exercised."""

    id: str
    gained: bool
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class FactChange:
    """What the runs stood on. ``part`` is contract, playbook, suites, profile, tools, certify, or run."""

    part: str
    name: str
    before: str
    after: str


@dataclass(frozen=True)
class SuiteChange:
    """A suite file that was changed, added or removed, and the checks that it declares."""

    file: str
    before: str
    after: str
    checks: tuple[str, ...]


@dataclass(frozen=True)
class WaiverChange:
    """``before`` and ``after`` tell approver, last day, reason and what it excused; empty where there is none."""

    check: str
    before: str
    after: str


@dataclass(frozen=True)
class Comparison:
    """See the module docstring. ``checks`` leaves out what is the same; ``counts`` counts every turn."""

    before: Side
    after: Side
    counts: Mapping[str, int]
    checks: tuple[CheckChange, ...] = ()
    findings: tuple[FindingChange, ...] = ()
    milestones: tuple[MilestoneChange, ...] = ()
    demands: tuple[DemandChange, ...] = ()
    facts: tuple[FactChange, ...] = ()
    suites: tuple[SuiteChange, ...] = ()
    contract: tuple[Change, ...] = ()
    operations: tuple[OperationChange, ...] = ()
    waivers: tuple[WaiverChange, ...] = ()
    notes: tuple[str, ...] = ()
    schema: str = field(default=SCHEMA)

    def of(self, turn: Turn) -> tuple[CheckChange, ...]:
        """The checks that took that turn, in the order of the later run."""
        return tuple(change for change in self.checks if change.turn is turn)

    @property
    def flaky(self) -> tuple[CheckChange, ...]:
        """Checks that are flaky in one of the runs."""
        return tuple(change for change in self.checks if change.flaky_before or change.flaky_after)

    @property
    def worse(self) -> bool:
        """Whether something fails, or is unproven, that did not and was not."""
        turns = {change.turn for change in self.checks}
        fallen = any(item.after in ("not_certified", "unproven") and _fell(item) for item in self.milestones)
        return bool(turns & {Turn.NEWLY_FAILING, Turn.NEWLY_UNPROVEN}) or fallen

    @property
    def outcomes_differ(self) -> bool:
        """Whether verdict, milestones or any outcome differ; what runs stood on is another matter."""
        moved = any(change.before != change.after for change in self.checks)
        return moved or bool(self.milestones) or self.before.verdict != self.after.verdict

    @property
    def exit_code(self) -> int:
        return 1 if self.worse else 0


_LADDER = ("certified", "unproven", "not_certified")


def _fell(change: MilestoneChange) -> bool:
    """Whether a milestone stands lower than before. One that was not there had not fallen short of anything."""
    before = _LADDER.index(change.before) if change.before in _LADDER else 0
    return change.after in _LADDER and _LADDER.index(change.after) > before
