"""Approving: a reviewer's counter-signature under the bytes of a certificate, as ``approvals/<role>.jws``.

    proposal = propose(rundir, by, keys, Review("solution-engineer"), now=time.time())
    proposal.examined.certificate      # what is about to be approved, for a person to read
    proposal.give()

What cannot count is refused here: a certificate that cannot be relied upon, a role that the playbook does not know or
the key may not act in, a name that is not that of the key's owner. Whether the approvals suffice is for the gate to
say; what is still missing is told at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from certify.certificate.case import Against
from certify.certificate.claims import to_approval_claims
from certify.certificate.reviews import Approved, missing_reviews
from certify.certificate.revoked import list_beside, read_revocations
from certify.certificate.signatory import Signatory
from certify.certificate.verify import Examined, examine
from certify.errors import CertifyError, KeyMaterialError, OutputError, UsageError
from certify.model.certificate import CERTIFICATE, Approval, Certificate, approval_file
from certify.model.playbook import Playbook
from certify.nearest import suggest
from certify.rundir import RunDirectory
from certify.signing.jws import Kind, sign
from certify.signing.key_set import KeySet, TrustedKey
from certify.signing.refusal import Reason

MAX_COMMENT = 2000
"""Characters of a comment."""


class UnreliableCertificateError(CertifyError):
    """A certificate that nobody should put a name under. Its exit code is that of the gate's answer."""

    def __init__(self, examined: Examined) -> None:
        told = "; ".join(problem.message for problem in examined.problems[:5])
        strange = any(problem.reason is Reason.UNKNOWN_KEY for problem in examined.problems)
        first = ["name the key set that verifiers trust with --jwks"] if strange else []
        advice = dict.fromkeys(problem.advice for problem in examined.problems[:5] if problem.advice)
        super().__init__(f"{examined.path} cannot be approved: {told}", [*first, *advice])
        self.exit_code = examined.answer.exit_code


@dataclass(frozen=True)
class Review:
    """What a reviewer says. ``name`` empty: that of the key's owner; ``again``: in place of one in that role."""

    role: str
    name: str = ""
    comment: str = ""
    again: bool = False


@dataclass(frozen=True)
class Proposal:
    """An approval that may be given. ``certificate`` is what it is about, ``others`` are the approvals that stand."""

    rundir: RunDirectory
    by: Signatory
    known: TrustedKey
    approval: Approval
    certificate: Certificate
    others: tuple[Approved, ...]
    playbook: Playbook

    @property
    def missing(self) -> Mapping[str, tuple[str, ...]]:
        """What each certified milestone lacks when this approval is given; those that lack nothing are left out."""
        given = (*self.others, Approved(self.approval, self.known))
        rules = self.playbook.certification.approvals
        certified = [item.id for item in self.certificate.milestones if item.verdict == "certified"]
        found = {milestone: missing_reviews(given, rules, milestone) for milestone in certified}
        return {milestone: missing for milestone, missing in found.items() if missing}

    @property
    def same_person(self) -> tuple[str, ...]:
        """The other roles in which the same person approved, with whichever key: they count as one."""
        return tuple(item.approval.role for item in self.others if item.key.person == self.known.person)

    @property
    def asked_for(self) -> bool:
        """Whether the playbook asks for an approval in that role, for one of the certificate's milestones."""
        milestones = {item.id for item in self.certificate.milestones}
        rules = self.playbook.certification.approvals
        return any(self.approval.role in rule.roles for rule in rules if rule.milestone in milestones)

    def give(self) -> Path:
        """Sign and write it."""
        token = sign(to_approval_claims(self.approval), self.by.key, Kind.APPROVAL)
        try:
            return self.rundir.write(approval_file(self.approval.role), token.encode())
        except OSError as error:
            raise OutputError(f"cannot write to {self.rundir.path}: {error.strerror}", ["make it writable"]) from None


def propose(rundir: RunDirectory, by: Signatory, keys: KeySet, review: Review, *, now: float) -> Proposal:
    """An approval of the certificate in a run directory.

    A list of revocations that lies beside the reports is heeded.

    Raises :class:`UnreliableCertificateError`, :class:`UsageError` for a role or a name that does not fit, and
    :class:`KeyMaterialError` where the key may not approve in that role.
    """
    path = rundir.path / CERTIFICATE
    if not path.is_file():
        raise UsageError(f"{rundir.path} holds no {CERTIFICATE}", ["sign the run first: `certify sign`"])
    listed = list_beside(path)
    revocations = read_revocations(listed, keys, now=now) if listed is not None else None
    examined = examine(path, keys, now=now, against=Against(revocations=revocations))
    if examined.certificate is None or examined.problems:
        raise UnreliableCertificateError(examined)
    playbook = rundir.plan().playbook
    _known_role(review.role, playbook)
    known = _entitled(by, keys, review)
    standing = [item for item in examined.approvals if item.approval.role == review.role]
    if standing and not review.again:
        raise UsageError(
            f"{standing[0].approval.name} approved it as {review.role} already",
            ["--again puts yours in its place"],
        )
    approval = Approval(
        examined.certificate.id, examined.digest, review.role, known.owner, float(int(now)), _bounded(review.comment)
    )
    others = tuple(item for item in examined.approvals if item not in standing)
    return Proposal(rundir, by, known, approval, examined.certificate, others, playbook)


def _known_role(role: str, playbook: Playbook) -> None:
    if role not in playbook.roles:
        near, all_of_them = suggest(role, playbook.roles)
        advice = [all_of_them] if all_of_them else []
        raise UsageError(f"the playbook {playbook.id} knows no role {role!r}{near}", advice)


def _entitled(by: Signatory, keys: KeySet, review: Review) -> TrustedKey:
    """What the key set says of the key, where that lets it approve in the role and under the name."""
    known = by.known
    if known is None:
        raise KeyMaterialError(
            f"{keys.place} does not hold key {by.key.short}: nobody who verifies with it would count the approval",
            ["have the public half of your key added to that key set (certify keys jwks)"],
        )
    if not known.person:
        raise KeyMaterialError(f"{keys.place} does not say whose key {known.short} is, so it would count for nobody")
    if review.name and " ".join(review.name.split()).casefold() != known.person:
        raise UsageError(
            f"key {known.short} is of {known.owner}, not of {review.name!r}", ["approve with a key of your own"]
        )
    if review.role not in known.roles:
        roles = " or ".join(known.roles) or "nobody: it has no roles"
        raise KeyMaterialError(
            f"key {known.short} of {known.owner} may not approve as {review.role}, by {keys.place}",
            [f"it may approve as {roles}; whoever keeps the key set decides that"],
        )
    return known


def _bounded(comment: str) -> str:
    if len(comment) > MAX_COMMENT:
        raise UsageError(f"the comment has {len(comment):,} characters; {MAX_COMMENT:,} are the most", ["link a page"])
    return comment
