"""Builders of certificates and of what the gate is asked, so that its tests read as sentences. No key is needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from certify.certificate.reviews import Approved
from certify.gate.decide import decide
from certify.gate.question import Evidence, Question, Revoked, Suspect, Witness
from certify.model.certificate import (
    Approval,
    Certificate,
    CertifiedCheck,
    CertifiedMilestone,
    Provenance,
    Revocation,
)
from certify.model.change import Staleness
from certify.model.gate import Decision
from certify.model.plan import Origin
from certify.model.playbook import ApprovalRule, Certification, EnvironmentRule, Grace
from certify.model.report import ReportedPartner, ReportedProgram
from certify.signing.key_set import TrustedKey, Use

DAY = 86_400.0
NOW = 1_793_700_000.0
"""2026-11-03 10:00 UTC."""
LAUNCH, CONNECTIVITY = "launch", "connectivity"
PRODUCTION = EnvironmentRule("production", "gated")
STAGING = EnvironmentRule("staging", "practice")
PUBLIC = Ed25519PrivateKey.generate().public_key()
CHANGED = Staleness(("contract",), checks=("a.one", "a.two", "a.three"))


def a_question(**changes: Any) -> Question:
    asked = Question("acme", LAUNCH, PRODUCTION, "playbook", Certification(), NOW, frozenset({CONNECTIVITY}))
    return replace(asked, **changes)


def a_certificate(run: str = "r1", days_ago: float = 1, verdict: str = "certified", **changes: Any) -> Certificate:
    """A run of so many days ago, signed an hour later, good for thirty days from then."""
    started = NOW - days_ago * DAY
    said = Certificate(
        id=f"{run}-id",
        partner=ReportedPartner("acme", "Acme", "https://sandbox.acme.example", "sandbox"),
        program=ReportedProgram("playbook", "Playbook", "1", "openapi/api.yaml", "1"),
        verdict=verdict,
        milestones=(
            CertifiedMilestone(CONNECTIVITY, "Connectivity", "certified"),
            CertifiedMilestone(LAUNCH, "Launch", verdict),
        ),
        run=run,
        started=started,
        issued=started + 3600,
        expires=started + 3600 + 30 * DAY,
        issuer="ci",
        provenance=Provenance.GATED,
        origin=Origin("github"),
        complete=True,
        checks=(CertifiedCheck("a.one", "passed"),),
        capabilities={},
        digests={"playbook": "sha256:1"},
        versions={},
    )
    return replace(said, **changes)


def milestones(**verdicts: str) -> tuple[CertifiedMilestone, ...]:
    return tuple(CertifiedMilestone(name, name.title(), verdict) for name, verdict in verdicts.items())


def a_witness(run: str = "r1", days_ago: float = 1, verdict: str = "certified", **changes: Any) -> Witness:
    """``provenance``, ``approvals``, ``objections``, ``over``, ``content`` and ``path`` are its own; others the
    certificate's."""
    own = {
        name: changes.pop(name)
        for name in ("approvals", "objections", "over", "unasked", "content", "path", "provenance")
        if name in changes
    }
    said = a_certificate(run, days_ago, verdict, **changes)
    return replace(
        Witness(said, Provenance.GATED, f"sha256:{run}", Path("reports/acme", run, "certificate.jws")), **own
    )


def practice(run: str = "p1", days_ago: float = 1, verdict: str = "certified") -> Witness:
    return a_witness(run, days_ago, verdict, provenance=Provenance.PRACTICE)


def a_suspect(days_ago: float = 0.5, why: str = "its signature is not one of that key") -> Suspect:
    return Suspect(Path("reports/acme/x/certificate.jws"), why, NOW - days_ago * DAY)


def a_revocation(witness: Witness, **changes: Any) -> Revocation:
    said = witness.certificate
    entry = Revocation(
        said.id,
        said.partner.id,
        "found out",
        NOW - 3600,
        "Ada",
        said.run,
        said.started,
        tuple(item.id for item in said.milestones),
        said.program.id,
        witness.provenance,
    )
    return replace(entry, **changes)


def approved(role: str, person: str, kid: str = "") -> Approved:
    key = TrustedKey(kid or f"kid-{person}", "EdDSA", PUBLIC, person, (Use.APPROVAL,), (role,))
    return Approved(Approval("r1-id", "sha256:r1", role, person, NOW), key)


REVIEWED = Certification(approvals=(ApprovalRule(LAUNCH, ("engineer", "security"), 2),))
GRACE = Certification(grace=Grace(expired_days=14, stale_days=5))


def decided(question: Question, *found: Witness | Suspect, **evidence: Any) -> Decision:
    """The decision upon what was found, in any order."""
    witnesses = tuple(item for item in found if isinstance(item, Witness))
    suspects = tuple(item for item in found if isinstance(item, Suspect))
    entries, trouble = evidence.pop("revoked", ()), evidence.pop("trouble", "")
    missing = evidence.pop("missing", False)
    revoked = Revoked(Path("reports/revocations.jws"), tuple(entries), len(entries), trouble, missing)
    return decide(question, Evidence(witnesses, suspects, revoked, **evidence))


def day(text: str) -> date:
    return date.fromisoformat(text)
