"""What is wrong with a contract, and what was done about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from certify.errors import Problem


class Effect(StrEnum):
    """``fatal``: nothing can be tested. ``set_aside``: the operations that need it are left out. ``mended``: read in
    the one way that blames nobody. ``noted``: nothing changes."""

    FATAL = "fatal"
    SET_ASIDE = "set_aside"
    MENDED = "mended"
    NOTED = "noted"


@dataclass(frozen=True)
class Mistake:
    """One mistake of a contract. ``operations`` are those that it concerns, as ``METHOD /path``."""

    problem: Problem
    effect: Effect
    operations: tuple[str, ...] = ()

    def __str__(self) -> str:
        return str(self.problem)
