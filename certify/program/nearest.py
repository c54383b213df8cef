"""The nearest valid name: what somebody who mistyped probably meant.

>>> did_you_mean("ownr", ["owner", "title"])
"; did you mean 'owner'?"
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

LISTED = 12


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of a message: the closest known name as a question, or nothing where none is close."""
    matches = get_close_matches(name[:200], sorted(known), n=1, cutoff=0.6)
    return f"; did you mean {matches[0]!r}?" if matches else ""


def known_names(known: Iterable[str], what: str = "known") -> str:
    """Advice that lists the valid names, cut where there are many: ``known: a, b, c``."""
    names = sorted(known)
    rest = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return f"{what}: {', '.join(names[:LISTED])}{rest}" if names else f"{what}: none"
