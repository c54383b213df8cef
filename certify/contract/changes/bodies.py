"""Request bodies: there or not, required or not, in which media types, and what they hold."""

from __future__ import annotations

from certify.contract.changes.comparing import Comparing, Pair
from certify.contract.changes.media import by_type, compare_media
from certify.contract.changes.ruling import REQUEST, breaking, harmless
from certify.contract.changes.side import Node

ADDED_REQUIRED = breaking("request-required-body-added", REQUEST, "required body added", "a client sends none")
ADDED = harmless("request-body-added", REQUEST, "optional body added", "a client need not send it")
REMOVED = breaking("request-body-removed", REQUEST, "body removed", "what a client sends with effect has none now")
BECAME_REQUIRED = breaking("request-body-became-required", REQUEST, "body became required", "a client may send none")
BECAME_OPTIONAL = harmless(
    "request-body-became-optional", REQUEST, "body became optional", "a client may go on sending it"
)
MEDIA_REMOVED = breaking(
    "request-media-type-removed", REQUEST, "media type of a body removed", "what a client sends gets 415"
)
MEDIA_ADDED = harmless("request-media-type-added", REQUEST, "media type of a body added", "a client need not use it")
ENCODED = breaking(
    "request-encoding-changed", REQUEST, "encoding of a body's parts changed", "what a client writes is read otherwise"
)
RULES = (
    *(ADDED_REQUIRED, ADDED, REMOVED, BECAME_REQUIRED, BECAME_OPTIONAL, MEDIA_REMOVED, MEDIA_ADDED),
    ENCODED,
)


def look(comparing: Comparing, pair: Pair) -> None:
    old, new = comparing.old.follow(pair.old / "requestBody"), comparing.new.follow(pair.new / "requestBody")
    was, now = "requestBody" in pair.old.value, "requestBody" in pair.new.value
    if was and now:
        _both(comparing, pair.operation, old, new)
    elif was:
        comparing.tell(REMOVED, pair.operation, old.pointer, "request body removed")
    elif now:
        rule = ADDED_REQUIRED if new.get("required") is True else ADDED
        comparing.tell(rule, pair.operation, new.pointer, rule.title)


def _both(comparing: Comparing, operation: str, old: Node, new: Node) -> None:
    was, now = old.get("required") is True, new.get("required") is True
    if was != now:
        rule = BECAME_REQUIRED if now else BECAME_OPTIONAL
        comparing.tell(rule, operation, new.pointer, f"request {rule.title}")
    before, after = by_type(old), by_type(new)
    for name in before.keys() - after.keys():
        comparing.tell(MEDIA_REMOVED, operation, before[name].pointer, f"media type {name} removed", name)
    for name in after.keys() - before.keys():
        comparing.tell(MEDIA_ADDED, operation, after[name].pointer, f"media type {name} added", "", name)
    for name in before.keys() & after.keys():
        if (before[name] / "encoding").value != (after[name] / "encoding").value:
            comparing.tell(ENCODED, operation, f"{after[name].pointer}/encoding", f"encoding of {name} changed")
        compare_media(comparing, operation, before[name], after[name], REQUEST)
