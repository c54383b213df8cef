"""The report: facts, rulings and verdict, flat enough to read. ``certification.json`` is exactly this.

Every other format is a view of a :class:`Report` and of nothing else, so each can be made again years later.
Times are seconds since the epoch (UTC). Ids of findings are ``F1``, ``F2`` … in order of importance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from certify.model.cleanup import CleanUp
from certify.model.exchange import Exchange
from certify.model.plan import Carried, Origin
from certify.model.role import RoleFound

SCHEMA = "certify/report/1"


@dataclass(frozen=True)
class ReportedContact:
    name: str
    email: str
    topic: str = "technical"
    hours: str = ""
    side: str = "partner"  # or "platform"


@dataclass(frozen=True)
class ReportedPartner:
    id: str
    name: str
    base_url: str
    environment: str


@dataclass(frozen=True)
class ReportedProgram:
    id: str
    title: str
    version: str
    contract: str
    contract_version: str


@dataclass(frozen=True)
class ReportedRun:
    """``complete`` is false when the run was interrupted or killed; such a run never certifies."""

    id: str
    started: float
    seconds: float
    seed: int
    requests: int
    complete: bool
    milestones: tuple[str, ...]
    checks: tuple[str, ...]
    digests: Mapping[str, str]
    versions: Mapping[str, str]
    command: tuple[str, ...] = ()
    origin: Origin = field(default_factory=Origin)
    carried: Carried | None = None


@dataclass(frozen=True)
class ReportedWaiver:
    """``state`` is used, unneeded, expired, other-partner, not-waivable or over-budget: only the first excuses.

    ``because`` says why it is in that state; ``role`` is the approver's; ``granted`` and ``expires`` are days
    (YYYY-MM-DD), both inclusive; ``criteria`` those in which it excuses its check.
    """

    check: str
    reason: str
    approver: str
    expires: str
    link: str = ""
    state: str = "used"
    criteria: tuple[str, ...] = ()
    role: str = ""
    granted: str = ""
    because: str = ""


@dataclass(frozen=True)
class ReportedCriterion:
    """``level`` is required, recommended or pending; ``because`` is the ruling's reason in one sentence.

    ``blocking`` says whether it held its milestone back on the day of the run: required ones do, and pending ones do
    once their date has come.
    """

    id: str
    statement: str
    ruling: str
    because: str
    kind: str
    level: str
    checks: tuple[str, ...]
    role: str = ""
    waiver: tuple[ReportedWaiver, ...] = ()
    required_from: str = ""
    guide: str = ""
    blocking: bool = True


@dataclass(frozen=True)
class ReportedMilestone:
    id: str
    title: str
    owner: str
    business_days: int
    verdict: str
    because: str
    entry: tuple[str, ...]
    criteria: tuple[ReportedCriterion, ...]


@dataclass(frozen=True)
class ReportedAttempt:
    """``sightings`` is how each run of the test in it ended, where a failure was to be confirmed."""

    source: str
    attempt: int
    status: str
    reason: str = ""
    sightings: tuple[str, ...] = ()

    @property
    def ended(self) -> tuple[str, ...]:
        """How each run of the test ended, in order: one where nothing had to be confirmed."""
        return self.sightings or (self.status,)


@dataclass(frozen=True)
class ReportedCheck:
    """``status`` is that of the deciding attempt, or ``silent`` when nothing was reported.

    ``operations`` are those that its requests went to; ``carried`` is the run that it was taken over from, empty where
    it ran; ``suite`` the digest of the file that declares it.
    """

    id: str
    area: str
    level: str
    clause: str
    statement: str
    status: str
    reason: str
    note: str
    requests: int
    seconds: float
    flaky: bool
    attempts: tuple[ReportedAttempt, ...]
    findings: tuple[str, ...]
    criteria: tuple[str, ...]
    operations: tuple[str, ...] = ()
    carried: str = ""
    formerly: tuple[str, ...] = ()
    suite: str = ""


@dataclass(frozen=True)
class ReportedCause:
    what: str
    fix: str


@dataclass(frozen=True)
class ReportedFinding:
    """One cause. ``again`` are command lines that show it again: a check re-run, and a curl with secrets as variables.

    ``weight`` is violation or advisory; ``blocks`` the milestones that it holds back; ``occurrences`` how often it was
    seen; ``exchanges`` keys of ``Report.evidence`` (only the telling ones are kept there). ``unwaivable`` says why no
    waiver can excuse its check; ``argue`` is the command line that prints one to argue for, where something is held
    back and one can. ``cause`` is equal for what one cause makes wrong, in this run and in others.
    """

    id: str
    check: str
    title: str
    weight: str
    expected: str
    actual: str
    pointer: str
    clause: str
    level: str
    advice: str
    causes: tuple[ReportedCause, ...]
    operations: tuple[str, ...]
    occurrences: int
    exchanges: tuple[str, ...]
    again: tuple[str, ...]
    criteria: tuple[str, ...]
    blocks: tuple[str, ...]
    contacts: tuple[ReportedContact, ...] = ()
    unwaivable: str = ""
    cause: str = ""
    argue: str = ""


@dataclass(frozen=True)
class ReportedOperation:
    """How an operation fared: requests sent, and the number of answers per status code.

    ``why`` says why it was not exercised; empty where it succeeded.
    """

    id: str
    requests: int
    succeeded: bool
    statuses: Mapping[str, int]
    why: str = ""


@dataclass(frozen=True)
class Coverage:
    operations: int
    exercised: int
    details: tuple[ReportedOperation, ...] = ()


@dataclass(frozen=True)
class Report:
    """See the module docstring. ``counts`` maps outcome statuses to numbers of checks.

    ``waivers`` are all that were brought, whether they excused
    anything or not. ``capabilities`` is the plan's: what the checks need, and why it is not met.
    ``roles`` are empty where the run did not scout, ``cleanup`` is None where nothing could be created.
    """

    schema: str
    verdict: str
    exit_code: int
    summary: str
    partner: ReportedPartner
    program: ReportedProgram
    run: ReportedRun
    milestones: tuple[ReportedMilestone, ...]
    checks: tuple[ReportedCheck, ...]
    findings: tuple[ReportedFinding, ...]
    coverage: Coverage
    counts: Mapping[str, int]
    notes: tuple[str, ...] = ()
    contacts: tuple[ReportedContact, ...] = ()
    escalation: tuple[str, ...] = ()
    evidence: Mapping[str, Exchange] = field(default_factory=dict)
    roles: tuple[RoleFound, ...] = ()
    cleanup: CleanUp | None = None
    waivers: tuple[ReportedWaiver, ...] = ()
    capabilities: Mapping[str, str] = field(default_factory=dict)
