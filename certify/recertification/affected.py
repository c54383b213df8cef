"""Which checks a change of the contract touches, told from what each of them did in an earlier run.

The rules, each argued:

1. A change of texts, and a deprecation, ask nothing of a server: no check is touched (``ChangeRule.conduct``).
2. A check that sent requests to a changed operation is touched: what it saw there need not be so any more.
3. A check that generates its requests from the whole contract (decided by the source ``contract``) is touched by every
   change, also by an operation that is new: it promises something of all of them.
4. An operation that is new, or can be read only now, touches every check that called any operation: it might have
   chosen this one, or gone over it with the others, and nobody has looked at it yet. Only ``net`` stays, which looks at
   the way and at no operation, and what never called one (the token endpoint).
5. A check that found nothing to test is touched by every change: there may be something now.
6. A change of security touches everything in ``auth`` and ``authz``: these checks choose their operations by who may
   call them, and sign in as the schemes say. One of a rate limit's headers touches everything in ``rate``.
7. A check that passed without sending anything judged what the others sent, and is touched by every change.
8. Where the comparison was not finished, everything is touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from certify.contract.changes import rules
from certify.model.change import Change
from certify.model.outcome import Reason, Status
from certify.model.report import ReportedCheck

WHOLE_CONTRACT = "contract"
"""The source whose checks promise something of every operation."""
AREAS = {"security-": ("auth", "authz"), "rate-limit-": ("rate",)}
"""Areas that changes of these rules touch as a whole."""
UNFINISHED = "comparison-unfinished"
NEW = ("operation-added", "operation-readable")
THE_WAY = "net"
"""The area whose checks look at no operation, whichever they call."""


def demanding(changes: Iterable[Change]) -> list[Change]:
    """The changes that ask a server to behave differently."""
    known = rules()
    return [change for change in changes if change.rule not in known or known[change.rule].conduct]


def affected(changes: Sequence[Change], checks: Iterable[ReportedCheck]) -> dict[str, tuple[Change, ...]]:
    """Each touched check by its id, and the changes that touch it. ``checks`` are those of the earlier report."""
    asked = demanding(changes)
    found = {check.id: tuple(change for change in asked if touches(change, check)) for check in checks}
    return {name: touching for name, touching in found.items() if touching}


def touches(change: Change, check: ReportedCheck) -> bool:
    """Whether a change that asks for other behaviour touches a check."""
    return (
        change.rule == UNFINISHED
        or (bool(change.operation) and change.operation in check.operations)
        or (change.rule in NEW and bool(check.operations) and check.area != THE_WAY)
        or any(attempt.source == WHOLE_CONTRACT for attempt in check.attempts)
        or check.reason == Reason.NOTHING_TO_TEST
        or (check.status == Status.PASSED and not check.requests and not check.operations)
        or any(change.rule.startswith(prefix) and check.area in areas for prefix, areas in AREAS.items())
    )


def because(touching: Sequence[Change]) -> str:
    """Why a check is touched, in one line: the first change, and how many more there are."""
    first, more = touching[0], len(touching) - 1
    where = f"{first.operation}: " if first.operation else ""
    return f"touches {where}{first.message}" + (f" and {more} more" if more else "")


def operations(changes: Iterable[Change]) -> tuple[str, ...]:
    """The operations that the changes are about, in their order."""
    return tuple(dict.fromkeys(change.operation for change in changes if change.operation))


def by_check(found: Mapping[str, Sequence[Change]]) -> dict[str, str]:
    """Each touched check, and why."""
    return {name: because(touching) for name, touching in found.items()}
