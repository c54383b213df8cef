"""Who may call: security schemes, the alternatives of an operation, and scopes.

Alternatives are compared by what their schemes *are*, so that a scheme that got another name is no change.
"""

from __future__ import annotations

import json
from typing import Any

from certify.contract.changes.comparing import Comparing, Pair
from certify.contract.changes.ruling import REQUEST, breaking, harmless
from certify.contract.changes.side import Node, Side

ADDED = breaking("security-added", REQUEST, "operation secured", "a client calls it without a credential")
REMOVED = harmless("security-removed", REQUEST, "operation made public", "a credential that is sent does no harm")
OFFERED = harmless("security-alternative-added", REQUEST, "another way to sign in", "a client need not use it")
WITHDRAWN = breaking(
    "security-alternative-removed", REQUEST, "way to sign in removed", "a client that uses it gets 401"
)
SCOPE_ADDED = breaking("security-scope-added", REQUEST, "scope demanded", "a client's token does not have it")
SCOPE_REMOVED = harmless("security-scope-removed", REQUEST, "scope demanded no more", "a token may have more scopes")
SCHEME_CHANGED = breaking(
    "security-scheme-changed", REQUEST, "security scheme changed", "a client signs in as it was told before"
)
FLOW_ADDED = harmless(
    "security-scheme-flow-added", REQUEST, "flow of a security scheme added", "a client need not use it"
)
GRANT_REMOVED = breaking(
    "security-scheme-scope-removed", REQUEST, "scope of a security scheme removed", "a client asks for it in vain"
)
GRANT_ADDED = harmless(
    "security-scheme-scope-added", REQUEST, "scope of a security scheme added", "nobody asks for it yet", conduct=False
)
RULES = (
    *(
        ADDED,
        REMOVED,
        OFFERED,
        WITHDRAWN,
        SCOPE_ADDED,
        SCOPE_REMOVED,
        SCHEME_CHANGED,
        FLOW_ADDED,
        GRANT_REMOVED,
        GRANT_ADDED,
    ),
)
_TEXTS = frozenset(["description", "bearerFormat"])
Way = dict[str, frozenset[str]]
"""One alternative: the scopes by scheme."""


def look(comparing: Comparing, pair: Pair) -> None:
    old, new = _ways(comparing, comparing.old, pair.old), _ways(comparing, comparing.new, pair.new)
    place, said = f"{pair.new.pointer}/security", (_said(old), _said(new))
    if _public(old) != _public(new):
        rule = REMOVED if _public(new) else ADDED
        comparing.tell(rule, pair.operation, place, rule.title, *said)
    before, after = ([way for way in ways if way] for ways in (old, new))
    if not before or not after:  # a credential that nobody asks for is sent in vain, and does no harm
        return
    gone, come, kept = _moved(before, after)
    for rule, ways in ((WITHDRAWN, gone), (OFFERED, come)):
        for way in ways:
            comparing.tell(rule, pair.operation, f"{place}#{_said([way])}", f"{_said([way])}: {rule.title}", *said)
    for was, now in kept:
        for scheme in was:
            _scopes(comparing, pair.operation, place, was[scheme], now[scheme])


def _moved(old: list[Way], new: list[Way]) -> tuple[list[Way], list[Way], list[tuple[Way, Way]]]:
    """The ways that are gone, those that have come, and each one that is still the only one with its schemes.

    Of several with the same schemes, one is gone where no later one asks for as little as it did.
    """
    gone: list[Way] = []
    come: list[Way] = []
    kept: list[tuple[Way, Way]] = []
    for schemes in dict.fromkeys(frozenset(way) for way in (*old, *new)):
        before, after = ([way for way in ways if way.keys() == schemes] for ways in (old, new))
        if len(before) == len(after) == 1:
            kept.append((before[0], after[0]))
        else:
            gone += [way for way in before if not any(_no_more(other, way) for other in after)]
            come += [way for way in after if way not in before]
    return gone, come, kept


def _no_more(way: Way, than: Way) -> bool:
    return all(scopes <= than[scheme] for scheme, scopes in way.items())


def _public(ways: list[Way]) -> bool:
    """No alternative, or an empty one: whoever calls without a credential is let in (OpenAPI 3.1 §4.8.30)."""
    return not all(ways) or not ways


