"""The playbook: what must be true of a partner, who owns it, and by when."""

from __future__ import annotations

from dataclasses import dataclass
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
    """An argued exception for exactly one check of one partner, until a date."""

    check: str
    partner: str
    reason: str
    approver: str
    expires: date
    link: str = ""


@dataclass(frozen=True)
class Playbook:
    """A versioned, living document: milestones in order, whom to ask, how to escalate.

    ``contract`` is the contract's path from the program's root (``""``: the only or highest one). ``never_waivable``
    are checks that no waiver excuses, whichever criterion binds them.
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


@dataclass(frozen=True)
class Answer:
    """What a named person said about an attested, evidence or metric criterion."""

    criterion: str
    role: str
    name: str
    date: date
    statement: str = ""
    value: float | None = None
    file: str = ""
    sha256: str = ""
    met: bool = True
