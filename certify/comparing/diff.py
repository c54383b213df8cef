"""The straight line of ``certify diff``: read two runs, compare, look for witnesses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from certify.comparing.baseline import last_certified
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
    if second is not None:
        before, after, why = read_run(first), read_run(second), ""
    else:
        after = read_run(first)
        chosen = last_certified(first, after.plan.partner.id, after.plan.started)
        before, why = read_run(chosen.path), chosen.why
    if not any_partner:
        refuse_strangers(before, after)
    return whole(before, after, why)


def whole(before: Recorded, after: Recorded, chosen: str = "") -> Comparison:
    """A comparison with what takes more than the two reports: the contracts, and exchanges that show a change."""
    comparison = compare(before, after, chosen=chosen)
    changes, notes = contract_changes(before, after)
    comparison = replace(comparison, contract=changes, notes=(*comparison.notes, *notes))
    return witnessed(comparison, before, after)
