"""Whether a certificate can be relied upon, and if not, everything that is wrong with it.

    found = examine(path, load_key_set("jwks.json"), now=time.time(), against=Against(program=find_program()))
    found.answer       # granted, failed or unproven by its verdict; else untrusted, revoked, expired or stale
    found.problems     # each with its reason, what was expected, what was found, what to do

First comes the signature; where it does not hold nothing else is looked at, because nobody says it. Then each
examination below looks at one thing, none stops another, and all they find is told together. There is no network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from certify.certificate.authentic import UnreadableError, authentic
from certify.certificate.case import Against, Case
from certify.certificate.claims import ClaimsError
from certify.certificate.evidence import evidence
from certify.certificate.expected import expected
from certify.certificate.holder import holder
from certify.certificate.problem import Flaw, Problem, worst
from certify.certificate.reported import reported
from certify.certificate.reviews import Approved, reviews_of
from certify.certificate.sealed import sealed
from certify.certificate.validity import expiry, program, revocation, times, waivers
from certify.certificate.withdrawn import withdrawn
from certify.errors import CertifyError
from certify.model.certificate import Certificate, Provenance
from certify.model.gate import Answer
from certify.model.verdict import Verdict
from certify.signing.key_set import KeySet, TrustedKey
from certify.signing.refusal import Reason, SignatureRefused

Examination = Callable[[Case], Iterable[Problem]]
_EXAMINATIONS: tuple[Examination, ...] = (
    times,
    expiry,
    revocation,
    waivers,
    holder,
    evidence,
    reported,
    sealed,
    expected,
    withdrawn,
    program,
)
_ANSWERS: Mapping[str, Answer] = {Verdict.CERTIFIED: Answer.GRANTED, Verdict.NOT_CERTIFIED: Answer.FAILED}


@dataclass(frozen=True)
class Examined:
    """What came out. ``certificate`` and ``key`` are None where nobody who is trusted says it.

    ``approvals`` are those that count; whether they suffice, ``reviews.missing_reviews`` says. ``alone`` says that
    there was neither record nor report to hold it against. ``notes`` tell what was not looked at, and approvals that do
    not count; ``views`` are files beside it that are not signed.
    """

    path: Path
    certificate: Certificate | None = None
    key: TrustedKey | None = None
    digest: str = ""
    approvals: tuple[Approved, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    views: tuple[str, ...] = ()
    alone: bool = True

    @property
    def authentic(self) -> bool:
        """Nothing is wrong with it. Its verdict may still be that the partner is not certified."""
        return self.certificate is not None and not self.problems

    @property
    def provenance(self) -> str:
        """Gated only where the certificate says so and its key is trusted for it: anybody can set a variable called CI.

        Empty where nobody who is trusted says anything.
        """
        if self.certificate is None or self.key is None:
            return ""
        both = {self.certificate.provenance, self.key.provenance}
        return Provenance.GATED if both == {Provenance.GATED} else Provenance.PRACTICE

    @property
    def answer(self) -> Answer:
        """The worst problem's, or where there is none, what the verdict means."""
        if self.certificate is None:
            return worst(self.problems) or Answer.UNTRUSTED
        return worst(self.problems) or _ANSWERS.get(self.certificate.verdict, Answer.UNPROVEN)


def examine(path: Path, keys: KeySet, *, now: float, against: Against | None = None) -> Examined:
    """Look at a certificate from every side. ``now`` is seconds since the epoch.

    Raises :class:`certify.errors.ConfigurationError` where what it is held against cannot be read; never for anything
    that is wrong with the certificate or what lies beside it.
    """
    try:
        known = authentic(path, keys, now=now)
    except (UnreadableError, SignatureRefused, ClaimsError) as error:
        return Examined(path, problems=(_refused(error),))
    case = Case(path, known, keys, now, against or Against())
    problems = tuple(problem for examination in _EXAMINATIONS for problem in examination(case))
    reviews = reviews_of(path, known, keys, now=now)
    return Examined(
        path,
        known.certificate,
        known.key,
        known.digest,
        reviews.approved,
        problems,
        (*case.notes, *reviews.notes),
        tuple(case.views),
        alone=not case.in_run and case.against.report is None,
    )


def _refused(error: CertifyError) -> Problem:
    return Problem(_reason(error), error.message, advice="; ".join(error.advice) or _ASK)


_ASK = "do not rely on it; ask whoever gave it to you for the certificate.jws of the run"


def _reason(error: CertifyError) -> Reason | Flaw:
    match error:
        case SignatureRefused():
            return error.reason
        case ClaimsError():
            return Flaw.CLAIMS
        case _:
            return Flaw.UNREADABLE
