"""The straight line of ``certify diff``: read two runs, compare, look for witnesses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from certify.comparing.baseline import Chosen, last_certified
from certify.comparing.compare import compare, refuse_strangers
from certify.comparing.comparison import Comparison
from certify.comparing.contracts import contract_changes
from certify.comparing.recorded import Recorded, read_run
from certify.comparing.witnesses import witnessed


def diff(first: Path, second: Path | None = None, *, any_partner: bool = False) -> Comparison:
    """Compare an earlier run with a later one; one run alone with the last certified run of its partner beside it.

    Raises :class:`certify.errors.UsageError` where the runs are of different partners or there is none to compare
    with, and :class:`certify.errors.RunDirectoryError` where one of them is damaged.
    """
    if second is None:
        after = read_run(first)
        chosen = last_certified(after)
    else:
        after, chosen = read_run(second), Chosen(read_run(first), "")
    before = chosen.run
    if not any_partner:
        refuse_strangers(before, after)
    comparison = whole(before, after, chosen.why)
    return replace(comparison, notes=(*chosen.notes, *comparison.notes))


def whole(before: Recorded, after: Recorded, chosen: str = "") -> Comparison:
    """A comparison with what takes more than the two reports: the contracts, and exchanges that show a change."""
    comparison = compare(before, after, chosen=chosen)
    changes, notes = contract_changes(before, after)
    comparison = replace(comparison, contract=changes, notes=(*comparison.notes, *notes))
    return witnessed(comparison, before, after)
