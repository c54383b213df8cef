"""One of several: ``oneOf``, ``anyOf``, and the discriminator that tells them apart.

A member is recognised by its reference's name, its title, or by being equal. What is left over is compared in order
where equally many are left: more likely somebody edited a member than replaced it.
"""

from __future__ import annotations

from typing import Any

from certify.contract.changes.schemas.aspect import Aspect, Move
from certify.contract.changes.schemas.looking import Looking
from certify.contract.changes.schemas.view import written
from certify.contract.changes.side import Node, reference

CHOICE, DISCRIMINATOR = Aspect("choice", "list of alternatives"), Aspect("discriminator", "discriminator")
RULES = (*CHOICE.rules, *DISCRIMINATOR.rules)


def look(looking: Looking) -> None:
    old, new = looking.old.choices, looking.new.choices
    for before, after in zip(old, new, strict=False):
        _lists(looking, before, after)
    if len(old) != len(new):
        _more_or_fewer(looking, old, new)
    _discriminators(looking, looking.old.discriminator, looking.new.discriminator)


def _lists(looking: Looking, old: list[Node], new: list[Node]) -> None:
    pairs, gone, come = matched(old, new)
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


def matched(old: list[Node], new: list[Node]) -> tuple[list[tuple[Node, Node]], list[Node], list[Node]]:
    """Pairs that are the same member, those that are gone, and those that have come."""
    later = {_key(node): node for node in reversed(new)}
    pairs = [(node, later[_key(node)]) for node in old if _key(node) in later]
    known = {_key(node) for node, _ in pairs}
    return pairs, [node for node in old if _key(node) not in known], [node for node in new if _key(node) not in known]


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
    if old == new or (not isinstance(old, dict) and not isinstance(new, dict)):
        return
    move = _discriminated(old, new)
    if move is not None:
        looking.moved(DISCRIMINATOR, move, "discriminator", old, new)


def _discriminated(old: Any, new: Any) -> Move | None:
    if not isinstance(old, dict) or not isinstance(new, dict):
        return Move.NARROWED if old is None else Move.WIDENED
    if old.get("propertyName") != new.get("propertyName"):
        return Move.CHANGED
    before, after = old.get("mapping") or {}, new.get("mapping") or {}
    if any(before[name] != after[name] for name in before.keys() & after.keys()):
        return Move.CHANGED
    gone, come = before.keys() - after.keys(), after.keys() - before.keys()
    return Move.CHANGED if gone and come else Move.NARROWED if gone else Move.WIDENED if come else None
