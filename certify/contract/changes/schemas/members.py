"""The members of objects and the items of lists: added, removed, required, and what may come besides.

``readOnly`` members are not part of a request, and ``writeOnly`` ones not of an answer (OpenAPI 3.1 §4.8.24.4), so
nothing that happens to them there is a change.
"""

from __future__ import annotations

from typing import Any

from certify.contract.changes.ruling import REQUEST, RESPONSE, breaking, harmless
from certify.contract.changes.schemas.aspect import Aspect, Move
from certify.contract.changes.schemas.looking import Looking
from certify.contract.changes.schemas.view import View
from certify.contract.changes.side import Node, Side, reference
from certify.model.change import Direction

ADDED_REQUIRED = breaking(
    "request-required-property-added", REQUEST, "required property added to a request", "a client does not send it"
)
ADDED = harmless("request-property-added", REQUEST, "optional property added to a request", "a client need not send it")
REMOVED = breaking(
    "request-property-removed", REQUEST, "property removed from a request",
    "what a client sends with effect has none now, or is refused",
)  # fmt: skip
BECAME_REQUIRED = breaking(
    "request-property-became-required", REQUEST, "property of a request became required", "a client may leave it out"
)
BECAME_OPTIONAL = harmless(
    "request-property-became-optional",
    REQUEST,
    "property of a request became optional",
    "a client may go on sending it",
)
COMES = harmless(
    "response-property-added", RESPONSE, "property added to a response", "a client passes over what it does not know"
)
GONE_REQUIRED = breaking(
    "response-required-property-removed", RESPONSE, "required property removed from a response",
    "a client was told that it is always there",
)  # fmt: skip
GONE = harmless(
    "response-property-removed", RESPONSE, "optional property removed from a response",
    "a client had to do without it before",
)  # fmt: skip
MAY_LACK = breaking(
    "response-property-became-optional", RESPONSE, "property of a response became optional",
    "a client was told that it is always there",
)  # fmt: skip
ALWAYS = harmless(
    "response-property-became-required", RESPONSE, "property of a response became required",
    "a client had to reckon with it before",
)  # fmt: skip
OTHERS = Aspect("additional-properties", "additional properties", tolerant=True)
MAP = Aspect("map", "what members of any name hold")
RULES = (
    *(ADDED_REQUIRED, ADDED, REMOVED, BECAME_REQUIRED, BECAME_OPTIONAL, COMES, GONE_REQUIRED, GONE, MAY_LACK, ALWAYS),
    *OTHERS.rules,
    *MAP.rules,
)
_FLAG = {REQUEST: "readOnly", RESPONSE: "writeOnly"}


def look(looking: Looking) -> None:
    old, new = _present(looking.before, looking.old, looking), _present(looking.after, looking.new, looking)
    for name in new.keys() - old.keys() - looking.old.members.keys():
        _added(looking, name, new[name])
    for name in old.keys() - new.keys() - looking.new.members.keys():
        _removed(looking, name, old[name])
    for name, node in looking.old.members.items():
        if name in looking.new.members:
            looking.descend(node, looking.new.members[name])
    _required(looking, old, new)
    _others(looking)
    if "items" in looking.old.keywords or "items" in looking.new.keywords:
        looking.descend(_part(looking.old, "items"), _part(looking.new, "items"))


def _present(side: Side, seen: View, looking: Looking) -> dict[str, Node]:
    """The members that are part of a message in this direction."""
    flag = _FLAG[looking.direction]
    return {name: node for name, node in seen.members.items() if not flagged(side, node, flag)}


def flagged(side: Side, node: Node, flag: str) -> bool:
    """Whether a schema, what it refers to, or a part of its ``allOf`` has a flag."""
    waiting, seen = [node], {node.pointer}
    while waiting:
        node = waiting.pop()
        if node.get(flag) is True:
            return True
        parts = node / "allOf"
        further = [parts / number for number in range(len(parts.value) if isinstance(parts.value, list) else 0)]
        if reference(node.value) is not None:
            further.append(side.follow(node))
        waiting += [part for part in further if part.pointer not in seen]
        seen |= {part.pointer for part in further}
    return False


