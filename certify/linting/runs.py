"""What the newest runs of each partner say of a check, so that a waiver that nobody needs can be told.

A folder of reports may hold anything: what is no run, or cannot be read, is passed over. A run that was named on the
command line has to be one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
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
    """Runs by partner, read when they are asked for: those that were ``named``, and those of ``reports``, which holds a
    folder for each partner (None: not looked at)."""

    named: tuple[Ran, ...] = ()
    reports: Path | None = None
    read: dict[str, tuple[Ran, ...]] = field(default_factory=dict)

    @cached_property
    def partners(self) -> tuple[str, ...]:
        """The ids of the partners that have run."""
        beside = (folder.name for folder in _folders(self.reports) if _runs_in(folder))
        return tuple(dict.fromkeys([*(run.plan.partner.id for run in self.named), *beside]))

    def newest_word(self, partner: str, check: str) -> tuple[str, str]:
        """How the check ended in the newest run that could tell, and that run's id; two empty texts where none did."""
        for run in self._of(partner):
            status = _status(run, check)
            if status in SETTLED:
                return status, run.plan.run_id
        return "", ""

    def _of(self, partner: str) -> tuple[Ran, ...]:
        """The runs of a partner, newest first."""
        if partner not in self.read:
            beside = _beside(self.reports / partner) if self.reports and partner in self.partners else ()
            mine = [run for run in (*self.named, *beside) if run.plan.partner.id == partner]
            self.read[partner] = tuple(sorted(mine, key=lambda run: run.plan.started, reverse=True))
        return self.read[partner]


def find_runs(named: Collection[Path], reports: Path | None) -> Runs:
    """The runs that were named, and where others lie. Raises :class:`RunDirectoryError` where a named one is none."""
    return Runs(tuple(Ran(path, RunDirectory.open(path).plan()) for path in named), reports)


def _runs_in(folder: Path) -> list[Path]:
    """The newest runs in the folder of a partner."""
    return sorted((item for item in _folders(folder) if (item / RUN).is_file()), reverse=True)[:LOOKED_AT]


def _beside(folder: Path) -> Iterator[Ran]:
    for path in _runs_in(folder):
        try:
            yield Ran(path, RunDirectory.open(path).plan())
        except RunDirectoryError:
            continue


def _folders(place: Path | None) -> list[Path]:
    try:
        return sorted(item for item in place.iterdir() if item.is_dir() and not item.is_symlink()) if place else []
    except OSError:
        return []


def _status(run: Ran, check: str) -> str:
    try:
        return run.statuses.get(check, "")
    except RunDirectoryError:
        return ""
