"""Whether a certificate still counts: its times, its revocation, the exceptions it stands on, the program of now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta

from certify.certificate.case import Case
from certify.certificate.problem import Flaw, Problem
from certify.certificate.revoked import revoked_by
from certify.model.certificate import Certificate
from certify.model.report import ReportedWaiver
from certify.model.verdict import WaiverState
from certify.program.digest import combined
from certify.signing.jws import SKEW

_AGAIN = "certify the partner again: certify run, then certify sign"


def moment(seconds: float) -> str:
    """``2026-11-03 10:40 UTC``. Years that no calendar has are told as the number that they are."""
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError, OSError):
        return f"{seconds:g} s after 1970"


def times(case: Case) -> Iterator[Problem]:
    """A run comes before its certificate: else a clock, or whoever signed, was not right."""
    said = case.certificate
    if said.started > said.issued + SKEW:
        message = "it was issued before the run that it is about began"
        yield Problem(Flaw.TIMES, message, moment(said.started), moment(said.issued), _AGAIN)


def expiry(case: Case) -> Iterator[Problem]:
    """RFC 7519 §4.1.4, with the tolerance of clocks that it allows."""
    if case.now > case.certificate.expires + SKEW:
        ended = moment(case.certificate.expires)
        yield Problem(Flaw.EXPIRED, f"it expired on {ended}", "a certificate of today", f"valid until {ended}", _AGAIN)


def revocation(case: Case) -> Iterator[Problem]:
    """Whether the list of revocations names it, its run, which could be signed again, or what it is based on."""
    if case.against.revocations is None:
        case.notes.append("revocation was not looked at: no list was given")
        return
    said = case.certificate
    if (item := revoked_by(said, case.against.revocations.revoked)) is not None:
        own = item.certificate == said.id or item.run == said.run
        what = "it" if own else f"outcomes on it were carried over from {item.certificate}, which"
        message = f"{what} was revoked on {moment(item.at)} by {item.by}: {item.reason}"
        yield Problem(Flaw.REVOKED, message, "nothing that somebody revoked", item.certificate, _AGAIN)


def waivers(case: Case) -> Iterator[Problem]:
    """An exception ends with its last day, and what was certified only because of it ends with it."""
    today = datetime.fromtimestamp(case.now, UTC)
    for waiver in case.certificate.waivers:
        ends = _end(waiver)
        if waiver.state == WaiverState.USED and ends is not None and today > ends + timedelta(seconds=SKEW):
            message = (
                f"the waiver of {waiver.check}, without which it would not be certified, ended on {waiver.expires}"
            )
            advice = f"mend {waiver.check}, or argue for another waiver; then certify the partner again"
            yield Problem(Flaw.WAIVER_ENDED, message, "an exception that still holds", waiver.expires, advice)


def _end(waiver: ReportedWaiver) -> datetime | None:
    """The midnight at which a waiver's last day ends. One whose date is none is refused by ``expected``."""
    try:
        return datetime.combine(date.fromisoformat(waiver.expires), time.min, UTC) + timedelta(days=1)
    except (ValueError, OverflowError):
        return None


# — the program of now —


def program(case: Case) -> Iterator[Problem]:
    """Whether it speaks of the program that is asked for; what a difference means is for the gate to say."""
    if case.against.program is None:
        return
    for part in changed(case.certificate, case.against.program.digests):
        now, then = case.against.program.digests.get(part, "none"), case.certificate.digests.get(part, "none")
        message = f"the {part} changed since it was certified"
        advice = "certify gate says which checks have to run again; certify run --since CERTIFICATE runs just these"
        yield Problem(Flaw.STALE, message, now, then, advice)


def changed(certificate: Certificate, now: Mapping[str, str]) -> tuple[str, ...]:
    """Which of playbook, suites and contract are others than those that were certified.

    A partner may bring a contract of its own, of which the program's says nothing. So the program's is compared by what
    it contributed to the digest of the whole program then.
    """
    then = certificate.digests
    parts = [part for part in ("playbook", "suites") if then.get(part) != now.get(part)]
    as_then = {part: then.get(part, "") for part in now if part in ("playbook", "suites")}
    contract = {"contract": now["contract"]} if "contract" in now else {}
    return (*parts, *(() if combined({**as_then, **contract}) == then.get("program") else ("contract",)))
