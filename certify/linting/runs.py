"""What the newest runs of each partner say of a check, so that a waiver that nobody needs can be told.

A folder of reports may hold anything: what is no run, or cannot be read, is passed over. A run that was named on the
command line has to be one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from certify.errors import RunDirectoryError
from certify.judge import condense
from certify.model.plan import Plan
from certify.rundir import RUN, RunDirectory

LOOKED_AT = 20
"""Runs of each partner that are looked into, the newest names first: run ids begin with the time."""
SETTLED = ("passed", "failed", "not_applicable")
"""How a check can end that says whether a waiver is needed; doubt and silence say nothing."""


@dataclass(frozen=True)
class Ran:
    """A recorded run."""

    path: Path
    plan: Plan

    @cached_property
    def statuses(self) -> Mapping[str, str]:
        """How each check ended. Raises :class:`RunDirectoryError` where the record was edited."""
        results = condense(self.plan, RunDirectory(self.path).outcomes())
        return {name: result.status for name, result in results.items()}


@dataclass(frozen=True)
class Runs:
    """Runs by partner, newest first."""

    of: Mapping[str, Sequence[Ran]]

    def newest_word(self, partner: str, check: str) -> tuple[str, str]:
        """How the check ended in the newest run that could tell, and that run's id; two empty texts where none did."""
        for run in self.of.get(partner, ()):
            status = _status(run, check)
            if status in SETTLED:
                return status, run.plan.run_id
        return "", ""


def find_runs(named: Collection[Path], reports: Path | None) -> Runs:
    """The runs that were named, and those of ``reports``, which holds a folder for each partner."""
    found = [Ran(path, RunDirectory.open(path).plan()) for path in named]
    found += list(_beside(reports)) if reports is not None else []
    newest = sorted(found, key=lambda run: run.plan.started, reverse=True)
    return Runs({partner: [run for run in newest if run.plan.partner.id == partner] for partner in _partners(newest)})


def _partners(runs: Sequence[Ran]) -> Collection[str]:
    return dict.fromkeys(run.plan.partner.id for run in runs)


def _beside(reports: Path) -> Iterator[Ran]:
    for folder in _folders(reports):
        runs = [item for item in _folders(folder) if (item / RUN).is_file()]
        for path in sorted(runs, reverse=True)[:LOOKED_AT]:
            try:
                yield Ran(path, RunDirectory.open(path).plan())
            except RunDirectoryError:
                continue


def _folders(place: Path) -> list[Path]:
    try:
        return sorted(item for item in place.iterdir() if item.is_dir() and not item.is_symlink())
    except OSError:
        return []


def _status(run: Ran, check: str) -> str:
    try:
        return run.statuses.get(check, "")
    except RunDirectoryError:
        return ""
