"""What a new partner engineer may be asked, and what is taken where nobody is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Question:
    """One question. ``choices`` empty: any text will do. ``why`` says what the answer changes."""

    text: str
    default: str
    choices: tuple[str, ...] = ()
    why: str = ""


Ask = Callable[[Question], str]
"""Puts a question to somebody, and gives the answer."""


def by_default(question: Question) -> str:
    """Ask nobody."""
    return question.default


@dataclass(frozen=True)
class Wishes:
    """What was said on the command line. Empty: ask, or take the default. ``settings`` are members of the profile that
    only its owner knows: ``client_id``, ``username``."""

    contract: str = ""
    url: str = ""
    id: str = ""
    name: str = ""
    sign_in: str = ""
    allow_writes: bool | None = None
    settings: dict[str, str] = field(default_factory=dict)
