"""Checks that were renamed: what an id of an earlier or later run is called now.

>>> current([Check("auth.new", …, formerly=("auth.old",))])("auth.old")
'auth.new'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from certify.model.check import Check

LONGEST_CHAIN = 20
"""Renames that are followed one after another; more is a circle."""


def current(checks: Iterable[Check]) -> Callable[[str], str]:
    """What gives each id its newest name, by all that is known of renames. Unknown ids keep theirs.

    The checks may be those of several runs, before and after a rename: only the later declare it. An id that two
    checks claim as their own former one means neither.
    """
    claims: dict[str, set[str]] = {}
    for check in checks:
        for former in check.formerly:
            claims.setdefault(former, set()).add(check.id)
    renamed = {former: next(iter(names)) for former, names in claims.items() if len(names) == 1}

    def newest(name: str) -> str:
        for _ in range(LONGEST_CHAIN):
            if name not in renamed:
                break
            name = renamed[name]
        return name

    return newest
