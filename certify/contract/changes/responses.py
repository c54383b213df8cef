"""Answers: which statuses, in which media types, and what they hold.

A success that comes under another status is a success to a client that looks at the class alone (RFC 9110 §15), so a
status added is harmless; one that is gone was promised to whoever looks at the status itself. So was a redirect, which
is the whole meaning of an answer to a browser; *304* is none, and only comes where a client asked for it. A status of
an error that comes or goes is harmless: every client has to cope with errors that the contract does not name.

A class of statuses (``2XX``), and a ``default`` that is the only success, are the statuses that took their place; an
error that is gone is the class or the ``default`` that came.
"""

from __future__ import annotations

from collections.abc import Mapping

from certify.contract.changes.comparing import Comparing, Pair
from certify.contract.changes.media import by_type, compare_media
from certify.contract.changes.ruling import RESPONSE, breaking, harmless
from certify.contract.changes.side import Node
from certify.model.change import ChangeRule

SUCCESS_REMOVED = breaking(
    "response-success-status-removed", RESPONSE, "status of a success removed", "a client waits for it"
)
SUCCESS_ADDED = harmless(
    "response-success-status-added", RESPONSE, "status of a success added", "a client knows the class of it"
)
REDIRECT_REMOVED = breaking(
    "response-redirect-status-removed", RESPONSE, "status of a redirect removed", "a client is led nowhere any more"
)
OTHER_REMOVED = harmless(
    "response-other-status-removed", RESPONSE, "status of an error or redirect removed", "it need not have come"
)
OTHER_ADDED = harmless(
    "response-other-status-added", RESPONSE, "status of an error or redirect added", "a client knows the class of it"
)
MEDIA_REMOVED = breaking(
    "response-media-type-removed", RESPONSE, "media type of a response removed", "a client that asks for it gets 406"
)
MEDIA_ADDED = harmless(
    "response-media-type-added", RESPONSE, "media type of a response added", "a client that asks for another gets that"
)
LINKS = harmless("response-links-changed", RESPONSE, "links of a response changed", "they are hints", conduct=False)
RULES = (
    *(SUCCESS_REMOVED, SUCCESS_ADDED, REDIRECT_REMOVED, OTHER_REMOVED, OTHER_ADDED, MEDIA_REMOVED, MEDIA_ADDED),
    LINKS,
)


def look(comparing: Comparing, pair: Pair) -> None:
    old, new = statuses(pair.old), statuses(pair.new)
    pairs = in_both(pair)
    for status in sorted(old.keys() - {before for before, _ in pairs}):
        rule = _removed(status, old)
        comparing.tell(rule, pair.operation, old[status].pointer, f"status {status} removed", status)
    for status in sorted(new.keys() - {after for _, after in pairs}):
        rule = SUCCESS_ADDED if status.startswith("2") else OTHER_ADDED
        comparing.tell(rule, pair.operation, new[status].pointer, f"status {status} added", "", status)
    for before, after in pairs:
        both = comparing.old.follow(old[before]), comparing.new.follow(new[after])
        _both(comparing, pair.operation, after, *both)


def in_both(pair: Pair) -> list[tuple[str, str]]:
    """The earlier and the later status of answers that are to be compared."""
    old, new = statuses(pair.old), statuses(pair.new)
    fresh = sorted(new.keys() - old.keys())
    return [
        (status, other)
        for status in sorted(old)
        for other in ([status] if status in new else [name for name in fresh if _covers(status, name, old)])
    ]


def _covers(status: str, other: str, old: Mapping[str, Node]) -> bool:
    """Whether a status that is gone is told under another one, which the earlier contract does not name."""
    if status == "default":
        return other.startswith("2") and _only_success(old)
    if status.startswith(("4", "5")) and other in (f"{status[0]}XX", "default"):
        return True
    return status.endswith("XX") and other[:1] == status[:1] and not other.endswith("XX")


def _only_success(old: Mapping[str, Node]) -> bool:
    return not any(status.startswith(("2", "3")) for status in old)


def _removed(status: str, old: Mapping[str, Node]) -> ChangeRule:
    if status.startswith("2") or (status == "default" and _only_success(old)):
        return SUCCESS_REMOVED
    return REDIRECT_REMOVED if status.startswith("3") and status != "304" else OTHER_REMOVED


def statuses(operation: Node) -> dict[str, Node]:
    """The answers of an operation; classes of statuses are written in capitals. Extensions are none."""
    named = {str(name): node for name, node in operation.members("responses").items()}
    return {_status(name): node for name, node in named.items() if not name.startswith("x-")}


def _status(name: str) -> str:
    return name if name == "default" else name.upper()


def _both(comparing: Comparing, operation: str, status: str, old: Node, new: Node) -> None:
    before, after = by_type(old), by_type(new)
    for name in sorted(before.keys() - after.keys()):
        comparing.tell(MEDIA_REMOVED, operation, before[name].pointer, f"{name} of {status} removed", name)
    for name in sorted(after.keys() - before.keys()):
        comparing.tell(MEDIA_ADDED, operation, after[name].pointer, f"{name} of {status} added", "", name)
    for name in sorted(before.keys() & after.keys()):
        compare_media(comparing, operation, before[name], after[name], RESPONSE)
    if (old / "links").value != (new / "links").value:
        comparing.tell(LINKS, operation, f"{new.pointer}/links", f"links of {status} changed")
