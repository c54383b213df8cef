"""Answers: which statuses, in which media types, and what they hold.

A success that comes under another status is a success to a client that looks at the class alone (RFC 9110 §15), so a
status added is harmless; one that is gone was promised to whoever looks at the status itself. A status of an error that
comes or goes is harmless: every client has to cope with errors that the contract does not name.
"""

from __future__ import annotations

from certify.contract.changes.comparing import Comparing, Pair
from certify.contract.changes.media import by_type
from certify.contract.changes.ruling import RESPONSE, breaking, harmless
from certify.contract.changes.side import Node

SUCCESS_REMOVED = breaking(
    "response-success-status-removed", RESPONSE, "status of a success removed", "a client waits for it"
)
SUCCESS_ADDED = harmless(
    "response-success-status-added", RESPONSE, "status of a success added", "a client knows the class of it"
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
RULES = (SUCCESS_REMOVED, SUCCESS_ADDED, OTHER_REMOVED, OTHER_ADDED, MEDIA_REMOVED, MEDIA_ADDED, LINKS)


def look(comparing: Comparing, pair: Pair) -> None:
    old, new = statuses(pair.old), statuses(pair.new)
    for status in sorted(old.keys() - new.keys()):
        rule = SUCCESS_REMOVED if status.startswith("2") else OTHER_REMOVED
        comparing.tell(rule, pair.operation, old[status].pointer, f"status {status} removed", status)
    for status in sorted(new.keys() - old.keys()):
        rule = SUCCESS_ADDED if status.startswith("2") else OTHER_ADDED
        comparing.tell(rule, pair.operation, new[status].pointer, f"status {status} added", "", status)
    for status in sorted(old.keys() & new.keys()):
        before, after = comparing.old.follow(old[status]), comparing.new.follow(new[status])
        _both(comparing, pair.operation, status, before, after)


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
        comparing.compare_schemas(operation, before[name] / "schema", after[name] / "schema", RESPONSE)
    if (old / "links").value != (new / "links").value:
        comparing.tell(LINKS, operation, f"{new.pointer}/links", f"links of {status} changed")
