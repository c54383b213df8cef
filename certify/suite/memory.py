"""Values seen in earlier answers, by the names that they went by: what a parameter may be called, and nobody can guess.

``GET /orders`` told ``{"id": 7, "customerId": "c-1"}``: so an ``orderId`` may be 7, and a ``customer_id`` may be c-1.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from certify.contract import Operation
from certify.contract.naming import scalar
from certify.contract.resources import singular
from certify.http.call import Reply

MOST_NAMES, MOST_VALUES, MOST_ANSWERS, MOST_BYTES = 2_000, 5, 3, 200_000
"""Of what is remembered: what a partner answers is not bounded by us. Answers are counted for each operation."""
_DEPTH = 6
_OWN = ("id", "uuid", "key", "slug", "name", "code", "guid")


class Memory:
    """Learns from successful reads."""

    def __init__(self) -> None:
        self._values: dict[str, list[Any]] = defaultdict(list)
        self._answers: Counter[str] = Counter()

    def learn(self, operation: Operation, reply: Reply) -> None:
        """Remember the members of an answer; the first few answers of an operation tell all that there is."""
        if not reply.ok or not operation.safe or len(reply.content) > MOST_BYTES:
            return
        self._answers[operation.id] += 1
        if self._answers[operation.id] > MOST_ANSWERS:
            return
        kind = singular(next((part for part in reversed(operation.path.split("/")) if part and "{" not in part), ""))
        for name, value in _members(reply.json(), kind, 0):
            self._remember(name, value)

    def value(self, name: str) -> Any:
        """A value that went by that name, or by one that is spelled alike; None where none was seen."""
        return next(iter(self._values.get(_plain(name), ())), None)

    def _remember(self, name: str, value: Any) -> None:
        known = self._values[_plain(name)] if name in self._values or len(self._values) < MOST_NAMES else []
        if len(known) < MOST_VALUES and value not in known:
            known.append(value)


def _members(value: Any, kind: str, depth: int) -> Iterator[tuple[str, Any]]:
    """Every member that could be referred to; an id by the kind of thing whose it is (``order`` → ``orderid``)."""
    if depth > _DEPTH:
        return
    if isinstance(value, list):
        for item in value[:MOST_VALUES]:
            yield from _members(item, kind, depth + 1)
            if scalar(item) is not None:
                yield kind, item
    elif isinstance(value, dict):
        for name, member in value.items():
            if scalar(member) is None:
                inner = kind if _plain(name) in ("data", "items", "results", "value", "embedded") else singular(name)
                yield from _members(member, inner, depth + 1)
            elif _plain(name) in _OWN:
                yield from ((kind + name, member), *(((name, member),) if depth <= 2 else ()))
            else:
                yield name, member


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
