"""The gate's answers: may this partner proceed, and if not, for which of the different reasons?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    """A closed list. Only ``granted`` lets a partner proceed; whatever cannot be told is a refusal."""

    GRANTED = "granted"
    FAILED = "failed"  # the newest certificate that counts says not certified
    UNPROVEN = "unproven"  # it says unproven
    MISSING = "missing"  # there is none
    EXPIRED = "expired"
    STALE = "stale"  # contract, playbook or suites changed since
    REVOKED = "revoked"
    UNTRUSTED = "untrusted"  # signature, key, digest, provenance or contradiction
    NOT_REVIEWED = "not-reviewed"  # an approval that the playbook demands is not there

    @property
    def exit_code(self) -> int:
        return EXIT_CODES[self]


EXIT_CODES = {
    Answer.GRANTED: 0,
    Answer.FAILED: 1,
    Answer.UNPROVEN: 3,
    Answer.MISSING: 10,
    Answer.EXPIRED: 11,
    Answer.STALE: 12,
    Answer.REVOKED: 13,
    Answer.UNTRUSTED: 14,
    Answer.NOT_REVIEWED: 15,
}
"""2 and 4 mean what they mean everywhere: usage or configuration, the harness."""


@dataclass(frozen=True)
class Decision:
    """What the gate says. ``until`` is the day from which it says otherwise, in a grace period or at expiry.

    ``degraded`` names the reason for which a grant holds only until then. ``checks`` are those to run again.
    """

    answer: Answer
    because: str
    remedy: str
    partner: str
    milestone: str
    environment: str
    certificate: str = ""
    run: str = ""
    degraded: Answer | None = None
    until: str = ""
    checks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
