"""Header fields of answers; those of rate limits are promises by which a client paces itself.

Names compare without regard to case (RFC 9110 §5.1). ``Retry-After`` is RFC 9110 §10.2.3, ``RateLimit`` and
``RateLimit-Policy`` are of the IETF draft, the ``X-RateLimit-`` ones of everybody.
"""

from __future__ import annotations

from certify.contract.changes.comparing import Comparing, Pair
from certify.contract.changes.fields import SIMPLE, schema_of, written
from certify.contract.changes.responses import in_both, statuses
from certify.contract.changes.ruling import RESPONSE, breaking, deprecating, harmless
from certify.contract.changes.side import Node

REQUIRED_REMOVED = breaking(
    "response-required-header-removed", RESPONSE, "required header removed", "a client was told that it is always there"
)
REMOVED = harmless(
    "response-header-removed", RESPONSE, "optional header removed", "a client had to do without it before"
)
ADDED = harmless("response-header-added", RESPONSE, "header added", "a client passes over what it does not know")
MAY_LACK = breaking(
    "response-header-became-optional", RESPONSE, "header became optional", "a client was told that it is always there"
)
ALWAYS = harmless(
    "response-header-became-required", RESPONSE, "header became required", "a client had to reckon with it before"
)
LIMIT_REMOVED = breaking(
    "rate-limit-header-removed", RESPONSE, "header of a rate limit removed",
    "a client that paces itself by it runs into the limit",
)  # fmt: skip
LIMIT_ADDED = harmless(
    "rate-limit-header-added", RESPONSE, "header of a rate limit added", "a client need not look at it"
)
ANNOUNCED = deprecating(
    "deprecation-header-added", RESPONSE, "Sunset or Deprecation header added", "the operation is going to be removed"
)
WRITTEN = breaking(
    "response-header-written-otherwise", RESPONSE, "header is written otherwise",
    "explode or media type changed, so what a client reads means something else",
)  # fmt: skip
RULES = (REQUIRED_REMOVED, REMOVED, ADDED, MAY_LACK, ALWAYS, WRITTEN, LIMIT_REMOVED, LIMIT_ADDED, ANNOUNCED)
_LIMITS = ("ratelimit", "x-ratelimit", "x-rate-limit", "retry-after")
_ANNOUNCING = ("sunset", "deprecation")


def look(comparing: Comparing, pair: Pair) -> None:
    old, new = statuses(pair.old), statuses(pair.new)
    for status, other in in_both(pair):
        before, after = comparing.old.follow(old[status]), comparing.new.follow(new[other])
        _headers(comparing, pair.operation, other, _named(before), _named(after))


def _named(answer: Node) -> dict[str, Node]:
    return {name.lower(): node for name, node in answer.members("headers").items()}


def _headers(comparing: Comparing, operation: str, status: str, old: dict[str, Node], new: dict[str, Node]) -> None:
    for name in sorted(old.keys() - new.keys()):
        required = comparing.old.follow(old[name]).get("required") is True
        rule = LIMIT_REMOVED if name.startswith(_LIMITS) else REQUIRED_REMOVED if required else REMOVED
        comparing.tell(rule, operation, old[name].pointer, f"header {name} of {status} removed", name)
    for name in sorted(new.keys() - old.keys()):
        rule = ANNOUNCED if name in _ANNOUNCING else LIMIT_ADDED if name.startswith(_LIMITS) else ADDED
        comparing.tell(rule, operation, new[name].pointer, f"header {name} of {status} added", "", name)
    for name in sorted(old.keys() & new.keys()):
        _both(comparing, operation, name, comparing.old.follow(old[name]), comparing.new.follow(new[name]))


def _both(comparing: Comparing, operation: str, name: str, old: Node, new: Node) -> None:
    was, now = old.get("required") is True, new.get("required") is True
    if was != now:
        rule = ALWAYS if now else MAY_LACK
        comparing.tell(rule, operation, new.pointer, f"{name}: {rule.title}")
    before, after = written(old, SIMPLE), written(new, SIMPLE)
    if before != after:
        comparing.tell(WRITTEN, operation, new.pointer, f"{name}: {WRITTEN.title}", before, after)
    comparing.compare_schemas(operation, schema_of(old), schema_of(new), RESPONSE)
