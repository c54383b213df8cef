"""Operations: added, removed, renamed, or not to be read on one side."""

from __future__ import annotations

from datetime import date

from certify.contract.changes.comparing import Comparing, Pair
from certify.contract.changes.deprecation import sunset
from certify.contract.changes.pairing import Pairing, Placed
from certify.contract.changes.ruling import NONE, breaking, harmless
from certify.contract.document import ASIDE

REMOVED = breaking("operation-removed", NONE, "operation removed", "a client that calls it gets 404 or 405")
AFTER_SUNSET = harmless(
    "operation-removed-after-sunset", NONE, "operation removed after its sunset", "clients were told the day"
)
ADDED = harmless("operation-added", NONE, "operation added", "nobody calls it yet; a server has to serve it")
UNREADABLE = breaking(
    "operation-unreadable", NONE, "operation cannot be read any more",
    "the later contract has a mistake there, so nobody can tell what changed",
)  # fmt: skip
UNREAD = breaking(
    "operation-changed-unread", NONE, "operation changed that cannot be read",
    "both contracts have a mistake there, so nobody can tell what changed",
)  # fmt: skip
READABLE = harmless("operation-readable", NONE, "operation can be read now", "what it demands is known only now")
RENAMED = harmless(
    "operation-id-changed", NONE, "operationId changed", "no message changes; generated clients have other names",
    conduct=False,
)  # fmt: skip
RULES = (REMOVED, AFTER_SUNSET, ADDED, UNREADABLE, UNREAD, READABLE, RENAMED)


def look_at_all(comparing: Comparing, pairing: Pairing) -> None:
    for placed in pairing.removed:
        rule = AFTER_SUNSET if _over(placed, comparing.today) else REMOVED
        comparing.tell(rule, placed.id, placed.node.pointer, f"{_name(placed)} removed", _name(placed))
    for placed in pairing.added:
        comparing.tell(ADDED, placed.id, placed.node.pointer, f"{_name(placed)} added", "", _name(placed))
    for earlier, later in pairing.both:
        if earlier.readable != later.readable:
            rule = UNREADABLE if earlier.readable else READABLE
            comparing.tell(rule, earlier.id, later.node.pointer, f"{_name(later)}: {rule.title}")
        elif not later.readable and earlier.node.get(ASIDE) != later.node.get(ASIDE):
            comparing.tell(UNREAD, earlier.id, later.node.pointer, f"{_name(later)}: {UNREAD.title}")


def look(comparing: Comparing, pair: Pair) -> None:
    before, after = pair.old.get("operationId"), pair.new.get("operationId")
    if before != after:
        comparing.tell(
            RENAMED, pair.operation, f"{pair.new.pointer}/operationId", "operationId changed", before or "", after or ""
        )


def _over(placed: Placed, today: date | None) -> bool:
    day = sunset(placed.node)
    return day is not None and today is not None and day <= today


def _name(placed: Placed) -> str:
    return f"{placed.method.upper()} {placed.path}"
