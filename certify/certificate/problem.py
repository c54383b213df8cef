"""What keeps a certificate from being relied upon: one thing each, with a reason from a closed list and what to do.

Where the signature does not hold the reason is that of ``signing/refusal.py``; all the others are here. Each maps to
one of the gate's answers, and with it to an exit code.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from certify.model.gate import Answer
from certify.signing.refusal import Reason


class Flaw(StrEnum):
    """What can be wrong with a certificate whose signature holds, or cannot even be looked at."""

    UNREADABLE = "unreadable"  # no file, a folder, or not ours to read
    CLAIMS = "claims"  # what JWT tools read and what it says itself are two things
    TIMES = "times"  # it is older than its run
    EXPIRED = "expired"
    WAIVER_ENDED = "waiver-ended"  # an exception that it stands on is over, or was taken back
    REVOKED = "revoked"
    STALE = "stale"  # another program than the one that is asked for now
    DIGEST = "digest"  # a file beside it is not the one that was signed
    MISSING_FILE = "missing-file"  # a file that was signed is not beside it any more
    UNSIGNED_FILE = "unsigned-file"  # a file of the record was not signed with it
    RECORD = "record"  # the run beside it is damaged
    REPORT = "report"  # the report says something else
    STATEMENT = "statement"  # what supply-chain tools read says something else
    VERDICT = "verdict"  # its own list of checks, or the record judged again, does not bear the verdict
    MISSING_CHECK = "missing-check"  # a check that should have run is not on it
    WRONGLY_BLOCKED = "wrongly-blocked"  # a check did not run that nothing kept from running
    CAPABILITIES = "capabilities"  # the profile offers something else than it says
    PLAYBOOK = "playbook"  # it names one playbook, and its digest is another's
    MILESTONES = "milestones"  # unknown to the playbook, or without those that come before
    WAIVER = "waiver"  # an exception that excuses nothing: another partner's, expired, forbidden
    OTHER_PARTNER = "other-partner"
    PROFILE = "profile"  # the profile is another than the one that was certified


_ANSWERS = {
    Flaw.EXPIRED: Answer.EXPIRED,
    Flaw.WAIVER_ENDED: Answer.EXPIRED,
    Flaw.REVOKED: Answer.REVOKED,
    Flaw.STALE: Answer.STALE,
}
"""Every other reason means that the certificate cannot be trusted."""
_WORST = (Answer.UNTRUSTED, Answer.REVOKED, Answer.EXPIRED, Answer.STALE)


@dataclass(frozen=True)
class Problem:
    """``message`` is a sentence; ``expected`` and ``found`` say of what, where there is something to compare."""

    reason: Reason | Flaw
    message: str
    expected: str = ""
    found: str = ""
    advice: str = ""

    @property
    def answer(self) -> Answer:
        """What the gate says where this is the worst that is wrong."""
        return _ANSWERS.get(self.reason, Answer.UNTRUSTED) if isinstance(self.reason, Flaw) else Answer.UNTRUSTED


def worst(problems: Iterable[Problem]) -> Answer | None:
    """The answer of the worst problem, None where there is none."""
    answers = {problem.answer for problem in problems}
    return next((answer for answer in _WORST if answer in answers), None)
