"""The harness on trial: each check has to pass on the honest sandbox and fail on each of its own faults.

The honest run is a whole certification, all sources included. A fault is tried with the suites alone, on the checks
that it has to trip: what the contract source adds is extra, and never the reason why a fault is caught.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from certify.judge import condense
from certify.model.check import Check, Stage
from certify.model.plan import Plan
from certify.model.verdict import CheckResult
from certify.pipeline import Loaded, RunRequest, load_program, plan_for, scene_of, silent
from certify.planning import Request, in_order, select_checks
from certify.program.partner import load_partner
from certify.record import record
from certify.rundir import RunDirectory
from certify.sandbox.faults import Fault, all_faults
from certify.sandbox.profile import render_profile
from certify.sandbox.server import serve
from certify.sources.interface import Assignment
from certify.trial import trial

PARALLEL = 3
"""Trials at once: one more than the cores that most machines have, because a trial also waits."""
SEED = 1
EXAMPLES = 3
"""Generated cases per operation in the honest run: its point is that nothing honest fails, not to find anything."""


@dataclass(frozen=True)
class Row:
    """One cell of the matrix: a check on the honest sandbox (``fault`` empty) or with a fault; statuses in words."""

    check: str
    fault: str
    expected: str
    got: str
    seconds: float
    note: str = ""

    @property
    def ok(self) -> bool:
        return self.got == self.expected


def selftest(globs: Sequence[str] = (), tell: Callable[[str], None] = lambda text: None) -> list[Row]:
    """The whole matrix, honest rows first. ``globs`` narrow it to some checks."""
    wanted = _wanted(globs)
    faults = [fault for fault in all_faults().values() if set(fault.checks) & set(wanted)]
    with ThreadPoolExecutor(PARALLEL) as pool:
        honest = pool.submit(_acquit, tuple(globs))
        rows: list[Row] = []
        for number, found in enumerate(pool.map(lambda fault: _convict(fault, wanted), faults), start=1):
            rows += found
            verdict = "caught" if all(row.ok for row in found) else "MISSED"
            tell(f"{number} of {len(faults)}  {faults[number - 1].name}: {verdict}")
    passed = honest.result()
    tell(f"{sum(row.ok for row in passed)} of {len(passed)} checks pass on the honest sandbox")
    return [*passed, *rows, *_without_fault(passed)]


def _convict(fault: Fault, wanted: Sequence[str]) -> list[Row]:
    """Try one fault on the checks that it has to trip, with the suites alone."""
    checks = tuple(name for name in fault.checks if name in wanted)
    started = time.monotonic()
    results = try_fault(fault.name, checks)
    rows = _rows(results, checks, fault.name, time.monotonic() - started)
    return [replace(row, expected="failed") for row in rows]


def try_fault(name: str, checks: Sequence[str]) -> Mapping[str, CheckResult]:
    """The results of some checks (names or globs), by the suites alone, on a sandbox with a fault."""
    with _sandbox((name,)) as (profile, folder):
        loaded, plan = _planned(profile, tuple(checks))
        plan = suites_alone(plan)
        return condense(plan, suites_trial(loaded, plan, folder).outcomes())


def suites_trial(loaded: Loaded, plan: Plan, folder: Path) -> RunDirectory:
    """Run the suites on a plan in a forked child, all stages in one; what it did is recorded under ``folder``."""
    rundir, scene = RunDirectory.create(folder / "run", plan), scene_of(loaded, plan)
    checks = in_order(planned.check for planned in plan.checks if planned.blocked is None)
    trial(
        Assignment(plan, scene.partner, checks, Stage.ACTIVE, rundir, scene.contract, scene.suites, folder, plan.rate)
    )
    return rundir


def _without_fault(honest: Sequence[Row]) -> list[Row]:
    """A check that no fault trips is a check that cannot fail: a row of its own, which is never right."""
    tripped = {name for fault in all_faults().values() for name in fault.checks}
    return [Row(row.check, "(none)", "failed", "no fault", 0.0) for row in honest if row.check not in tripped]


def _acquit(globs: tuple[str, ...]) -> list[Row]:
    """A whole certification of the honest sandbox, all sources included."""
    started = time.monotonic()
    with _sandbox(()) as (profile, folder):
        loaded, plan = _planned(profile, globs)
        rundir = record(scene_of(loaded, plan), folder / "run", silent)
        results = condense(plan, rundir.outcomes())
    return _rows(results, [planned.check.id for planned in plan.checks], "", time.monotonic() - started)


def _planned(profile: Path, checks: tuple[str, ...]) -> tuple[Loaded, Plan]:
    request = RunRequest(profile, selection=Request(checks=checks, seed=SEED, max_examples=EXAMPLES))
    loaded = replace(_standing(), partner=load_partner(profile))
    return loaded, plan_for(loaded, request)


def _rows(results: Mapping[str, CheckResult], checks: Iterable[str], fault: str, seconds: float) -> list[Row]:
    found = ((name, results[name]) for name in checks)
    return [Row(name, fault, "passed", result.status, round(seconds, 1), result.note) for name, result in found]


@cache
def _standing() -> Loaded:
    """What every trial stands on, read once; only the address of the sandbox differs."""
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder) / "partner.yaml"
        profile.write_text(render_profile("http://127.0.0.1:1"), encoding="utf-8")
        return load_program(RunRequest(profile))


def _wanted(globs: Sequence[str]) -> list[str]:
    """The checks on trial: those that a certification of every milestone would run."""
    standing = _standing()
    bound = [name for m in standing.playbook.milestones for criterion in m.criteria for name in criterion.checks]
    return [check.id for check in select_checks(standing.checks, bound, globs)]


def suites_alone(plan: Plan) -> Plan:
    """The plan with every check decided by the suites."""

    def alone(check: Check) -> Check:
        return replace(check, sources=("suites",))

    return replace(plan, checks=tuple(replace(planned, check=alone(planned.check)) for planned in plan.checks))


@contextmanager
def _sandbox(faults: Sequence[str]) -> Iterator[tuple[Path, Path]]:
    """A running sandbox: its profile, and a folder that goes with it.

    In a thread, because there are dozens of them and each process would import everything again.
    """
    with serve(faults) as sandbox, tempfile.TemporaryDirectory(prefix="certify-selftest-") as name:
        folder = Path(name)
        profile = folder / "partner.yaml"
        profile.write_text(render_profile(sandbox.base_url), encoding="utf-8")
        yield profile, folder
