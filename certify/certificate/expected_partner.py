"""For whom something is said to speak, and for whom it does.

A profile names its own partner, so whoever writes one could speak for another: certify their sandbox in another's name,
or fail in it. A pipeline knows whose turn it is, and says so.
"""

from __future__ import annotations

from certify.errors import UsageError


def refuse_other(found: str, expected: str, place: str) -> None:
    """Raise :class:`UsageError` where ``place`` speaks for another partner; no ``expected``: anybody may."""
    if expected and found != expected:
        raise UsageError(
            f"{place} speaks for partner {found!r}, and {expected!r} was expected (--expect-partner)",
            ["give the profile and the run of that partner, or have the id in the profile corrected"],
        )
