"""Which certificate speaks for a partner at a gate. Pure.

1. **Only authentic ones are heard**: signed by a key that the verifier named, for this partner, of this playbook. What
   cannot be verified is a note, whatever it claims. So nobody grants by putting files into a directory, and nobody
   denies by it either: a partner would have to be certified again for every stray file. Whoever may delete files there
   can deny anyway, and somebody who wants older certificates not to count, revokes them.
   One that says it was issued before its run began is not heard either: it would be the newest for years.
2. **Only those of enough provenance are heard.** Where the environment asks for gated runs, a practice certificate
   neither opens nor closes the gate, and is told as a note. Where practice is enough, gated ones count as well.
3. **Only those that speak of the milestone**: that name it, or say of one before it that it is not certified, because a
   milestone stands on those before it.
4. **The newest run decides**; of two certificates of one run the one issued last. A newer failure overrides an older
   success. The run's start counts and not the date of issue: else signing an old run again would hide a newer one.
   What a run carried over from an earlier one is as good as the newest run in between that ran the check itself: where
   it did not pass there, the certificate says so, and not that it once passed.
5. **A revoked certificate goes on to speak**, and says ``revoked``: only a newer run puts another in its place. The
   older one that it had replaced does not count again, since what was learnt upon revoking it may well be true of that
   too. The list of revocations says what a certificate was about, so it speaks even where its file is gone, and the
   same run signed again is revoked as well. So is one that outcomes were carried over to from a revoked run.
6. **Two authentic certificates that contradict each other** (one id or one run, and different words) are each other's
   objection: somebody who holds a key of enough provenance said two things. Where none of them speaks it is no matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from certify.certificate.revoked import revoked_by
from certify.gate.question import Question, Witness
from certify.model.certificate import Certificate, Provenance, Revocation
from certify.model.outcome import Status
from certify.model.verdict import Verdict
from certify.signing.jws import SKEW


@dataclass(frozen=True)
class Speaker:
    """The certificate that decides, or the revocation of one whose file is gone; and what is told besides."""

    witness: Witness | None = None
    revocation: Revocation | None = None
    contradiction: str = ""
    notes: tuple[str, ...] = ()


def choose(question: Question, witnesses: Sequence[Witness], revoked: Sequence[Revocation]) -> Speaker:
    """Who speaks; nobody where there is no certificate that counts."""
    heard = sorted((item for item in witnesses if counts(question, item)), key=_newest, reverse=True)
    witness = heard[0] if heard else None
    tombstone = _tombstone(question, witness, revoked)
    notes = _passed_over(question, witnesses)
    if tombstone is not None:
        return Speaker(None, tombstone, "", notes)
    if witness is None:
        return Speaker(notes=notes)
    serious = [item for item in witnesses if enough(question, item.provenance)]
    return Speaker(witness, revoked_by(witness.certificate, revoked), contradiction(witness, serious), notes)


def counts(question: Question, witness: Witness) -> bool:
    """Whether a certificate is heard at all; see the module docstring, 1 to 3."""
    certificate = witness.certificate
    return (
        certificate.partner.id == question.partner
        and certificate.program.id == question.program
        and enough(question, witness.provenance)
        and certificate.started <= certificate.issued + SKEW
        and word(question, certificate) is not None
    )


def enough(question: Question, provenance: str) -> bool:
    return provenance == Provenance.GATED or question.rule.provenance == Provenance.PRACTICE


def word(question: Question, certificate: Certificate) -> Verdict | None:
    """What a certificate says of the milestone asked about; None where it says nothing of it."""
    verdicts = {item.id: item.verdict for item in certificate.milestones}
    said = [verdicts[name] for name in (question.milestone, *sorted(question.before)) if name in verdicts]
    if Verdict.NOT_CERTIFIED in said:
        return Verdict.NOT_CERTIFIED
    if any(verdict != Verdict.CERTIFIED for verdict in said):
        return Verdict.UNPROVEN
    if question.milestone not in verdicts:
        return None
    return Verdict.CERTIFIED if certificate.complete else Verdict.UNPROVEN


def refuted(question: Question, witness: Witness, witnesses: Sequence[Witness]) -> dict[str, Witness]:
    """Carried checks that did not pass in the newest run that ran them itself, each with that run.

    Else naming the last success with ``--since`` would undo every failure. Runs of too little provenance are not asked,
    and a run of which no certificate is there cannot be.
    """
    own = witness.certificate
    found: dict[str, Witness] = {}
    for name in (check.id for check in own.checks if check.carried):
        ran = [item for item in _earlier(question, own, witnesses) if name in ran_itself(item.certificate)]
        newest = max(ran, key=_newest, default=None)
        if newest is not None and ran_itself(newest.certificate)[name] not in (Status.PASSED, Status.NOT_APPLICABLE):
            found[name] = newest
    return found


def _earlier(question: Question, own: Certificate, witnesses: Sequence[Witness]) -> list[Witness]:
    """The other runs of that partner and playbook that began before one, and whose word counts here."""
    return [
        item
        for item in witnesses
        if (item.certificate.partner.id, item.certificate.program.id) == (question.partner, question.program)
        and enough(question, item.provenance)
        and item.certificate.run != own.run
        and item.certificate.started < own.started
    ]


def ran_itself(certificate: Certificate) -> dict[str, str]:
    """The status of each check that a run did not take over from another."""
    return {check.id: check.status for check in certificate.checks if not check.carried}


def unsettled(question: Question, own: Certificate, witnesses: Sequence[Witness]) -> bool:
    """Whether some of what it carries was seen in no earlier run that ran it itself, so that more have to be read."""
    seen = {name for item in _earlier(question, own, witnesses) for name in ran_itself(item.certificate)}
    return any(check.carried and check.id not in seen for check in own.checks)


def contradiction(witness: Witness, witnesses: Sequence[Witness]) -> str:
    """What another authentic certificate says against this one, or nothing."""
    own = witness.certificate
    for other in witnesses:
        theirs = other.certificate
        if theirs == own:  # the same words in other bytes: a copy, or the twin that every ECDSA signature has
            continue
        if theirs.id == own.id:
            return f"{other.path} has the same id, and says something else"
        if theirs.run == own.run and _facts(theirs) != _facts(own):
            return f"{other.path} is of the same run, and says something else of it"
    return ""


def _facts(certificate: Certificate) -> tuple[object, ...]:
    """What two certificates of one run have to agree upon; when it was signed, and by whom, may differ."""
    return certificate.milestones, certificate.checks, dict(certificate.digests), certificate.complete


def _newest(witness: Witness) -> tuple[float, float, str]:
    return witness.certificate.started, witness.certificate.issued, witness.content


def _tombstone(question: Question, witness: Witness | None, revoked: Sequence[Revocation]) -> Revocation | None:
    """A revoked certificate that would speak now, had its file been kept."""
    newest = witness.certificate.started if witness else 0.0
    gone = [
        item
        for item in revoked
        if item.partner == question.partner
        and item.program in ("", question.program)
        and item.started > newest
        and question.milestone in item.milestones
        and enough(question, item.provenance)
    ]
    return max(gone, key=lambda item: item.started, default=None)


def _passed_over(question: Question, witnesses: Sequence[Witness]) -> tuple[str, ...]:
    """What is there and does not count, so that nobody wonders."""
    own = [item for item in witnesses if item.certificate.partner.id == question.partner]
    practice = [item for item in own if not enough(question, item.provenance)]
    foreign = [item for item in own if item.certificate.program.id != question.program]
    notes: list[str] = []
    if practice:
        newest = max(practice, key=_newest)
        more = f" and {len(practice) - 1} more" if len(practice) > 1 else ""
        notes.append(f"practice certificates open nothing here: {newest.path}{more}")
    if foreign:
        ids = ", ".join(sorted({item.certificate.program.id for item in foreign}))
        notes.append(f"certificates of another playbook ({ids}) do not count; this one is {question.program}")
    return tuple(notes)
