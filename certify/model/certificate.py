"""What is signed: a certificate, the approvals of it, and the revocations of what was signed before.

A certificate is the payload of ``certificate.jws``, a JWS in compact form (RFC 7515). An approval and a revocation list
are JWS of their own types. Times are seconds since the epoch (UTC); digests are ``sha256:`` and hex.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from certify.model.plan import Origin
from certify.model.report import ReportedPartner, ReportedProgram, ReportedWaiver

SCHEMA = "certify/certificate/1"

CERTIFICATE = "certificate.jws"
"""The certificate's place in its run directory."""
STATEMENT = "certificate.dsse.json"
"""The same for supply-chain tools: an in-toto Statement in a DSSE envelope."""
APPROVALS = "approvals"
"""The folder of the approvals in a run directory: ``approvals/<role>.jws``."""
REVOCATIONS = "revocations.jws"
"""The list of revocations, beside the partners' folders: ``<reports>/revocations.jws``."""
AUDIENCE = "certify"
"""``aud`` of everything that is signed (RFC 7519 §4.1.3)."""
DIGESTED: Mapping[str, str] = {
    "report": "certification.json",
    "plan": "run.json",
    "outcomes": "outcomes.ndjson",
    "exchanges": "exchanges.ndjson",
    "seal": "seal.json",
    "document": "contract.json",
}
"""The files of a run directory whose bytes a certificate digests, by the name of the digest; each where it is there."""


def approval_file(role: str) -> str:
    """The place of a role's approval in a run directory."""
    return f"{APPROVALS}/{role}.jws"


class Provenance(StrEnum):
    """Who vouches for the run that a certificate is about."""

    PRACTICE = "practice"  # a laptop: what it says is true of that day, and opens no gate
    GATED = "gated"  # a recognised CI system ran it, or a key that is named for it signed


@dataclass(frozen=True)
class CertifiedMilestone:
    id: str
    title: str
    verdict: str


@dataclass(frozen=True)
class CertifiedCheck:
    """A check that was planned, and how it ended.

    ``attempts`` are its statuses in order, all of them; ``flaky`` says that it passed only on a further one; ``suite``
    is the digest of the file that declares it; ``carried`` the run that it was carried over from, empty where it ran.
    ``answered`` is the day on which a person gave an answer (``2026-11-03``), empty for what was checked.
    """

    id: str
    status: str
    reason: str = ""
    attempts: tuple[str, ...] = ()
    flaky: bool = False
    suite: str = ""
    carried: str = ""
    answered: str = ""


@dataclass(frozen=True)
class EarlierRun:
    """A run of the same partner that was there when the certificate was issued: retrying until green is no secret."""

    run: str
    started: float
    verdict: str


@dataclass(frozen=True)
class Certificate:
    """What a certificate says. ``id`` is the JWT's ``jti``, ``issued`` its ``iat``, ``expires`` its ``exp``.

    ``digests`` maps the files of :data:`DIGESTED` to theirs, and program, playbook, contract, suites and profile.
    ``capabilities`` maps each need that a check can have (``jwt``, ``writes`` …) to why it is not met, empty where it
    is: with it, what should have run can be derived again. ``based_on`` is the id of the certificate from which
    outcomes were carried over.
    """

    id: str
    partner: ReportedPartner
    program: ReportedProgram
    verdict: str
    milestones: tuple[CertifiedMilestone, ...]
    run: str
    started: float
    issued: float
    expires: float
    issuer: str
    provenance: Provenance
    origin: Origin
    complete: bool
    checks: tuple[CertifiedCheck, ...]
    capabilities: Mapping[str, str]
    digests: Mapping[str, str]
    versions: Mapping[str, str]
    waivers: tuple[ReportedWaiver, ...] = ()
    earlier: tuple[EarlierRun, ...] = ()
    based_on: str = ""
    schema: str = SCHEMA


@dataclass(frozen=True)
class Approval:
    """A reviewer's counter-signature: ``name`` approves as ``role`` the certificate whose bytes have that digest."""

    certificate: str
    digest: str
    role: str
    name: str
    at: float
    comment: str = ""


@dataclass(frozen=True)
class Revocation:
    """A certificate that is not to be relied upon any more.

    ``run``, ``started``, ``milestones``, ``program`` and ``provenance`` are the certificate's: with them it is known
    what was revoked where the certificate is no longer there, or where the same run is signed again under another id.
    """

    certificate: str
    partner: str
    reason: str
    at: float
    by: str
    run: str = ""
    started: float = 0.0
    milestones: tuple[str, ...] = ()
    program: str = ""
    provenance: str = ""


@dataclass(frozen=True)
class RevocationList:
    """Everything revoked so far. ``number`` grows with each list, so that an older one can be told from a newer."""

    number: int
    issued: float
    revoked: tuple[Revocation, ...] = ()
