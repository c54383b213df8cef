"""What to do about an answer, in commands where there are any; for a grant that will end, what to do before it does.

One sentence, then command lines, each on its own line and indented by two spaces. Names in capitals are yours to fill
in: PROFILE the partner profile, KEY a signing key, KEYS a key set.
"""

from __future__ import annotations

import shlex
from pathlib import Path

from certify.model.gate import Answer, Decision

MOST = 12
"""Checks that are named."""


def remedy(decision: Decision, run: Path | None, *, roles: tuple[str, ...] = (), unlisted: bool = False) -> str:
    """``run`` is the run directory of the certificate that decided, ``roles`` those in which nobody approved.

    ``unlisted`` says that nothing is wrong but the list of revocations.
    """
    place = shlex.quote(str(run)) if run else "RUN_DIR"
    if unlisted:
        return _lines(
            "put the signed list of revocations where the gate reads it, or begin one where there was none.",
            "certify revoke --list reports/revocations.jws --key KEY",
        )
    if roles:
        asked = (f"certify approve {place} --as {shlex.quote(role)} --key KEY" for role in roles)
        return _lines("let each of them read the report and approve, everybody with a key of their own.", *asked)
    if decision.answer is Answer.GRANTED and decision.degraded is not None:
        return _before(decision, place)
    return _for(decision.answer, decision, place)


def _before(decision: Decision, place: str) -> str:
    assert decision.degraded is not None
    return f"Before {decision.until}: {_for(decision.degraded, decision, place)}"


def _for(answer: Answer, decision: Decision, place: str) -> str:
    match answer:
        case Answer.GRANTED:
            return ""
        case Answer.FAILED:
            return _lines(
                "mend what the report names, then certify again.",
                f"certify replay {place} F1",
                *_whole(decision),
            )
        case Answer.UNPROVEN:
            return _lines(
                "see what was not run or not answered, then certify again.",
                f"certify judge {place}",
                *_whole(decision),
            )
        case Answer.MISSING:
            return _lines("certify in CI, and sign the run with a key that is named for it.", *_whole(decision))
        case Answer.EXPIRED:
            return _lines("certify again.", *_whole(decision))
        case Answer.STALE:
            return _lines(f"run again what the change touches: {_few(decision.checks)}.", *_since(decision, place))
        case Answer.REVOKED:
            return _lines(
                "settle what it was revoked for, then certify again; nothing older counts.", *_whole(decision)
            )
        case Answer.UNTRUSTED:
            return _lines(
                "find out who wrote it; restore the run directory, the key set or the list from where they are kept.",
                f"certify verify {place}/certificate.jws --jwks KEYS",
            )
        case Answer.NOT_REVIEWED:
            return _lines(
                "let another person approve in one of the roles, with a key of their own.",
                f"certify approve {place} --as ROLE --key KEY --again",
            )


def _whole(decision: Decision) -> tuple[str, ...]:
    milestone = shlex.quote(decision.milestone)
    return (
        f"certify run --partner PROFILE --milestone {milestone} --out RUN_DIR",
        "certify sign RUN_DIR --key KEY",
    )


def _since(decision: Decision, place: str) -> tuple[str, ...]:
    return (
        f"certify run --partner PROFILE --since {place}/certificate.jws --out RUN_DIR",
        "certify sign RUN_DIR --key KEY",
    )


def _few(checks: tuple[str, ...]) -> str:
    more = f" and {len(checks) - MOST} more" if len(checks) > MOST else ""
    return ", ".join(checks[:MOST]) + more


def _lines(sentence: str, *commands: str) -> str:
    return "\n".join([sentence[0].upper() + sentence[1:], *(f"  {command}" for command in commands)])
