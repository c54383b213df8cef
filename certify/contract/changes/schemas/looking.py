"""What a family of schema rules is given: a schema in both contracts, and where to put what it finds."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from certify.contract.changes.schemas.aspect import Aspect, Move
from certify.contract.changes.schemas.view import View
from certify.contract.changes.side import Node, Side
from certify.model.change import ChangeRule, Direction


class Delta(NamedTuple):
    """A change in one schema, whoever uses it."""

    rule: ChangeRule
    pointer: str
    message: str
    before: Any
    after: Any


@dataclass
class Looking:
    """``descend`` compares a part of the schema: a member, the items, a choice. ``follow`` looks at what a part that is
    equal on both sides refers to."""

    before: Side
    after: Side
    old: View
    new: View
    direction: Direction
    descend: Callable[[Node, Node], None]
    follow: Callable[[Node], None]
    deltas: list[Delta] = field(default_factory=list)

    def tell(self, rule: ChangeRule, pointer: str, message: str, before: Any = "", after: Any = "") -> None:
        self.deltas.append(Delta(rule, pointer, message, before, after))

    def moved(self, aspect: Aspect, move: Move, keyword: str, before: Any, after: Any) -> None:
        """Tell that an aspect moved; it is found at ``keyword`` of the schema in which it still is."""
        home = self.old if after is None else self.new
        message = f"{aspect.what} {move}: {_said(before)} → {_said(after)}"
        self.tell(aspect.rule(self.direction, move), home.place(keyword), message, _said(before), _said(after))


def _said(value: Any) -> str:
    if value is None:
        return "none"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:79]}…"
