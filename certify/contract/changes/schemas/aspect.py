"""An aspect of a schema: six rules, one for each way in which it can move and each direction."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from certify.contract.changes.ruling import REQUEST, RESPONSE, breaking, harmless
from certify.model.change import ChangeRule, Direction


class Move(StrEnum):
    """How a set of values changed."""

    NARROWED = "narrowed"
    WIDENED = "widened"
    CHANGED = "changed"


_WHY = {
    (REQUEST, Move.NARROWED): "what a client was free to send is refused now",
    (REQUEST, Move.WIDENED): "whatever a client sends is still accepted",
    (REQUEST, Move.CHANGED): "what a client sends may be refused now: nothing shows that it is not",
    (RESPONSE, Move.NARROWED): "a client copes with more than what comes now",
    (RESPONSE, Move.WIDENED): "something may come that a client was never told of",
    (RESPONSE, Move.CHANGED): "something else may come than a client was told: nothing shows that it does not",
}
_HARMLESS = {(REQUEST, Move.WIDENED), (RESPONSE, Move.NARROWED)}


@dataclass(frozen=True)
class Aspect:
    """``name`` is part of the rules' ids, ``what`` names it to a person. ``tolerant``: a client passes over more."""

    name: str
    what: str
    tolerant: bool = False
    moves: tuple[Move, ...] = tuple(Move)

    @property
    def rules(self) -> tuple[ChangeRule, ...]:
        return tuple(self.rule(direction, move) for direction in (REQUEST, RESPONSE) for move in self.moves)

    def rule(self, direction: Direction, move: Move) -> ChangeRule:
        name, title = f"{direction}-{self.name}-{move}", f"{self.what} {move} in a {direction}"
        if self.tolerant and (direction, move) == (RESPONSE, Move.WIDENED):
            return harmless(name, direction, title, "a client passes over members that it does not know")
        make = harmless if (direction, move) in _HARMLESS else breaking
        return make(name, direction, title, _WHY[(direction, move)])
