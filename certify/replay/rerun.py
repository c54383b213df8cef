"""The whole check again, by itself: for findings that stand on a sequence, a spoiled token, or a control.

The check runs as in a run, in a child with an environment of ours alone, into a run directory that is thrown away.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from certify.errors import CertifyError
from certify.model.check import Check
from certify.model.exchange import Exchange
from certify.model.outcome import Finding, Outcome, Status, Weight
from certify.model.partner import Partner
from certify.model.plan import Plan
from certify.replay.oracle import Decision, Result
from certify.replay.subject import read_exchanges
from certify.rundir import RunDirectory
from certify.sources.interface import Assignment
from certify.trial import trial


@dataclass(frozen=True)
class Place:
    """What a check runs on: the recorded plan, the partner of today, the contract's file, and where suites are."""

    plan: Plan
    partner: Partner
    contract: Path
    suites: Sequence[Path]
    ledger: Path | None = None


@dataclass(frozen=True)
class Rerun:
    """What came of it, and the exchange that shows it, if one does."""

    decision: Decision
    after: Exchange | None = None


def rerun(place: Place, check: Check, finding: Finding) -> Rerun:
    """Run one check and hold its outcome against a finding."""
    file = next((found for folder in place.suites if (found := folder / check.file).is_file()), None)
    if file is None:
        return Rerun(Decision(Result.UNKNOWN, f"the suite {check.file} is not in this program"))
    with tempfile.TemporaryDirectory(prefix="certify-replay-") as folder:
        rundir = RunDirectory.create(Path(folder) / "run", place.plan)
        try:
            trial(_assignment(place, replace(check, file=str(file)), rundir, Path(folder)))
        except CertifyError as error:
            return Rerun(Decision(Result.UNKNOWN, " ".join([error.message, *error.advice])))
        outcome = next((item for item in rundir.outcomes() if item.check == check.id), None)
        return _compared(outcome, finding, rundir)


def _assignment(place: Place, check: Check, rundir: RunDirectory, folder: Path) -> Assignment:
    scratch = folder / "scratch"
    scratch.mkdir()
    alone = replace(place.plan, checks=tuple(p for p in place.plan.checks if p.check.id == check.id))
    return Assignment(
        plan=alone,
        partner=place.partner,
        checks=[check],
        stage=check.stage,
        rundir=rundir,
        contract=place.contract,
        suites=place.suites,
        scratch=scratch,
        requests_per_second=place.plan.rate,
        ledger=place.ledger,
    )


def _compared(outcome: Outcome | None, finding: Finding, rundir: RunDirectory) -> Rerun:
    if outcome is None:
        return Rerun(Decision(Result.UNKNOWN, "the check was run again, and reported nothing"))
    violations = [item for item in outcome.findings if item.weight is Weight.VIOLATION]
    match outcome.status:
        case Status.PASSED:
            return Rerun(Decision(Result.FIXED, "the whole check was run again, with its controls, and passed"))
        case Status.FAILED:
            same = next((item for item in violations if item.cause == finding.cause), violations[0])
            found = read_exchanges(rundir, same.exchanges[:1])
            if same.cause == finding.cause:
                why = f"the whole check was run again: {same.actual}; expected was {same.expected}"
                return Rerun(Decision(Result.STILL, why), next(iter(found.values()), None))
            why = (
                f"the whole check was run again, and fails in another way: {same.actual}; expected was {same.expected}"
            )
            return Rerun(Decision(Result.STILL, why), next(iter(found.values()), None))
        case _:
            reason = f" ({outcome.reason})" if outcome.reason else ""
            told = f"the whole check was run again: {outcome.status.replace('_', ' ')}{reason}. {outcome.note[:300]}"
            return Rerun(Decision(Result.UNKNOWN, told))
