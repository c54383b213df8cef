"""What a run created in the sandbox, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Leftover:
    """Things of one kind that are left behind for one reason. ``places`` are their paths, or how
    else to find them, as far as that is known."""

    operation: str
    identity: str
    why: str
    count: int
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class CleanUp:
    """``created`` counts what was made by suites and generated requests, ``deleted`` what is gone again."""

    created: int
    deleted: int
    left: tuple[Leftover, ...] = ()

    @property
    def left_behind(self) -> int:
        return sum(item.count for item in self.left)
