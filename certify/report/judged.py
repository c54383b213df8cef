"""A recorded run, judged: the verdict and the report that its facts give, whatever stands on disk as its judgement."""

from __future__ import annotations

from certify.judge import judge
from certify.model.report import Report
from certify.model.verdict import RunVerdict
from certify.report.compose import compose
from certify.rundir import RunDirectory


def judged(rundir: RunDirectory) -> tuple[RunVerdict, Report]:
    """Judge a run again. Raises :class:`certify.errors.RunDirectoryError` where a file is damaged or was edited."""
    plan, seal = rundir.plan(), rundir.read_seal()
    complete = seal is not None and not seal["interrupted"]
    verdict = judge(plan, rundir.outcomes(), now=plan.started, complete=complete)
    return verdict, compose(plan, rundir, verdict)
