"""What is examined: a certificate, what lies beside it, and what it is held against."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from certify.certificate.authentic import Authentic
from certify.model.certificate import DIGESTED, Certificate, RevocationList
from certify.model.playbook import Playbook
from certify.program.program import Program
from certify.signing.key_set import KeySet


@dataclass(frozen=True)
class Against:
    """What a verifier brings. None and empty: not looked at.

    ``program`` is the one that is asked for now, ``playbook`` its playbook where it was read already; ``partner`` is a
    profile, ``expect_partner`` an id, ``report`` a report that does not lie beside the certificate. ``waivers`` is the
    file of those that stand today, where it does not lie beside the playbook; ``own`` says that the program is the
    verifier's own, so that a waiver which it does not keep does not stand.
    """

    program: Program | None = None
    playbook: Playbook | None = None
    partner: Path | None = None
    expect_partner: str = ""
    report: Path | None = None
    waivers: Path | None = None
    own: bool = False
    revocations: RevocationList | None = None


@dataclass(frozen=True)
class Case:
    """One examination. ``notes`` grows: what could not be looked at is told, never passed over. So does ``views``: the
    names of what lies beside it and is not signed."""

    path: Path
    known: Authentic
    keys: KeySet
    now: float
    against: Against
    notes: list[str] = field(default_factory=list)
    views: list[str] = field(default_factory=list)

    @property
    def certificate(self) -> Certificate:
        return self.known.certificate

    @property
    def folder(self) -> Path:
        return self.path.parent

    @cached_property
    def in_run(self) -> bool:
        """Whether the certificate lies in a run directory, or in what somebody left of one."""
        return any((self.folder / name).is_file() for name in DIGESTED.values())