def _added(looking: Looking, name: str, node: Node) -> None:
    if looking.direction is RESPONSE:
        looking.tell(COMES, node.pointer, f"property {name} added", "", name)
    elif name in looking.new.required:
        looking.tell(ADDED_REQUIRED, node.pointer, f"required property {name} added", "", name)
    else:
        looking.tell(ADDED, node.pointer, f"optional property {name} added", "", name)


def _removed(looking: Looking, name: str, node: Node) -> None:
    required = name in looking.old.required
    rule = REMOVED if looking.direction is REQUEST else GONE_REQUIRED if required else GONE
    looking.tell(rule, node.pointer, f"{'required ' if required else ''}property {name} removed", name)


def _required(looking: Looking, old: dict[str, Node], new: dict[str, Node]) -> None:
    """Names that both sides have, or that neither describes.

    A required member that is no part of the message is not required there, so one that becomes a part of requests
    becomes required with it.
    """
    before, after = looking.old.required, looking.new.required
    told = {name for name in before ^ after if (name in old) == (name in new) and _visible(looking, name, old, new)}
    if looking.direction is REQUEST:
        told |= {name for name in after if name in new and name in looking.old.members and name not in old}
    for name in sorted(told):
        rules = (BECAME_REQUIRED, BECAME_OPTIONAL) if looking.direction is REQUEST else (ALWAYS, MAY_LACK)
        word = "required" if name in after else "optional"
        place = new[name].pointer if name in new else looking.new.place("required")
        other = "optional" if name in after else "required"
        looking.tell(rules[name not in after], place, f"property {name} became {word}", other, word)


def _visible(looking: Looking, name: str, old: dict[str, Node], new: dict[str, Node]) -> bool:
    """Not one that is left out of this direction on either side."""
    hidden = (name in looking.old.members and name not in old) or (name in looking.new.members and name not in new)
    return not hidden


def _others(looking: Looking) -> None:
    """What members may hold that are not described. A client passes over those that could not come before; where
    they were described as a map, it reads them."""
    old, new = (_open(seen.keywords.get("additionalProperties", True)) for seen in (looking.old, looking.new))
    if isinstance(old, dict) and isinstance(new, dict):
        looking.descend(_part(looking.old, "additionalProperties"), _part(looking.new, "additionalProperties"))
    elif old != new:
        move = Move.NARROWED if old is True or new is False else Move.WIDENED
        looking.moved(OTHERS if False in (old, new) else MAP, move, "additionalProperties", old, new)
    _patterns(looking, old, new)


def _open(told: Any) -> Any:
    """A schema that says nothing lets everything be."""
    return True if told == {} else told


def _patterns(looking: Looking, old_rest: Any, new_rest: Any) -> None:
    olds, news = _part(looking.old, "patternProperties"), _part(looking.new, "patternProperties")
    before, after = (
        olds.value if isinstance(olds.value, dict) else {},
        news.value if isinstance(news.value, dict) else {},
    )
    for name in dict.fromkeys([*before, *after]):
        if name in before and name in after:
            looking.descend(olds / name, news / name)
        else:
            aspect, move = _moved_by_pattern(name in after, old_rest, new_rest)
            sides = (name, None) if name in before else (None, name)
            looking.moved(aspect, move, "patternProperties", *sides)


def _moved_by_pattern(comes: bool, old: Any, new: Any) -> tuple[Aspect, Move]:
    """A pattern says more of members that everything was allowed to be, and lets some come where none could."""
    if old is False and new is False:
        return OTHERS, Move.WIDENED if comes else Move.NARROWED
    if old is True and new is True:
        return MAP, Move.NARROWED if comes else Move.WIDENED
    return MAP, Move.CHANGED


def _part(seen: View, keyword: str) -> Node:
    """A keyword's schema; where the schema has none, one that says nothing."""
    return Node(seen.keywords.get(keyword, {}), seen.place(keyword))


def direction_flag(direction: Direction) -> str:
    """The flag that takes a member out of messages in a direction."""
    return _FLAG[direction]
