"""The pytest suites as a source: one sealed child for each round of checks."""

from __future__ import annotations

import math
import socket
import sys
from pathlib import Path
from typing import ClassVar

from certify.budget import Budget, Meter
from certify.errors import HarnessError
from certify.http.broker import VARIABLE
from certify.model.check import Stage
from certify.sources.child import Child, sealed_environment, secret_refs
from certify.sources.interface import Assignment, Source
from certify.suite.job import Job

# Exit codes of pytest: all passed, some failed. Everything else means that it could not do its work.
_RAN = (0, 1)
WIND_UP_S = 20.0
"""Seconds that a child gets beyond the time of the run: nothing is sent in them but what cleans up."""
_FACTOR = 20.0
_USUAL_OPERATIONS = 20
"""The estimates of checks are for a contract of about this many operations."""


class SuitesSource(Source):
    name: ClassVar[str] = "suites"
    stages: ClassVar[frozenset[Stage]] = frozenset(Stage)

    def __init__(self) -> None:
        self._child: Child | None = None
        self._stopped = False

    def record(self, assignment: Assignment) -> None:
        if self._stopped or not assignment.checks:
            return
        child = self._child = start(assignment)
        left = seconds_left(assignment)
        code = child.wait(timeout=min(patience(assignment), left))
        if code is None:
            child.stop()
            if left < patience(assignment):
                return  # the checks that it had no time for are told by whoever keeps the budget
            raise HarnessError("the suites took far longer than planned and were ended", ["see which check is silent"])
        child.close()
        if code not in _RAN and not self._stopped:
            raise HarnessError(f"the suites child ended with {code}", [child.tail()])

    def stop(self) -> None:
        self._stopped = True
        if self._child is not None:
            self._child.stop()


def seconds_left(assignment: Assignment) -> float:
    """Seconds until the run's time is up, with some for a check at work to notice and to clean up."""
    if assignment.meter is None:
        return math.inf
    left = Budget(Meter.open(assignment.meter)).seconds
    return math.inf if left is None else max(left, 0.0) + WIND_UP_S


def patience(assignment: Assignment) -> float:
    """Seconds after which a child counts as hung; its open checks then stay silent. Politeness is given its time."""
    size = max(1.0, len(assignment.plan.contract.operations) / _USUAL_OPERATIONS)
    requests = size * sum(check.requests for check in assignment.checks)
    paced = requests / (assignment.requests_per_second or assignment.plan.rate)
    return 60 + _FACTOR * size * sum(check.seconds for check in assignment.checks) + 3 * paced


def start(assignment: Assignment) -> Child:
    """Start a sealed pytest on exactly the files that hold the assignment's checks."""
    argv = [sys.executable, "-P", "-m", "pytest", *arguments(assignment)]
    if assignment.broker is None:
        return Child(argv, assignment.scratch, environment(assignment))
    ours, theirs = socket.socketpair()
    with theirs:
        variables = {**environment(assignment), VARIABLE: str(theirs.fileno())}
        child = Child(argv, assignment.scratch, variables, [theirs.fileno()])
    assignment.broker.serve(ours)
    return child


def environment(assignment: Assignment) -> dict[str, str]:
    """What a suites child sees of the world: no ambient plugin can change a certificate.

    Its secrets are in there only where nobody signs in for it (:mod:`certify.http.broker`).
    """
    secrets = secret_refs(assignment.partner) if assignment.broker is None else ()
    return sealed_environment(secrets, {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})


def arguments(assignment: Assignment) -> list[str]:
    """Write the job, and give the arguments of pytest for it."""
    folder, root = assignment.scratch, assignment.suites[0]
    job = _job(assignment).save(folder / "job.json")
    (folder / "pytest.ini").write_text("[pytest]\n")
    files = list(dict.fromkeys(check.file for check in assignment.checks))
    argv = ["-q", "--no-header", "--import-mode=importlib", "-p", "certify.pytest_plugin", "-p", "no:cacheprovider"]
    argv += ["-c", str(folder / "pytest.ini"), "--rootdir", str(root), "--confcutdir", str(root)]
    return [*argv, "--certify-job", str(job), *files]


def _job(assignment: Assignment) -> Job:
    gate = next((p.check.id for p in assignment.plan.checks if p.check.stage is Stage.GATE), "")
    return Job(
        partner=str(Path(assignment.partner.file).resolve()),
        contract=str(assignment.contract.resolve()),
        run=str(assignment.rundir.path.resolve()),
        run_id=assignment.plan.run_id,
        checks=tuple(check.id for check in assignment.checks),
        gate=gate,
        writer=f"suites-{assignment.stage}",
        rate=assignment.requests_per_second,
        scout=assignment.stage is Stage.ACTIVE and not assignment.plan.selection.checks,
        ledger=str(assignment.ledger) if assignment.ledger else "",
        meter=str(assignment.meter) if assignment.meter is not None else "",
    )
