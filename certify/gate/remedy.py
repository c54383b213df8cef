"""What to do about an answer, in commands where there are any; for a grant that will end, what to do before it does.

One sentence, then command lines, each on its own line and indented by two spaces. Names in capitals are yours to fill
in: PROFILE the partner profile, KEY a signing key, KEYS a key set.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from certify.model.gate import Answer, Decision

MOST = 12
"""Checks that are named."""


@dataclass(frozen=True)
class Case:
    """What commands name. ``run`` is the run directory of the certificate that decided, ``program`` the directory of
    the program, as it was named, ``roles`` those in which nobody approved. ``unusable`` is the list of revocations,
    where nothing else is wrong, and ``unlisted`` says that none is there."""

    run: Path | None = None
    program: str = ""
    roles: tuple[str, ...] = ()
    unusable: Path | None = None
    unlisted: bool = False

    @property
    def place(self) -> str:
        return shlex.quote(str(self.run)) if self.run else "RUN_DIR"

    @property
    def options(self) -> str:
        """What a run has to be told besides its profile."""
        return f" --program {shlex.quote(self.program)}" if self.program else ""


def remedy(decision: Decision, case: Case) -> str:
    """What to do about a decision; empty where nothing is to be done."""
    if case.unusable is not None:
        return _list_again(case.unusable, begin=case.unlisted)
    if case.roles:
        asked = (f"certify approve {case.place} --as {shlex.quote(role)} --key KEY --jwks KEYS" for role in case.roles)
        return _lines("let each of them read the report and approve, everybody with a key of their own.", *asked)
    if decision.answer is Answer.GRANTED and decision.degraded is not None:
        return f"Before {decision.until}: {_for(decision.degraded, decision, case)}"
    return _for(decision.answer, decision, case)


def _for(answer: Answer, decision: Decision, case: Case) -> str:
    match answer:
        case Answer.GRANTED:
            return ""
        case Answer.FAILED:
            return _lines(
                "mend what the report names, then certify again.",
                f"certify replay {case.place} F1",
                *_whole(decision, case),
            )
        case Answer.UNPROVEN:
            return _lines(
                "see what was not run or not answered, then certify again.",
                f"certify judge {case.place}",
                *_whole(decision, case),
            )
        case Answer.MISSING:
            return _lines("certify in CI, and sign the run with a key that is named for it.", *_whole(decision, case))
        case Answer.EXPIRED:
            return _lines("certify again.", *_whole(decision, case))
        case Answer.STALE:
            return _lines(f"run again what the change touches: {_few(decision.checks)}.", *_since(case))
        case Answer.REVOKED:
            return _lines(
                "settle what it was revoked for, then certify again; nothing older counts.", *_whole(decision, case)
            )
        case Answer.UNTRUSTED:
            return _lines(
                "find out who wrote it; restore the run directory, the key set or the list from where they are kept.",
                f"certify verify {case.place}/certificate.jws --jwks KEYS",
            )
        case Answer.NOT_REVIEWED:
            return _lines(
                "let another person approve in one of the roles, with a key of their own.",
                f"certify approve {case.place} --as ROLE --key KEY --jwks KEYS --again",
            )


def _whole(decision: Decision, case: Case) -> tuple[str, ...]:
    milestone = shlex.quote(decision.milestone)
    return (
        f"certify run --partner PROFILE{case.options} --milestone {milestone} --out RUN_DIR",
        _SIGN,
    )


def _since(case: Case) -> tuple[str, ...]:
    return (
        f"certify run --partner PROFILE{case.options} --since {case.place} --jwks KEYS --out RUN_DIR",
        _SIGN,
    )


_SIGN = "certify sign RUN_DIR --key KEY --jwks KEYS"


def _list_again(place: Path, *, begin: bool) -> str:
    """A list is begun only where none is: beside one that was damaged or rolled back it would undo revocations."""
    if begin:
        return _lines(
            "put the signed list of revocations where the gate reads it, or begin one where there was none.",
            f"certify revoke --list {shlex.quote(str(place))} --key KEY",
        )
    return _lines("put the newest signed list of revocations back, from where it is kept: nobody may begin a new one.")


def _few(checks: tuple[str, ...]) -> str:
    more = f" and {len(checks) - MOST} more" if len(checks) > MOST else ""
    return ", ".join(checks[:MOST]) + more


def _lines(sentence: str, *commands: str) -> str:
    return "\n".join([sentence[0].upper() + sentence[1:], *(f"  {command}" for command in commands)])
