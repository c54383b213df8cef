"""What was seen, and on which answers: equal things are kept together, each with a handful of answers.

A run has many thousands of exchanges, and a fault may show on all of them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from certify.suite.traffic import Seen

T = TypeVar("T")
MOST = 20


class Sightings(Generic[T]):
    """Pairs of a thing and the answers that show it, in the order of first sight."""

    def __init__(self) -> None:
        self._found: dict[Hashable, tuple[T, list[Seen]]] = {}

    def add(self, key: Hashable, what: T, seen: Seen) -> None:
        """Note that ``what`` was seen; things of one key are the same."""
        _, kept = self._found.setdefault(key, (what, []))
        if len(kept) < MOST:
            kept.append(seen)

    def __iter__(self) -> Iterator[tuple[T, list[Seen]]]:
        yield from self._found.values()
