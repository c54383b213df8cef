"""What a success says of a thing that is not there: that it is gone, that there is none, or nothing of the kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from certify.contract.naming import id_in
from certify.http.call import Reply

MARK = re.compile(
    r"(is|was)?_?(deleted|removed|archived|discarded|trashed)(_?(at|on|by|date|time))?|(delete|deletion)_?(date|time)",
    re.I,
)
STATES = re.compile(r"delet|remov|archiv|discard|trash|cancell?ed|inactive|deactivat|disabled|closed", re.I)
_DEPTH = 3


def marked_as_gone(before: Reply, after: Reply) -> bool:
    """Whether a removal marked the object, by a member of that name or by its state (as in Google's AIP-164).

    Only what is new since the read before the deletion counts: an object may always have been ``closed``.
    """
    was, found = before.json(), after.json()
    if not (after.ok and isinstance(was, dict) and isinstance(found, dict)):
        return False
    return any(_is_mark(name, value) for name, value in found.items() if value != was.get(name))


def _is_mark(name: str, value: Any) -> bool:
    if MARK.fullmatch(name):
        return value not in (None, False, "", 0)
    return name.lower() in ("status", "state") and bool(STATES.search(str(value)))


def tells_of_none(reply: Reply, present: Reply, asked: str) -> bool:
    """Whether a success says that there is no such thing: it lacks what the read of a thing that is there has, and
    holds no other thing's id. ``asked`` is the id that was asked for, which an answer may repeat."""
    body = reply.json()
    identifier = id_in(body, "") if isinstance(body, dict) else None
    return identifier in (None, asked) and bool(set(_filled(present.json())) - set(_filled(body)))


def _filled(value: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The places of a body that hold something, by the names that lead there; arrays are places."""
    if isinstance(value, dict) and len(place) < _DEPTH:
        for name, item in value.items():
            yield from _filled(item, (*place, name))
    elif value not in (None, "", [], {}):
        yield place
