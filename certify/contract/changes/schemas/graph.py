"""Schemas refer to each other, in circles too. Each pair of schemas is looked at once, whoever uses it.

A pair's own changes are kept apart from the pairs that it leads to; what changed for an operation is what can be
reached from its schemas. So a circle ends by itself, and a component that a thousand operations share is compared once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from certify.contract.changes.ruling import NONE, breaking
from certify.contract.changes.schemas import bounds, choices, flags, members, values
from certify.contract.changes.schemas.aspect import Move
from certify.contract.changes.schemas.behind import changed_behind, references
from certify.contract.changes.schemas.looking import Delta, Looking
from certify.contract.changes.schemas.view import view
from certify.contract.changes.side import Node, Side, reference
from certify.model.change import Direction

MOST_PAIRS = 300_000
"""Pairs that are compared; a hostile document could ask for the square of its size."""
DEEPEST = 40
"""Levels that are compared in one go; what lies deeper is a pair of its own."""
UNFINISHED = breaking(
    "comparison-unfinished", NONE, "the comparison was not finished",
    "the documents ask for more comparisons than are made: what is left may be breaking",
)  # fmt: skip
RULES = (UNFINISHED,)
FAMILIES = (values.look, bounds.look, members.look, choices.look, flags.look)
Key = tuple[str, str, Direction]


@dataclass
class _Found:
    deltas: list[Delta] = field(default_factory=list)
    leads_to: list[Key] = field(default_factory=list)


@dataclass
class Graph:
    """The pairs that were looked at. Give it what an operation uses, and it gives the changes that reach it."""

    old: Side
    new: Side
    _found: dict[Key, _Found] = field(default_factory=dict)
    _waiting: list[tuple[Key, Node, Node]] = field(default_factory=list)
    _unchanged: set[Key] = field(default_factory=set)

    def deltas(self, old: Node, new: Node, direction: Direction) -> Iterator[Delta]:
        """The changes of a pair of schemas and of all that they lead to, each once."""
        root = self._pair(old, new, direction)
        self._look_at_all()
        reached = list(self._reached(root))
        changed = [delta for key in reached for delta in self._found[key].deltas]
        if not changed:
            self._unchanged.update(reached)
        yield from changed

    def _reached(self, root: Key) -> Iterator[Key]:
        stack, seen = [root], {root}
        while stack:
            key = stack.pop()
            if key in self._unchanged or key not in self._found:
                continue
            yield key
            for child in self._found[key].leads_to:
                if child not in seen:
                    seen.add(child)
                    stack.append(child)

    def _pair(self, old: Node, new: Node, direction: Direction) -> Key:
        """The key of a pair, which waits to be looked at where it was not yet. References are followed first."""
        old, new = self._ended(self.old, old), self._ended(self.new, new)
        key = (old.pointer, new.pointer, direction)
        if key not in self._found:
            self._waiting.append((key, old, new))
        return key

    @staticmethod
    def _ended(side: Side, node: Node) -> Node:
        pure = isinstance(node.value, dict) and len(node.value) == 1
        return side.follow(node) if pure else node

    def _look_at_all(self) -> None:
        while self._waiting:
            key, old, new = self._waiting.pop()
            if key in self._found:
                continue
            if len(self._found) >= MOST_PAIRS:
                self._found[key] = _Found([Delta(UNFINISHED, "", "the comparison was not finished", "", "")])
                continue
            found = self._found[key] = _Found()
            self._look(found, old, new, key[2], 0)

    def _look(self, found: _Found, old: Node, new: Node, direction: Direction, depth: int) -> None:
        if depth > DEEPEST:
            found.leads_to.append(self._pair(old, new, direction))
            return
        if old.value == new.value:
            self._same(found, new, direction)
            return

        def descend(before: Node, after: Node) -> None:
            self._descend(found, before, after, direction, depth)

        def follow(same: Node) -> None:
            self._same(found, same, direction)

        looking = Looking(self.old, self.new, view(self.old, old), view(self.new, new), direction, descend, follow)
        if looking.old.unfinished or looking.new.unfinished:
            looking.tell(UNFINISHED, new.pointer, "merges more schemas than are looked at")
        flag = members.direction_flag(direction)
        was, now = members.flagged(self.old, old, flag), members.flagged(self.new, new, flag)
        flags.differ_in_presence(looking, old, new, was, now)
        if not was and not now:
            for look in FAMILIES:
                look(looking)
        found.deltas += looking.deltas

    def _descend(self, found: _Found, old: Node, new: Node, direction: Direction, depth: int) -> None:
        if reference(old.value) is None and reference(new.value) is None:
            self._look(found, old, new, direction, depth + 1)
        else:
            found.leads_to.append(self._pair(old, new, direction))

    def _same(self, found: _Found, same: Node, direction: Direction) -> None:
        """Equal as written: only what it refers to can have changed."""
        for target, turned in references(same.value, members.direction_flag(direction)):
            if not turned:
                there = Node(self.old.at(target), target), Node(self.new.at(target), target)
                found.leads_to.append(self._pair(*there, direction))
            elif changed_behind(self.old, self.new, target):
                rule = bounds.OTHER.rule(direction, Move.CHANGED)
                found.deltas.append(Delta(rule, target, f"{target} changed, and a schema demands its opposite", "", ""))
