"""Operations: added, removed, renamed; callbacks and webhooks, in which the two sides change places."""

from __future__ import annotations

from datetime import date

from certify.contract.changes.comparing import Comparing, Pair
from certify.contract.changes.deprecation import sunset
from certify.contract.changes.pairing import Pairing, Placed
from certify.contract.changes.ruling import NONE, breaking, harmless

REMOVED = breaking("operation-removed", NONE, "operation removed", "a client that calls it gets 404 or 405")
AFTER_SUNSET = harmless(
    "operation-removed-after-sunset", NONE, "operation removed after its sunset", "clients were told the day"
)
ADDED = harmless("operation-added", NONE, "operation added", "nobody calls it yet; a server has to serve it")
UNREADABLE = breaking(
    "operation-unreadable", NONE, "operation cannot be read any more",
    "the later contract has a mistake there, so nobody can tell what changed",
)  # fmt: skip
READABLE = harmless("operation-readable", NONE, "operation can be read now", "what it demands is known only now")
RENAMED = harmless(
    "operation-id-changed", NONE, "operationId changed", "no message changes; generated clients have other names",
    conduct=False,
)  # fmt: skip
CALLBACK_ADDED = harmless("callback-added", NONE, "callback added", "a server may have to call it")
CALLBACK_REMOVED = breaking("callback-removed", NONE, "callback removed", "a client waits for a call that never comes")
CALLBACK_CHANGED = breaking(
    "callback-changed",
    NONE,
    "callback changed",
    "what comes may not be what a client reckons with: it is not looked into",
)
RULES = (
    *(REMOVED, AFTER_SUNSET, ADDED, UNREADABLE, READABLE, RENAMED, CALLBACK_ADDED, CALLBACK_REMOVED),
    CALLBACK_CHANGED,
)


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
    old, new = comparing.old.document.get("webhooks"), comparing.new.document.get("webhooks")
    _named(comparing, "", old, new, "/webhooks", "webhook")


def look(comparing: Comparing, pair: Pair) -> None:
    before, after = pair.old.get("operationId"), pair.new.get("operationId")
    if before != after:
        comparing.tell(
            RENAMED, pair.operation, f"{pair.new.pointer}/operationId", "operationId changed", before or "", after or ""
        )
    old, new = (pair.old / "callbacks").value, (pair.new / "callbacks").value
    _named(comparing, pair.operation, old, new, f"{pair.new.pointer}/callbacks", "callback")


def _named(comparing: Comparing, operation: str, old: object, new: object, place: str, word: str) -> None:
    before, after = old if isinstance(old, dict) else {}, new if isinstance(new, dict) else {}
    for name in {**before, **after}:
        if name not in after:
            comparing.tell(CALLBACK_REMOVED, operation, f"{place}/{name}", f"{word} {name} removed", name)
        elif name not in before:
            comparing.tell(CALLBACK_ADDED, operation, f"{place}/{name}", f"{word} {name} added", "", name)
        elif before[name] != after[name]:
            comparing.tell(CALLBACK_CHANGED, operation, f"{place}/{name}", f"{word} {name} changed")


def _over(placed: Placed, today: date | None) -> bool:
    day = sunset(placed.node)
    return day is not None and today is not None and day <= today


def _name(placed: Placed) -> str:
    return f"{placed.method.upper()} {placed.path}"
