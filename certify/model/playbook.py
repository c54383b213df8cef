"""The playbook: what must be true of a partner, who owns it, and by when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """How a criterion is decided."""

    AUTOMATED = "automated"  # checks decide
    EVIDENCE = "evidence"  # a file, then a reviewer
    ATTESTED = "attested"  # a named role signs
    METRIC = "metric"  # a measured figure against a threshold


class Demand(StrEnum):
    """How strongly a milestone asks for a criterion."""

    REQUIRED = "required"
    RECOMMENDED = "recommended"
    PENDING = "pending"  # not yet blocking; becomes required on ``required_from``


@dataclass(frozen=True)
class Contact:
    """Whom to ask. ``topic`` is what for: technical, legal, marketing."""

    name: str
    email: str
    topic: str = "technical"
    hours: str = ""


@dataclass(frozen=True)
class EscalationStep:
    """Who is told when an answer is ``after_hours`` business hours late."""

    after_hours: int
    contact: str


@dataclass(frozen=True)
class Threshold:
    """A metric's bound: ``p95_ms <= 800``. ``metric`` is a name that the metrics source knows."""

    metric: str
    operator: str
    value: float


@dataclass(frozen=True)
class Criterion:
    """What must be true. An automated one binds ``checks``; the others are answered by ``role``.

    ``absent_ok`` says that a partner may lack the capability: its ``not_applicable`` then stays ``not_applicable``.
    """

    id: str
    statement: str
    kind: Kind
    demand: Demand = Demand.REQUIRED
    checks: tuple[str, ...] = ()
    role: str = ""
    threshold: Threshold | None = None
    waivable: bool = True
    absent_ok: bool = False
    required_from: date | None = None
    max_age_days: int | None = None
    guide: str = ""

    def blocks(self, today: date) -> bool:
        """Whether it holds its milestone back on a day."""
        if self.demand is Demand.PENDING:
            return self.required_from is not None and self.required_from <= today
        return self.demand is Demand.REQUIRED


@dataclass(frozen=True)
class Milestone:
    """A stage of onboarding. ``after`` are the milestones that come before it."""

    id: str
    title: str
    owner: str
    business_days: int
    entry: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    criteria: tuple[Criterion, ...] = ()


@dataclass(frozen=True)
class Waiver:
    """An argued exception for exactly one check of one partner, from the day it was granted until a date, inclusive.

    ``approver`` is a person's name, ``role`` the playbook's role in which they approved it.
    """

    check: str
    partner: str
    reason: str
    approver: str
    expires: date
    link: str = ""
    role: str = ""
    granted: date | None = None


@dataclass(frozen=True)
class EnvironmentRule:
    """What the gate of an environment asks for: ``provenance`` is practice or gated, and gated where nothing is said.

    ``revocation_list`` says that without a signed list of revocations nothing is granted.
    """

    id: str
    provenance: str = "gated"
    revocation_list: bool = False


@dataclass(frozen=True)
class ApprovalRule:
    """Who counter-signs for a milestone: every role once, and at least so many different people."""

    milestone: str
    roles: tuple[str, ...]
    people: int = 1


@dataclass(frozen=True)
class Grace:
    """Days for which a grant goes on, degraded, after a certificate expired or became stale. Zero: none."""

    expired_days: int = 0
    stale_days: int = 0


@dataclass(frozen=True)
class ChangeRule:
    """Notice that partners get of a change of that kind, and the days that they have to be certified again.

    ``kind`` is breaking, non_breaking or deprecation.
    """

    kind: str
    notice_days: int = 0
    grace_days: int = 0


@dataclass(frozen=True)
class NeverWaivable:
    """A class of checks that no waiver excuses: those of an area (``authz``), those of a standard's level (``MUST``).

    A check that is added to such a class tomorrow is covered without being named.
    """

    areas: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


@dataclass(frozen=True)
class WaiverRules:
    """How much may be waived: so many checks in each milestone, each for so many days at most.

    ``budgets`` are milestones with a budget of their own. None: no bound. ``roles`` are those that may approve one
    (none: each of the playbook's roles); ``never`` is the class that nobody can waive.
    """

    budget: int | None = None
    max_days: int | None = None
    budgets: Mapping[str, int] = field(default_factory=dict)
    roles: tuple[str, ...] = ()
    never: NeverWaivable = NeverWaivable()


@dataclass(frozen=True)
class Certification:
    """What a certificate is worth: for how long, who approves it, where it opens the gate, what a change does to it."""

    valid_days: int = 90
    environments: tuple[EnvironmentRule, ...] = ()
    approvals: tuple[ApprovalRule, ...] = ()
    grace: Grace = Grace()
    changes: tuple[ChangeRule, ...] = ()
    waivers: WaiverRules = WaiverRules()


@dataclass(frozen=True)
class Playbook:
    """A versioned, living document: milestones in order, whom to ask, how to escalate.

    ``contract`` is the contract's path from the program's root (``""``: the only or highest one). ``never_waivable``
    are checks that no waiver excuses, whichever criterion binds them. ``partner_roles`` are those of ``roles`` that are
    the partner's people: in these alone a file counts that the partner's own profile names.
    """

    id: str
    title: str
    version: str
    milestones: tuple[Milestone, ...]
    contacts: tuple[Contact, ...] = ()
    escalation: tuple[EscalationStep, ...] = ()
    roles: tuple[str, ...] = ()
    contract: str = ""
    never_waivable: tuple[str, ...] = ()
    certification: Certification = Certification()
    partner_roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What a named person said about an attested, evidence or metric criterion.

    ``own`` says that it stands in the file that the partner's profile names, and so in the partner's own hands.
    """

    criterion: str
    role: str
    name: str
    date: date
    statement: str = ""
    value: float | None = None
    file: str = ""
    sha256: str = ""
    met: bool = True
    own: bool = False
