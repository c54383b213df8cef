"""What all families share: the two sides, and the list on which changes are put."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from certify.contract.changes.schemas.graph import Graph
from certify.contract.changes.schemas.looking import Delta
from certify.contract.changes.side import Node, Side
from certify.model.change import Change, ChangeRule, Direction

SHOWN = 120
"""Characters of a value that a change shows."""


@dataclass(frozen=True)
class Pair:
    """An operation in both contracts, under the id that the earlier one gives it. ``names`` maps the earlier names of
    path parameters to the later ones."""

    operation: str
    old: Node
    new: Node
    old_item: Node
    new_item: Node
    names: dict[str, str]


@dataclass
class Comparing:
    """The two sides and what was found. ``today`` decides whether a sunset has come."""

    old: Side
    new: Side
    today: date | None = None
    found: dict[tuple[str, str, str], Change] = field(default_factory=dict)
    schemas: Graph = field(init=False)

    def __post_init__(self) -> None:
        self.schemas = Graph(self.old, self.new)

    def tell(
        self, rule: ChangeRule, operation: str, pointer: str, message: str, before: Any = "", after: Any = ""
    ) -> None:
        """Put a change on the list, once for each operation and place."""
        key = (rule.id, operation, pointer)
        change = Change(rule.id, rule.kind, rule.direction, operation, pointer, brief(before), brief(after), message)
        self.found.setdefault(key, change)

    def compare_schemas(self, operation: str, old: Node, new: Node, direction: Direction) -> None:
        """Everything that changed in a schema and in what it refers to."""
        for delta in self.schemas.deltas(old, new, direction):
            self._take(operation, delta)

    def _take(self, operation: str, delta: Delta) -> None:
        self.tell(delta.rule, operation, delta.pointer, delta.message, delta.before, delta.after)


Family = Callable[[Comparing, Pair], None]
"""Looks at one operation in both contracts."""


def brief(value: Any) -> str:
    """A value on one line; texts as they are, the rest as JSON."""
    if value is None:
        return "null"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str, sort_keys=True)
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
