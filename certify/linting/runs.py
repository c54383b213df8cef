"""What the newest runs of each partner say of a check, so that a waiver that nobody needs can be told.

A folder of reports may hold anything: what is no run, or cannot be read, is passed over. Whose a run is stands in its
plan, and not in the name of a folder: a person's runs lie in a folder of each partner, a pipeline's side by side. A run
that was named on the command line has to be one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from certify.errors import RunDirectoryError
from certify.judge import condense
from certify.model.plan import Plan
from certify.rundir import RUN, RunDirectory

LOOKED_AT = 20
"""Runs of each partner that are looked into, the newest first."""
DEEPEST = 8
"""Folders below the reports that are walked into."""
LARGEST = 64 * 1024 * 1024
"""Bytes of a plan that are read; what is larger is none."""
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
class _Seen:
    """A run whose plan says, unread otherwise, whose it is and when it began (seconds since the epoch)."""

    path: Path
    partner: str
    started: float


@dataclass(frozen=True)
class Runs:
    """Runs by partner, read when they are asked for: those that were ``named``, and those that lie below ``reports``
    (None: not looked at)."""

    named: tuple[Ran, ...] = ()
    reports: Path | None = None
    read: dict[str, tuple[Ran, ...]] = field(default_factory=dict)

    @cached_property
    def partners(self) -> tuple[str, ...]:
        """The ids of the partners that have run."""
        return tuple(dict.fromkeys([*(run.plan.partner.id for run in self.named), *self._beside]))

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
            named = (run for run in self.named if run.plan.partner.id == partner)
            mine = [*named, *_read(self._beside.get(partner, []))]
            self.read[partner] = tuple(sorted(mine, key=lambda run: run.plan.started, reverse=True))
        return self.read[partner]

    @cached_property
    def _beside(self) -> Mapping[str, list[_Seen]]:
        """The runs below the reports by partner."""
        found: dict[str, list[_Seen]] = {}
        for folder in _run_folders(self.reports, 0) if self.reports else ():
            if (run := _look(folder)) is not None:
                found.setdefault(run.partner, []).append(run)
        return found


def find_runs(named: Collection[Path], reports: Path | None) -> Runs:
    """The runs that were named, and where others lie. Raises :class:`RunDirectoryError` where a named one is none."""
    return Runs(tuple(Ran(path, RunDirectory.open(path).plan()) for path in named), reports)


def _run_folders(folder: Path, depth: int) -> Iterator[Path]:
    """Folders with a plan; what lies in one of them belongs to that run. Links are not followed."""
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError:
        return
    if any(entry.name == RUN and entry.is_file(follow_symlinks=False) for entry in entries):
        yield folder
    elif depth < DEEPEST:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _run_folders(Path(entry.path), depth + 1)


def _look(folder: Path) -> _Seen | None:
    """Whose run it is, without reading all of the plan's members; None where its file is no plan."""
    file = folder / RUN
    try:
        plan = json.loads(file.read_bytes()) if file.stat().st_size <= LARGEST else {}
        return _Seen(folder, str(plan["partner"]["id"]), float(plan["started"]))
    except (OSError, ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return None


def _read(seen: list[_Seen]) -> Iterator[Ran]:
    """The newest of them; what turns out to be no run is passed over."""
    for run in sorted(seen, key=lambda item: item.started, reverse=True)[:LOOKED_AT]:
        try:
            yield Ran(run.path, RunDirectory.open(run.path).plan())
        except RunDirectoryError:
            continue


def _status(run: Ran, check: str) -> str:
    try:
        return run.statuses.get(check, "")
    except RunDirectoryError:
        return ""
