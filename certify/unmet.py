"""What of an earlier run was not met, and so is to be run again.

earlier = read_earlier(Path("reports/partner/run"))
earlier.unmet                    # the checks that did not pass: failed, inconclusive, errored, not run, silent
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from certify.errors import UsageError
from certify.judge import condense
from certify.model.check import Stage
from certify.model.outcome import Status
from certify.model.plan import Plan
from certify.rundir import RunDirectory

_MET = (Status.PASSED, Status.NOT_APPLICABLE)


@dataclass(frozen=True)
class Earlier:
    """A recorded run: its plan, and the status of each check."""

    path: Path
    plan: Plan
    statuses: Mapping[str, str]

    @property
    def unmet(self) -> tuple[str, ...]:
        """The checks to run again, in the order of the plan; the gate runs with them anyway."""
        gates = {planned.check.id for planned in self.plan.checks if planned.check.stage is Stage.GATE}
        return tuple(name for name, status in self.statuses.items() if status not in _MET and name not in gates)

    @property
    def again(self) -> tuple[str, ...]:
        """What to ask for: the unmet checks, or the gate where nothing else was."""
        return self.unmet or tuple(name for name, status in self.statuses.items() if status not in _MET)

    def option(self, name: str) -> Path | None:
        """What the run's command said for an option that names a path."""
        return self.plan.option(name)


def read_earlier(path: Path) -> Earlier:
    """Read a run. Raises :class:`UsageError` where nothing of it is left to be met."""
    rundir = RunDirectory.open(path)
    plan = rundir.plan()
    results = condense(plan, rundir.outcomes())
    earlier = Earlier(path, plan, {planned.check.id: results[planned.check.id].status for planned in plan.checks})
    if not earlier.again:
        raise UsageError(f"every check of {path} was met: there is nothing to run again", ["run without --failed"])
    return earlier
