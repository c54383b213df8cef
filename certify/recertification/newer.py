"""Runs of the same partner that came after a certified one: what failed there is not taken over from before it.

Without that, every failure could be undone by naming the last success. What these runs say is read as it stands, signed
or not: it can only make more checks run. Reading is bounded, and foreign files are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from certify.errors import CertifyError
from certify.model.outcome import Status
from certify.model.report import Report
from certify.report.recorded import read_report
from certify.rundir import RUN, RunDirectory

LOOKED_AT = 200
"""Folders looked at, the newest names first: run ids begin with the time."""
_KEPT = (Status.PASSED, Status.NOT_APPLICABLE)


def doubted(run: Path, base: Report) -> dict[str, str]:
    """The checks that did not pass at once in a newer run beside this one, each with that run."""
    newer = sorted(_newer(run, base), key=lambda report: report.run.started)
    return {
        check.id: report.run.id
        for report in newer
        for check in report.checks
        if check.status not in _KEPT or check.flaky
    }


def _newer(run: Path, base: Report) -> Iterator[Report]:
    try:
        beside = sorted((item for item in run.resolve().parent.iterdir() if (item / RUN).is_file()), reverse=True)
    except OSError:
        return
    for folder in beside[:LOOKED_AT]:
        try:
            report = read_report(RunDirectory(folder))
        except (CertifyError, OSError, RecursionError):
            continue
        if report.partner.id == base.partner.id and report.run.started > base.run.started:
            yield report
