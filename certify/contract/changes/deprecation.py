"""Deprecation and sunset of operations: ``deprecated``, ``x-sunset``, and the header fields that announce them.

RFC 8594 (``Sunset``) and RFC 9745 (``Deprecation``) tell clients at run time; ``x-sunset`` with a date
(``YYYY-MM-DD``) is how contracts say the same, as the peers read it.
"""

from __future__ import annotations

from datetime import date

from certify.contract.changes.comparing import Comparing, Pair
from certify.contract.changes.ruling import NONE, breaking, deprecating, harmless
from certify.contract.changes.side import Node

DEPRECATED = deprecating("operation-deprecated", NONE, "operation deprecated", "it is going to be removed")
UNDEPRECATED = harmless(
    "operation-no-longer-deprecated", NONE, "operation is deprecated no more", "it stays", conduct=False
)
SUNSET = deprecating("sunset-announced", NONE, "sunset of an operation announced", "the day of its removal is known")
EARLIER = breaking(
    "sunset-brought-forward", NONE, "sunset of an operation brought forward",
    "clients have less time than they were told", conduct=False,
)  # fmt: skip
LATER = harmless("sunset-put-off", NONE, "sunset of an operation put off", "clients have more time", conduct=False)
RULES = (DEPRECATED, UNDEPRECATED, SUNSET, EARLIER, LATER)


def look(comparing: Comparing, pair: Pair) -> None:
    was, now = pair.old.get("deprecated") is True, pair.new.get("deprecated") is True
    if was != now:
        rule = DEPRECATED if now else UNDEPRECATED
        place = f"{pair.new.pointer}/deprecated"
        comparing.tell(rule, pair.operation, place, rule.title, str(was).lower(), str(now).lower())
    before, after = sunset(pair.old), sunset(pair.new)
    if before == after:
        return
    rule = SUNSET if before is None else LATER if after is None or after > before else EARLIER
    days = [day.isoformat() if day else "" for day in (before, after)]
    comparing.tell(rule, pair.operation, f"{pair.new.pointer}/x-sunset", rule.title, *days)


def sunset(operation: Node) -> date | None:
    """The day of an operation's sunset; None where the contract names none that can be read."""
    try:
        return date.fromisoformat(str(operation.get("x-sunset", ""))[:10])
    except ValueError:
        return None
