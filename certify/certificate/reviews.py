"""Approvals: who counter-signed a certificate, and whether that is enough.

    approvals/solution-engineer.jws      signed with a key that the key set trusts for approvals in that role

An approval names the bytes of the certificate, so one of another certificate counts for nothing. One that cannot be
believed is told and does not count; it says nothing against the certificate, because anybody can put a file there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from certify.certificate.authentic import Authentic, read_token
from certify.certificate.claims import from_approval_claims
from certify.errors import CertifyError
from certify.model.certificate import APPROVALS, Approval, Certificate
from certify.model.playbook import ApprovalRule
from certify.signing.jws import SKEW, Kind, verify
from certify.signing.key_set import KeySet, TrustedKey, Use

MAX_APPROVALS = 50
"""Files that are looked at; nobody has more roles."""


@dataclass(frozen=True)
class Approved:
    """An approval that counts, and the key that vouches for it."""

    approval: Approval
    key: TrustedKey


@dataclass(frozen=True)
class Reviews:
    """The approvals that count, and why the others do not."""

    approved: tuple[Approved, ...] = ()
    notes: tuple[str, ...] = ()


def reviews_of(path: Path, known: Authentic, keys: KeySet, *, now: float) -> Reviews:
    """The approvals beside a certificate that lies at ``path``.

    Those that are called after a role which the key set grants come first, so that no other files can crowd them out.
    """
    granted = {f"{role}.jws" for key in keys.keys for role in key.roles}
    files = sorted((path.parent / APPROVALS).glob("*.jws"), key=lambda file: (file.name not in granted, file.name))
    approved: list[Approved] = []
    notes = (
        [f"only the first {MAX_APPROVALS} files in {APPROVALS}/ were looked at"] if len(files) > MAX_APPROVALS else []
    )
    for file in files[:MAX_APPROVALS]:
        try:
            approved.append(read_approval(read_token(file), known.certificate, known.digest, keys, now=now))
        except CertifyError as error:
            notes.append(f"{APPROVALS}/{file.name} does not count: {error.message}")
    return Reviews(tuple(approved), tuple(notes))


def read_approval(token: bytes, certificate: Certificate, digest: str, keys: KeySet, *, now: float) -> Approved:
    """An approval of exactly that certificate. Raises a :class:`CertifyError` that says why it does not count."""
    verified = verify(token, keys, Kind.APPROVAL, Use.APPROVAL, now=now)
    approval = from_approval_claims(verified.claims)
    for wrong in _against(approval, verified.key, certificate, digest):
        raise NotApprovedError(wrong, ["have it approved again: certify approve RUN_DIR --as ROLE"])
    return Approved(approval, verified.key)


class NotApprovedError(CertifyError):
    """An authentic approval that is not one of this certificate, or not that person's to give."""


def _against(approval: Approval, key: TrustedKey, certificate: Certificate, digest: str) -> Iterable[str]:
    if approval.digest != digest or approval.certificate != certificate.id:
        yield f"it approves another certificate, {approval.certificate[:80]!r}, or other bytes of this one"
    if approval.role not in key.roles:
        granted = ", ".join(key.roles) or "no role"
        yield f"key {key.short} of {key.owner or 'nobody named'} may not approve as {approval.role!r}, but as {granted}"
    if not key.person:
        yield f"the key set names no owner of key {key.short}, so nobody knows who approved"
    elif approval.name != key.owner:
        yield f"it says that {approval.name!r} approves, and its key is of {key.owner}"
    if approval.at < certificate.issued - SKEW:
        yield "it is older than the certificate"


def missing_reviews(approved: Sequence[Approved], rules: Iterable[ApprovalRule], milestone: str) -> tuple[str, ...]:
    """What is missing for a milestone, in words; empty where the approvals suffice, or none is asked for."""
    missing: list[str] = []
    for rule in rules:
        if rule.milestone == milestone:
            counted = [item for item in approved if item.approval.role in rule.roles]
            missing += [f"nobody approved it as {role}" for role in rule.roles if role not in _roles(counted)]
            if (there := people(counted)) < rule.people:
                missing.append(f"{rule.people} different people have to approve it, and {there} did")
    return tuple(missing)


def _roles(approved: Iterable[Approved]) -> set[str]:
    return {item.approval.role for item in approved}


def people(approved: Sequence[Approved]) -> int:
    """How many people approved: those who share a key, or a name, count as one."""
    groups: list[set[str]] = []
    for item in approved:
        own = {f"person {item.key.person}", f"key {item.key.kid}"}
        groups, joined = [group for group in groups if not group & own], [group for group in groups if group & own]
        groups.append(own.union(*joined))
    return len(groups)
