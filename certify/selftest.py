"""The harness on trial: each check has to pass on the honest sandbox and fail on each of its own faults.

The honest run is a whole certification, all sources included. A fault is tried with the suites alone, on the checks
that it has to trip: what the contract source adds is extra, and never the reason why a fault is caught.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from certify.judge import condense
from certify.model.check import Check
from certify.model.plan import Plan
from certify.pipeline import Loaded, RunRequest, load_program, plan_for, scene_of, silent
from certify.planning import Request, select_checks
from certify.program.partner import load_partner
from certify.record import record
from certify.sandbox.faults import Fault, all_faults
from certify.sandbox.profile import render_profile
from certify.sandbox.server import serve

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
        honest = pool.submit(_try, (), tuple(globs), full=True)
        rows: list[Row] = []
        for number, found in enumerate(pool.map(lambda fault: _convict(fault, wanted), faults), start=1):
            rows += found
            verdict = "caught" if all(row.ok for row in found) else "MISSED"
            tell(f"{number} of {len(faults)}  {faults[number - 1].name}: {verdict}")
    passed = honest.result()
    tell(f"{sum(row.ok for row in passed)} of {len(passed)} checks pass on the honest sandbox")
    return [*passed, *rows, *_without_fault(passed)]


def _convict(fault: Fault, wanted: Sequence[str]) -> list[Row]:
    checks = tuple(name for name in fault.checks if name in wanted)
    rows = {row.check: row for row in _try((fault.name,), checks, full=False)}
    return [replace(rows[name], expected="failed") for name in checks]


def _without_fault(honest: Sequence[Row]) -> list[Row]:
    """A check that no fault trips is a check that cannot fail: a row of its own, which is never right."""
    tripped = {name for fault in all_faults().values() for name in fault.checks}
    return [Row(row.check, "(none)", "failed", "no fault", 0.0) for row in honest if row.check not in tripped]


def _try(faults: tuple[str, ...], checks: tuple[str, ...], *, full: bool) -> list[Row]:
    """Run checks against a sandbox with faults; one row each."""
    started = time.monotonic()
    with _sandbox(faults) as (profile, folder):
        request = RunRequest(profile, selection=Request(checks=checks, seed=SEED, max_examples=EXAMPLES))
        loaded = replace(_standing(), partner=load_partner(profile))
        plan = plan_for(loaded, request)
        plan = plan if full else _suites_alone(plan)
        rundir = record(scene_of(loaded, plan), folder / "run", silent)
        results = condense(plan, rundir.outcomes())
    seconds = time.monotonic() - started
    return [
        Row(name, "".join(faults), "passed", results[name].status, round(seconds, 1), results[name].note)
        for name in (planned.check.id for planned in plan.checks)
    ]


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


def _suites_alone(plan: Plan) -> Plan:
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