def _scopes(comparing: Comparing, operation: str, place: str, old: frozenset[str], new: frozenset[str]) -> None:
    for rule, names in ((SCOPE_ADDED, new - old), (SCOPE_REMOVED, old - new)):
        for name in sorted(names):
            sides = (" ".join(sorted(old)), " ".join(sorted(new)))
            comparing.tell(rule, operation, f"{place}#{name}", f"scope {name}: {rule.title}", *sides)


def _ways(comparing: Comparing, side: Side, operation: Node) -> list[Way]:
    """The alternatives, schemes by what they are. An empty one lets everybody in."""
    raw = operation.get("security", side.document.get("security"))
    ways = [item for item in raw if isinstance(item, dict)] if isinstance(raw, list) else []
    return [{_what(comparing, side, name): _scopes_of(scopes) for name, scopes in way.items()} for way in ways]


def _scopes_of(scopes: Any) -> frozenset[str]:
    return frozenset(map(str, scopes)) if isinstance(scopes, list) else frozenset()


def _what(comparing: Comparing, side: Side, name: str) -> str:
    """A scheme by its kind and by the name that the earlier contract has for it.

    A later scheme is the earlier one of the same name and kind, whose own changes are told once for the contract; else
    one that is gone by name and was defined alike; else none of them.
    """
    schemes = _schemes(side)
    node = schemes.get(name, Node({}, ""))
    earlier = _schemes(comparing.old)
    if name in schemes and side is comparing.new and not (name in earlier and _kind(earlier[name]) == _kind(node)):
        same = [other for other in earlier.keys() - schemes.keys() if _bare(earlier[other].value) == _bare(node.value)]
        name = min(same, default=f"{name} (new)")
    return f"{_kind(node)} {name}"


def _kind(scheme: Node) -> str:
    told = [str(scheme.get(item)) for item in ("in", "name") if scheme.get(item)]
    told += [str(scheme.get("scheme")).lower()] * bool(scheme.get("scheme"))  # RFC 9110 §11.1: without regard to case
    return " ".join([str(scheme.get("type", "unknown")), *told])


def _schemes(side: Side) -> dict[str, Node]:
    found = (side.root() / "components").members("securitySchemes")
    return {name: side.follow(node) for name, node in found.items()}


def _said(ways: list[Way]) -> str:
    """The alternatives in words: ``oauth2 (leads:read) or nobody``."""
    return " or ".join(" and ".join(map(_worded, sorted(way.items()))) or "nobody" for way in ways)


def _worded(entry: tuple[str, frozenset[str]]) -> str:
    name, scopes = entry
    return f"{name} ({', '.join(sorted(scopes))})" if scopes else name


def look_at_document(comparing: Comparing) -> None:
    """Schemes that both contracts name, each once for the whole contract."""
    old, new = _schemes(comparing.old), _schemes(comparing.new)
    for name in old.keys() & new.keys():
        before, after = old[name], new[name]
        _grants(comparing, before, after)
        for flow, node in after.members("flows").items():
            if flow not in before.members("flows"):
                comparing.tell(FLOW_ADDED, "", node.pointer, f"{name}: {flow} can be used", "", flow)
        if _bare(before.value) != _bare(_as_far_as(before, after)):
            sides = (_bare(before.value), _bare(after.value))
            comparing.tell(SCHEME_CHANGED, "", after.pointer, f"{name}: {SCHEME_CHANGED.title}", *sides)


def _as_far_as(old: Node, new: Node) -> Any:
    """The later scheme without flows that the earlier one did not have."""
    known = old.members("flows")
    if not known or not new.members("flows"):
        return new.value
    return {**new.value, "flows": {name: flow.value for name, flow in new.members("flows").items() if name in known}}


def _grants(comparing: Comparing, old: Node, new: Node) -> None:
    before, after = _granted(old), _granted(new)
    for name in sorted(before.keys() - after.keys()):
        comparing.tell(GRANT_REMOVED, "", before[name], f"scope {name} cannot be had any more", name)
    for name in sorted(after.keys() - before.keys()):
        comparing.tell(GRANT_ADDED, "", after[name], f"scope {name} can be had", "", name)


def _granted(scheme: Node) -> dict[str, str]:
    flows = scheme.members("flows").values()
    return {name: node.pointer for flow in flows for name, node in flow.members("scopes").items()}


def _bare(scheme: Any) -> str:
    """A scheme without texts and scopes."""

    def bare(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {
            name: item.lower() if name == "scheme" and isinstance(item, str) else bare(item)
            for name, item in value.items()
            if name not in _TEXTS and name != "scopes" and not name.startswith("x-")
        }

    return json.dumps(bare(scheme), sort_keys=True, default=str)
