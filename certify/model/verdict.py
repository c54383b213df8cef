"""What outcomes mean: rulings for criteria, verdicts for milestones and for the run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from certify.model.outcome import Finding, Outcome
from certify.model.playbook import Criterion, Milestone, Waiver


class Ruling(StrEnum):
    """What the outcomes of its checks mean for a criterion."""

    MET = "met"
    NOT_MET = "not_met"
    UNPROVEN = "unproven"
    WAIVED = "waived"
    NOT_APPLICABLE = "not_applicable"


class Verdict(StrEnum):
    """For a milestone, and for the run."""

    CERTIFIED = "certified"
    NOT_CERTIFIED = "not_certified"
    UNPROVEN = "unproven"

    @property
    def exit_code(self) -> int:
        """0 certified · 1 not certified · 3 unproven."""
        return {Verdict.CERTIFIED: 0, Verdict.NOT_CERTIFIED: 1, Verdict.UNPROVEN: 3}[self]


class WaiverState(StrEnum):
    """What became of a waiver that was brought. Only ``used`` excuses anything."""

    USED = "used"
    UNNEEDED = "unneeded"  # its check did not fail
    EXPIRED = "expired"
    OTHER_PARTNER = "other-partner"
    NOT_WAIVABLE = "not-waivable"  # the playbook lets nobody waive that check
    OVER_BUDGET = "over-budget"  # more are brought for a milestone than the playbook allows; none of them counts


@dataclass(frozen=True)
class RuledWaiver:
    """A waiver and what became of it, with the reason in one sentence and the criteria in which it excuses."""

    waiver: Waiver
    state: WaiverState
    because: str
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckResult:
    """All outcomes of one check, condensed: the deciding one, every attempt, whether they disagreed, and the sources
    that had to report and did not (``missing``)."""

    check: str
    status: str  # a Status, or "silent": nothing was reported
    reason: str = ""
    note: str = ""
    findings: tuple[Finding, ...] = ()
    attempts: tuple[Outcome, ...] = ()
    flaky: bool = False
    missing: tuple[str, ...] = ()
    requests: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class CriterionRuling:
    """A criterion with its ruling, the checks behind it, and the waiver, if one counted."""

    criterion: Criterion
    ruling: Ruling
    because: str
    checks: tuple[CheckResult, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    blocking: bool = True


@dataclass(frozen=True)
class MilestoneVerdict:
    """A milestone with its verdict and the reason in one sentence."""

    milestone: Milestone
    verdict: Verdict
    because: str
    criteria: tuple[CriterionRuling, ...]


@dataclass(frozen=True)
class RunVerdict:
    """The judgement of a run: milestones in playbook order, what a reviewer should know besides, and every waiver that
    was brought."""

    verdict: Verdict
    milestones: tuple[MilestoneVerdict, ...]
    notes: tuple[str, ...] = ()
    waivers: tuple[RuledWaiver, ...] = ()

    @property
    def exit_code(self) -> int:
        return self.verdict.exit_code
