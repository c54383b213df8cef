"""A recorded run as comparing needs it: its plan, and its report as its outcomes give it when they are judged again.

What a ``certification.json`` says is not taken on trust: outcomes are few, so they are judged again, each line held
against its chain. Only what stands on the traffic (coverage, the exchanges shown) is taken from the written report, and
only where that report says of everything else what the judgement gives. Where it does not, or is not there, the whole
report is composed again, which takes a pass over the exchanges.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from certify.errors import RunDirectoryError
from certify.judge import judge
from certify.model.exchange import Exchange
from certify.model.plan import Plan
from certify.model.report import Report
from certify.report import compose
from certify.report.recorded import read_report
from certify.rundir import CONTRACT, RunDirectory


@dataclass(frozen=True)
class Recorded:
    """``notes`` tell of a written report that does not say what the record gives."""

    path: Path
    plan: Plan
    report: Report
    notes: tuple[str, ...] = ()

    @property
    def rundir(self) -> RunDirectory:
        return RunDirectory(self.path)

    @property
    def contract(self) -> Path | None:
        """The contract as it was tested, where the run kept it."""
        file = self.path / CONTRACT
        return file if file.is_file() else None


class _WithoutTraffic(RunDirectory):
    """The same record without its exchanges: what judging and most of a report need."""

    def exchanges(self) -> Iterator[Exchange]:
        return iter(())


def read_run(path: Path) -> Recorded:
    """Read and judge a run. Raises :class:`RunDirectoryError` with file and line where it is none, or was edited."""
    rundir = RunDirectory.open(path)
    plan, seal = rundir.plan(), rundir.read_seal()
    complete = seal is not None and not seal["interrupted"]
    verdict = judge(plan, rundir.outcomes(), now=plan.started, complete=complete)
    bare = compose(plan, _WithoutTraffic(path), verdict)
    written, note = _written(rundir, bare)
    if written is not None:
        return Recorded(path, plan, written)
    return Recorded(path, plan, compose(plan, rundir, verdict), (note,) if note else ())


def _written(rundir: RunDirectory, bare: Report) -> tuple[Report | None, str]:
    """The written report where it can be believed; else why not, in a sentence."""
    try:
        written = read_report(rundir)
    except RunDirectoryError as error:
        return None, f"The report of {bare.run.id} was composed again: {error.message}."
    if _judged(written) == _judged(bare):
        return written, ""
    told = "its certification.json does not say what its outcomes give"
    return None, f"The report of {bare.run.id} was composed again from the record: {told}."


def _judged(report: Report) -> Any:
    """Everything in a report that does not stand on the traffic."""
    checks = tuple(replace(check, operations=()) for check in report.checks)
    findings = tuple(replace(finding, exchanges=(), again=()) for finding in report.findings)
    return replace(
        report,
        checks=checks,
        findings=findings,
        run=replace(report.run, requests=0),
        coverage=replace(report.coverage, exercised=0, details=()),
        evidence={},
    )
