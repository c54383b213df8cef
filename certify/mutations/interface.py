"""What a mutation is, and how one enters the registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

REGISTRY: dict[str, Mutation] = {}


@dataclass(frozen=True)
class Mutation:
    """``name`` is ``family.way``; ``what`` completes "the token/the body has …"; ``near`` marks a near miss."""

    name: str
    what: str
    apply: Callable[..., Any]
    near: bool = False

    def __str__(self) -> str:
        return self.what


def mutation(name: str, what: str, *, near: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function as a mutation."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        REGISTRY[name] = Mutation(name, what, function, near)
        return function

    return register
