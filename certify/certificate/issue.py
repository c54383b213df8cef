"""Composing a certificate from a run directory: judged again here, and never taken from a judgement that lies there.

    compose_certificate(RunDirectory.open(path), Issuing("Integration desk", "20261103-…-9f86d081", now))

Whatever verdict the facts give can be certified: that a run failed is worth a signature too, and the gate answers with
it. What cannot be is a run that is unsealed, damaged, too old or written by a newer certify than this one, and one
whose ``certification.json`` says something else than judging does: people read that file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from certify import __version__
from certify.certificate.earlier import earlier_runs
from certify.certificate.people import DAY_S, answers, answers_end, last_moment
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

SKEW_S = 60.0
"""Seconds by which the clocks of the machine that ran and of the one that signs may differ."""


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
    verdict, report = judged(rundir)
    _refuse_another_judgement(rundir, report)
    checks = (*map(_check, report.checks), *answers(verdict))
    expires = expiry(plan, report, checks)
    _refuse_wrong_time(plan, issuing.now, expires)
    return Certificate(
        id=issuing.id,
        partner=report.partner,
        program=report.program,
        verdict=str(report.verdict),
        milestones=tuple(CertifiedMilestone(m.id, m.title, str(m.verdict)) for m in report.milestones),
        run=plan.run_id,
        started=plan.started,
        issued=float(int(issuing.now)),
        expires=expires,
        issuer=issuing.issuer,
        provenance=_at_most(plan, provenance(plan.origin, gated=issuing.gated)),
        origin=plan.origin,
        complete=report.run.complete,
        checks=checks,
        capabilities=plan.capabilities,
        digests={**plan.digests, **file_digests(rundir.path)},
        versions=plan.versions,
        waivers=report.waivers,
        earlier=earlier_runs(rundir.path, plan.partner.id),
        based_on=plan.carried.certificate if plan.carried else "",
    )


def expiry(plan: Plan, report: Report, checks: Iterable[CertifiedCheck]) -> float:
    """As many days after the run as the playbook gives; a run signed late, or again, is not fresher for it.

    No certificate outlives what it stands on: the certificate from which outcomes were carried over, and, to the end of
    its last day (UTC), each waiver that excuses something and each answer that has to be given again some day.
    """
    ends = [plan.started + plan.playbook.certification.valid_days * DAY_S]
    ends += [plan.carried.expires] if plan.carried else []
    ends += [last_moment(waiver.expires) for waiver in report.waivers if waiver.state == "used"]
    ends += [end for _, end in answers_end(plan.playbook, checks, plan.started)]
    return float(int(min(ends)))


def provenance(origin: Origin, *, gated: bool = False) -> Provenance:
    """What a certificate claims of itself, and no more: ``gated`` where a CI system was recognised or the key is named
    for it.

    A CI system is recognised by variables that anybody can set, on a laptop too. What cannot be set there is the key
    that only a pipeline has, so whoever verifies believes ``gated`` only of a key that is trusted for gated runs
    (docs/adr/0010).
    """
    return Provenance.GATED if gated or origin.system != LAPTOP else Provenance.PRACTICE


def _at_most(plan: Plan, own: Provenance) -> Provenance:
    """A gated run that stands on a practice run is worth no more than that: nobody launders a laptop's outcomes."""
    based = Provenance(plan.carried.provenance) if plan.carried else own
    return Provenance.PRACTICE if Provenance.PRACTICE in (based, own) else own


def file_digests(run: Path) -> dict[str, str]:
    """The digests of the run directory's files, of those that are there."""
    return {name: file_digest(run / file) for name, file in DIGESTED.items() if (run / file).is_file()}


def report_bytes(report: Report) -> bytes:
    """``certification.json`` as it is written."""
    return JsonFormat().render(report)[DIGESTED["report"]]


def _check(check: ReportedCheck) -> CertifiedCheck:
    attempts = tuple(status for attempt in check.attempts for status in attempt.ended)
    return CertifiedCheck(check.id, check.status, check.reason, attempts, check.flaky, check.suite, check.carried)


def _refuse_wrong_time(plan: Plan, now: float, expires: float) -> None:
    if plan.started > now + SKEW_S:
        raise RunDirectoryError(
            f"the run started {_day(plan.started)}, which lies in the future by this machine's clock",
            ["compare the clocks of the machine that ran it and of this one"],
        )
    if expires <= now:
        raise RunDirectoryError(
            f"a certificate of this run would have expired {_day(expires)}: it started {_day(plan.started)}",
            ["run again, and sign that run"],
        )


def _day(moment: float) -> str:
    return f"on {datetime.fromtimestamp(moment, UTC):%Y-%m-%d at %H:%M} UTC"


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
