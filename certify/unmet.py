"""What of an earlier run was not met, and what became of it in a later one.

earlier = read_earlier(Path("reports/partner/run"))
earlier.unmet                    # the checks that did not pass: failed, inconclusive, errored, not run, silent
changes(earlier, later)          # fixed, still failing, newly failing, still open
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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
        pairs = zip(self.plan.command, self.plan.command[1:], strict=False)
        return next((Path(value) for option, value in pairs if option == name), None)


@dataclass(frozen=True)
class Changes:
    """What became of the checks that were run again."""

    fixed: tuple[str, ...] = ()
    still_failing: tuple[str, ...] = ()
    newly_failing: tuple[str, ...] = ()
    still_open: tuple[str, ...] = ()


def read_earlier(path: Path) -> Earlier:
    """Read a run. Raises :class:`UsageError` where nothing of it is left to be met."""
    rundir = RunDirectory.open(path)
    plan = rundir.plan()
    results = condense(plan, rundir.outcomes())
    earlier = Earlier(path, plan, {planned.check.id: results[planned.check.id].status for planned in plan.checks})
    if not earlier.again:
        raise UsageError(f"every check of {path} was met: there is nothing to run again", ["run without --failed"])
    return earlier


def changes(earlier: Earlier, later: RunDirectory) -> Changes:
    """Compare the checks of a later run with the same checks earlier."""
    plan = later.plan()
    now = {name: result.status for name, result in condense(plan, later.outcomes()).items()}
    again = {planned.check.id for planned in plan.checks} & set(earlier.statuses)
    before = earlier.statuses
    return Changes(
        fixed=_those(again, lambda name: before[name] not in _MET and now[name] in _MET),
        still_failing=_those(again, lambda name: before[name] == now[name] == Status.FAILED),
        newly_failing=_those(again, lambda name: before[name] != Status.FAILED and now[name] == Status.FAILED),
        still_open=_those(again, lambda name: now[name] not in (*_MET, Status.FAILED)),
    )


def _those(names: Iterable[str], wanted: Callable[[str], bool]) -> tuple[str, ...]:
    return tuple(sorted(filter(wanted, names)))
