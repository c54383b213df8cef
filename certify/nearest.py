"""The nearest valid name: what somebody who mistyped probably meant, or else the names that there are.

>>> suggest("ownr", ["owner", "title"])
("; did you mean 'owner'?", '')
>>> suggest("xyz", ["owner", "title"])
('', 'known: owner, title')
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches

LISTED = 24


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of a message: the closest known name as a question, or nothing where none is close."""
    matches = get_close_matches(name[:200], sorted(known), n=1, cutoff=0.6)
    return f"; did you mean {matches[0]!r}?" if matches else ""


def known_names(known: Iterable[str]) -> str:
    """Advice that lists the valid names, cut where there are many: ``known: a, b, c``."""
    names = sorted(known)
    rest = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return f"known: {', '.join(names[:LISTED])}{rest}" if names else "none is known"


def suggest(name: str, known: Collection[str]) -> tuple[str, str]:
    """The end of a message and its advice: the nearest name, or all of them where none is near."""
    near = did_you_mean(name, known)
    return (near, "") if near else ("", known_names(known))
