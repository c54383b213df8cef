"""Composing a certificate from a run directory: judged again here, and never taken from a judgement that lies there.

    compose_certificate(RunDirectory.open(path), Issuing("Integration desk", "20261103-…-9f86d081", now))

Whatever verdict the facts give can be certified: that a run failed is worth a signature too, and the gate answers with
it. What cannot be is a run that is not finished, not whole, or written by a newer certify than this one, and one whose
``certification.json`` says something else than judging does: people read that file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from certify import __version__
from certify.certificate.earlier import earlier_runs
from certify.errors import RunDirectoryError
from certify.formats.json_format import JsonFormat
from certify.model.certificate import (
    DIGESTED,
    Certificate,
    CertifiedCheck,
    CertifiedMilestone,
    Provenance,
)
from certify.model.plan import LAPTOP, Origin, Plan
from certify.model.report import Report, ReportedCheck
from certify.report import judged
from certify.rundir import RunDirectory, file_digest

DAY_S = 86_400


@dataclass(frozen=True)
class Issuing:
    """Who certifies, under which id and when (seconds since the epoch). ``gated`` says that the key is named for it."""

    issuer: str
    id: str
    now: float
    gated: bool = False


def compose_certificate(rundir: RunDirectory, issuing: Issuing) -> Certificate:
    """The certificate of a run. Raises :class:`RunDirectoryError` where the run is not fit for one."""
    plan = rundir.plan()
    _refuse_newer(plan, rundir.path)
    _refuse_unsealed(rundir)
    _, report = judged(rundir)
    _refuse_another_judgement(rundir, report)
    issued = float(int(issuing.now))
    return Certificate(
        id=issuing.id,
        partner=report.partner,
        program=report.program,
        verdict=str(report.verdict),
        milestones=tuple(CertifiedMilestone(m.id, m.title, str(m.verdict)) for m in report.milestones),
        run=plan.run_id,
        started=plan.started,
        issued=issued,
        expires=expiry(plan, issued),
        issuer=issuing.issuer,
        provenance=provenance(plan.origin, gated=issuing.gated),
        origin=plan.origin,
        complete=report.run.complete,
        checks=tuple(map(_check, report.checks)),
        capabilities=plan.capabilities,
        digests={**plan.digests, **file_digests(rundir.path)},
        versions=plan.versions,
        waivers=report.waivers,
        earlier=earlier_runs(rundir.path, plan.partner.id),
        based_on=plan.carried.certificate if plan.carried else "",
    )


def expiry(plan: Plan, issued: float) -> float:
    """As many days as the playbook gives; what was carried over is not vouched for longer than where it comes from."""
    ends = issued + plan.playbook.certification.valid_days * DAY_S
    return min(ends, float(int(plan.carried.expires))) if plan.carried else ends


def provenance(origin: Origin, *, gated: bool = False) -> Provenance:
    """A claim, and no more than that: whoever verifies believes ``gated`` only of a key that it trusts for gated runs.

    A CI system is recognised by variables that anybody can set, so on a laptop too; what cannot be set there is the
    key that only the CI system has.
    """
    return Provenance.GATED if gated or origin.system != LAPTOP else Provenance.PRACTICE


def file_digests(run: Path) -> dict[str, str]:
    """The digests of the run directory's files, of those that are there."""
    return {name: file_digest(run / file) for name, file in DIGESTED.items() if (run / file).is_file()}


def report_bytes(report: Report) -> bytes:
    """``certification.json`` as it is written."""
    return JsonFormat().render(report)[DIGESTED["report"]]


def _check(check: ReportedCheck) -> CertifiedCheck:
    attempts = tuple(attempt.status for attempt in check.attempts)
    return CertifiedCheck(check.id, check.status, check.reason, attempts, check.flaky, check.suite, check.carried)


def _refuse_unsealed(rundir: RunDirectory) -> None:
    if rundir.read_seal() is None:
        raise RunDirectoryError(
            f"{rundir.path} has no {DIGESTED['seal']}: the run did not finish, so there is nothing whole to sign",
            ["run again, and sign that run"],
        )


def _refuse_another_judgement(rundir: RunDirectory, report: Report) -> None:
    file = rundir.path / DIGESTED["report"]
    if not file.is_file():
        raise RunDirectoryError(f"{file} is missing: there is no report to sign", [_judge(rundir)])
    if file.read_bytes() != report_bytes(report):
        raise RunDirectoryError(
            f"{file} is not what judging this run gives: it was edited, or another version of certify wrote it",
            [f"{_judge(rundir)}; then read the report again before you sign"],
        )


def _judge(rundir: RunDirectory) -> str:
    return f"write it again with `certify judge {rundir.path}`"


def _refuse_newer(plan: Plan, path: Path) -> None:
    written = plan.versions.get("certify", __version__)
    if _ordered(written) > _ordered(__version__):
        raise RunDirectoryError(
            f"{path} was recorded by certify {written}, which is newer than this one ({__version__})",
            ["sign it with the certify that recorded it, or a newer one"],
        )


def _ordered(version: str) -> tuple[int, ...]:
    """The numbers of a release, so that 0.10 comes after 0.9; nothing else is ever written there."""
    return tuple(int(part) for part in version.split(".") if part.isdigit())
