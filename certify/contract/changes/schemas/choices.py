"""One of several: ``oneOf``, ``anyOf``, and the discriminator that tells them apart.

A member is recognised by being equal, else by its reference's name or its title, else by what it refers to; each one
is recognised once, so that a second of one title is another member. What is left over is compared in order where
equally many are left: more likely somebody edited a member than replaced it.
"""

from __future__ import annotations

from typing import Any

from certify.contract.changes.schemas.aspect import Aspect, Move
from certify.contract.changes.schemas.looking import Looking
from certify.contract.changes.schemas.view import only_reference, view, written
from certify.contract.changes.side import Node, Side, reference

CHOICE, DISCRIMINATOR = Aspect("choice", "list of alternatives"), Aspect("discriminator", "discriminator")
RULES = (*CHOICE.rules, *DISCRIMINATOR.rules)


def look(looking: Looking) -> None:
    old, new = looking.old.choices, looking.new.choices
    for before, after in zip(old, new, strict=False):
        _lists(looking, before, after)
    _alone_or_together(looking)
    if len(old) != len(new):
        _more_or_fewer(looking, old, new)
    _discriminators(looking, looking.old.discriminator, looking.new.discriminator)


def _alone_or_together(looking: Looking) -> None:
    """Where ``anyOf`` becomes ``oneOf``, what two members take is refused, unless no two can take one value."""
    for number, (was, now) in enumerate(zip(looking.old.exclusive, looking.new.exclusive, strict=False)):
        members = looking.new.choices[number]
        if was != now and not _apart(looking.after, members):
            words = {True: "oneOf", False: "anyOf"}
            rule = CHOICE.rule(looking.direction, Move.NARROWED if now else Move.WIDENED)
            place = members[0].pointer.rsplit("/", 1)[0]
            looking.tell(rule, place, f"{words[was]} became {words[now]}", words[was], words[now])


def _apart(side: Side, members: list[Node]) -> bool:
    """Whether no two members have a type in common."""
    views = [view(side, member) for member in members]
    types = [("number" if name == "integer" else name) for seen in views for name in {*seen.types}]
    return len(types) == len(set(types)) and sum(seen.nullable for seen in views) < 2


def _lists(looking: Looking, old: list[Node], new: list[Node]) -> None:
    pairs, gone, come = matched(looking, old, new)
    if len(gone) == len(come):
        pairs, gone, come = [*pairs, *zip(gone, come, strict=True)], [], []
    for before, after in pairs:
        looking.descend(before, after)
    if gone or come:
        move = Move.CHANGED if gone and come else Move.NARROWED if gone else Move.WIDENED
        looking.tell(
            CHOICE.rule(looking.direction, move),
            (come or gone)[0].pointer,
            f"alternatives {move}: {_list(gone) or 'none'} gone, {_list(come) or 'none'} come",
            _list(old),
            _list(new),
        )


def _more_or_fewer(looking: Looking, old: list[list[Node]], new: list[list[Node]]) -> None:
    """A choice where there was none narrows, unless what was there before is one of its members."""
    longer = new if len(new) > len(old) else old
    members = longer[min(len(old), len(new))]
    other = looking.old.node if longer is new else looking.new.node
    among = any(_key(member) == _key(other) or member.value == other.value for member in members)
    grown = Move.WIDENED if longer is new else Move.NARROWED
    move = (grown if among else Move.CHANGED) if longer is new else (grown if among else Move.WIDENED)
    place = members[0].pointer.rsplit("/", 1)[0]
    sides = ("", _list(members)) if longer is new else (_list(members), "")
    looking.tell(CHOICE.rule(looking.direction, move), place, f"alternatives {move}", *sides)


def matched(
    looking: Looking, old: list[Node], new: list[Node]
) -> tuple[list[tuple[Node, Node]], list[Node], list[Node]]:
    """Pairs that are the same member, those that are gone, and those that have come."""
    pairs, gone, come = [], old, new
    for key in (_equal, _named, _resolved):
        later: dict[str, list[Node]] = {}
        for node in come:
            later.setdefault(key(looking.after, node), []).append(node)
        same = [(node, later.get(key(looking.before, node), [])) for node in gone]
        found = [(node, others.pop(0)) for node, others in same if others]
        pairs += found
        gone, come = _left(gone, [node for node, _ in found]), _left(come, [node for _, node in found])
    return pairs, gone, come


def _left(nodes: list[Node], taken: list[Node]) -> list[Node]:
    places = {node.pointer for node in taken}
    return [node for node in nodes if node.pointer not in places]


def _equal(side: Side, node: Node) -> str:
    return written(node.value)


def _named(side: Side, node: Node) -> str:
    return _key(node)


def _resolved(side: Side, node: Node) -> str:
    return written(side.follow(node).value if only_reference(node.value) else node.value)


def _key(node: Node) -> str:
    target = reference(node.value)
    if target:
        return f"ref {target}"
    title = node.get("title")
    return f"title {title}" if isinstance(title, str) else f"value {written(node.value)}"


def _list(nodes: list[Node]) -> str:
    names = [_key(node).split(" ", 1)[1].rsplit("/", 1)[-1] for node in nodes]
    return ", ".join(name if len(name) < 60 else f"{name[:59]}…" for name in names)


def _discriminators(looking: Looking, old: Any, new: Any) -> None:
    if not isinstance(old, dict) and not isinstance(new, dict):
        return
    members = ([node for choice in seen.choices for node in choice] for seen in (looking.old, looking.new))
    move = _discriminated(old, new, *members)
    if move is not None:
        looking.moved(DISCRIMINATOR, move, "discriminator", old, new)


def _mapping(discriminator: dict[str, Any], members: list[Node]) -> dict[str, str]:
    """The names by which members are told apart, those that are not mapped by their schemas' (OpenAPI 3.1 §4.8.25)."""
    told = discriminator.get("mapping")
    explicit = {str(name): _tail(str(place)) for name, place in told.items()} if isinstance(told, dict) else {}
    implicit = {_tail(target) for node in members if (target := reference(node.value))}
    return {**{name: name for name in implicit - set(explicit.values())}, **explicit}


def _tail(place: str) -> str:
    return place.rsplit("/", 1)[-1]


def _discriminated(old: Any, new: Any, old_members: list[Node], new_members: list[Node]) -> Move | None:
    if not isinstance(old, dict) or not isinstance(new, dict):
        return Move.NARROWED if old is None else Move.WIDENED
    if old.get("propertyName") != new.get("propertyName"):
        return Move.CHANGED
    before, after = _mapping(old, old_members), _mapping(new, new_members)
    if any(before[name] != after[name] for name in before.keys() & after.keys()):
        return Move.CHANGED
    gone, come = before.keys() - after.keys(), after.keys() - before.keys()
    return Move.CHANGED if gone and come else Move.NARROWED if gone else Move.WIDENED if come else None
