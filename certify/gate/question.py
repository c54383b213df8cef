"""What the gate is asked, and what it is told: plain data, so that the decision is a pure function of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from certify.certificate.reviews import Approved
from certify.model.certificate import REVOCATIONS, Certificate, Provenance, Revocation
from certify.model.change import Staleness
from certify.model.playbook import Certification, EnvironmentRule, Playbook


@dataclass(frozen=True)
class Question:
    """May ``partner`` proceed at ``milestone`` to the environment of ``rule``?

    ``before`` are the milestones that the asked one stands on; ``program`` is the playbook's id. ``now`` is seconds
    since the epoch. ``strict`` grants nothing in a grace period, beside an unverifiable newer certificate, or beside
    what could not be looked at.
    ``place`` is the directory of the program, as it was named, for the commands that are told.
    """

    partner: str
    milestone: str
    rule: EnvironmentRule
    program: str
    rules: Certification
    now: float
    before: frozenset[str] = frozenset()
    strict: bool = False
    place: str = ""


@dataclass(frozen=True)
class Witness:
    """An authentic certificate of the partner: a trusted key signed it, and it contradicts itself nowhere.

    ``provenance`` is what both the certificate and its key say. ``content`` is the digest of its bytes, ``path`` its
    file. ``objections`` are why its run directory, or its list of checks, does not bear it out; ``over`` says that a
    waiver which it stands on has ended; ``unasked`` are checks of the milestone that its run was not asked for.
    """

    certificate: Certificate
    provenance: Provenance
    content: str
    path: Path
    approvals: tuple[Approved, ...] = ()
    objections: tuple[str, ...] = ()
    over: str = ""
    unasked: tuple[str, ...] = ()

    @property
    def waived(self) -> tuple[str, ...]:
        """What it says of each waiver that it stands on."""
        used = (item for item in self.certificate.waivers if item.state == "used")
        return tuple(f"it stands on a waiver: {item.check} may fail until {item.expires}" for item in used)


@dataclass(frozen=True)
class Suspect:
    """A file that says it is a certificate of the partner, and cannot be verified. What it claims is a claim only."""

    path: Path
    why: str
    started: float


@dataclass(frozen=True)
class Revoked:
    """What is known of revocations, from the list at ``path``. ``trouble`` says why that list cannot be used, where it
    is there or has to be; ``missing`` that it is not there."""

    path: Path = Path(REVOCATIONS)
    entries: tuple[Revocation, ...] = ()
    number: int = 0
    trouble: str = ""
    missing: bool = False


@dataclass(frozen=True)
class Evidence:
    """Everything that was found, for one question. ``staleness`` is that of the certificate which speaks.

    ``unseen`` tells what in the folder of reports could not be looked at: links, unreadable folders, broken files.
    ``partners`` are all of whom certificates say that they are, where none says it of the one who was asked for.
    """

    witnesses: tuple[Witness, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    revoked: Revoked = Revoked()
    staleness: Staleness = field(default_factory=Staleness)
    notes: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()


def milestones_before(playbook: Playbook, milestone: str) -> frozenset[str]:
    """All milestones that one stands on, near and far."""
    after = {item.id: item.after for item in playbook.milestones}
    found: set[str] = set()
    waiting = list(after.get(milestone, ()))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += after.get(name, ())
    return frozenset(found)
