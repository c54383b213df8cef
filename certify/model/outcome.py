"""What happened to a check, and why. What it means for a criterion is decided elsewhere (``judge.py``)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """What happened. Only ``passed`` speaks for the partner; silence and doubt never do."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"  # it ran and could not tell
    NOT_APPLICABLE = "not_applicable"  # the profile does not offer the capability
    NOT_RUN = "not_run"  # a gate failed, no permission, no budget
    ERRORED = "errored"  # ours


class Reason(StrEnum):
    """Why a check has no verdict of its own: the closed list behind the last four statuses."""

    CONTROL_FAILED = "control-failed"  # the valid twin was refused, so a refusal proves nothing
    UNSTABLE = "unstable"  # failed once and did not reproduce
    THROTTLED = "throttled"  # 429 or 503 outside the rate checks, even after waiting
    TOO_LITTLE_TRAFFIC = "too-little-traffic"
    CANNOT_TELL = "cannot-tell"
    CAPABILITY_NOT_OFFERED = "capability-not-offered"
    NOTHING_TO_TEST = "nothing-to-test"  # the contract has no such operation
    GATE_FAILED = "gate-failed"  # a check that everything stands on did not pass
    NO_PERMISSION = "no-permission"  # allow_writes, allow_stress …
    MISSING_PROBE = "missing-probe"  # no operation was found; the finding names the profile entry
    MISSING_IDENTITY = "missing-identity"
    BUDGET = "budget"
    INTERRUPTED = "interrupted"
    CRASHED = "crashed"


class Weight(StrEnum):
    """How a finding counts: a ``violation`` fails its check, an ``advisory`` is told and does not."""

    VIOLATION = "violation"
    ADVISORY = "advisory"


@dataclass(frozen=True)
class Finding:
    """Why: what was expected, what came back, where, by which clause, and what to do.

    ``exchanges`` are ids in ``exchanges.ndjson``, the telling one first. ``pointer`` is a JSON Pointer (RFC 6901) into
    the response body, or ``""``. ``cause`` is equal for findings with one cause, so that reports can group them;
    ``operations`` are all the operations on which it was seen (``operationId`` or ``METHOD /path``). ``oracle`` says in
    a word or two how one answer by itself decides (``status 201``, see ``certify/replay/oracle.py``); empty: it cannot.
    """

    expected: str
    actual: str
    pointer: str = ""
    clause: str = ""
    exchanges: tuple[str, ...] = ()
    advice: str = ""
    weight: Weight = Weight.VIOLATION
    operations: tuple[str, ...] = ()
    cause: str = ""
    oracle: str = ""


@dataclass(frozen=True)
class Unexercised:
    """An operation that a source never got a success from, and why: so much of the contract was not examined."""

    operation: str
    why: str


@dataclass(frozen=True)
class Outcome:
    """One line of ``outcomes.ndjson``: one attempt at one check by one source.

    ``started`` is seconds since the epoch, ``seconds`` a duration, ``requests`` a count. ``unexercised`` is about the
    whole contract, not about the check, so a source tells it with one of its outcomes only.
    ``carried`` is the run in which it happened, where it was taken over from an earlier one. ``sightings`` is how each
    run of the test in this attempt ended, where a failure was to be confirmed: none of them is forgotten. ``answered``
    is the day (``2026-11-03``) on which a person said it, empty where a check did.
    """

    check: str
    status: Status
    source: str = "suites"
    reason: Reason | None = None
    operation: str | None = None
    attempt: int = 1
    findings: tuple[Finding, ...] = ()
    started: float = 0.0
    seconds: float = 0.0
    requests: int = 0
    note: str = ""
    unexercised: tuple[Unexercised, ...] = ()
    carried: str = ""
    sightings: tuple[str, ...] = ()
    answered: str = ""

    @property
    def ended(self) -> tuple[str, ...]:
        """How each run of the test ended, in order: one where nothing had to be confirmed."""
        return self.sightings or (self.status,)
