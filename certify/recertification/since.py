"""The certificate that a partial run stands on: what of its run may be taken over, and what may not.

    since = certified_since(path, keys, now=time.time(), partner="acme")

It has to be authentic, not expired and not revoked, of a whole run whose record is there as it was signed: what is
taken over is believed for its sake. Raises :class:`SinceError` otherwise; then everything has to run again anyway.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from certify.certificate.case import Against
from certify.certificate.revoked import read_revocations
from certify.certificate.verify import examine
from certify.errors import UsageError
from certify.judge import condense
from certify.model.certificate import CERTIFICATE, Certificate, Provenance, RevocationList
from certify.model.gate import Answer
from certify.model.outcome import Outcome
from certify.model.plan import Plan
from certify.model.report import Report
from certify.recertification.newer import doubted
from certify.report.recorded import read_report
from certify.rundir import CONTRACT, RUN, RunDirectory
from certify.signing.key_set import KeySet

_WHOLE = "run without --since: then everything runs, and nothing has to be believed"
REVOCATIONS = "revocations.jws"
"""The list of revocations, beside the partners' folders of a directory of reports."""


class SinceError(UsageError):
    """A run cannot stand on that certificate.

    Where that is because of what the certificate is, the exit code is that of the gate's answer: a script can tell a
    revoked one from one that was mistyped.
    """

    def __init__(self, path: Path, why: str, answer: Answer | None = None) -> None:
        super().__init__(f"no run can stand on {path}: {why}", [_WHOLE])
        self.exit_code = answer.exit_code if answer is not None else UsageError.exit_code


@dataclass(frozen=True)
class Since:
    """A certificate and the run that it is about, both as they were signed."""

    path: Path
    certificate: Certificate
    report: Report
    provenance: Provenance = Provenance.PRACTICE

    @property
    def rundir(self) -> RunDirectory:
        return RunDirectory(self.path.parent)

    @cached_property
    def plan(self) -> Plan:
        return self.rundir.plan()

    @cached_property
    def doubted(self) -> Mapping[str, str]:
        """The checks that did not pass at once in a newer run of the partner beside this one, and that run."""
        return doubted(self.path.parent, self.report)

    @cached_property
    def document(self) -> Mapping[str, object]:
        """The contract as it was tested."""
        document: dict[str, object] = json.loads((self.path.parent / CONTRACT).read_bytes())
        return document

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Everything that decided a check then, each marked with the run in which it happened."""
        deciding = condense(self.plan, self.rundir.outcomes())
        return tuple(_marked(outcome, self.plan) for result in deciding.values() for outcome in result.attempts)


def _marked(outcome: Outcome, plan: Plan) -> Outcome:
    """What was carried over already keeps the name of the run in which it happened.

    Its exchanges stay there, and are not cited any more: ids of exchanges are the same in every run, and would show
    those of another check here.
    """
    findings = tuple(replace(finding, exchanges=()) for finding in outcome.findings)
    return replace(outcome, carried=outcome.carried or plan.run_id, findings=findings, unexercised=())


def certified_since(place: Path, keys: KeySet, *, now: float, partner: str) -> Since:
    """``place`` is a certificate, or its run directory. Raises :class:`SinceError` where it cannot be stood on."""
    path = place / CERTIFICATE if place.is_dir() else place
    against = Against(expect_partner=partner, revocations=_revocations(path, keys, now))
    examined = examine(path, keys, now=now, against=against)
    certificate = examined.certificate
    if certificate is None or examined.problems:
        first = "; ".join(str(problem.message) for problem in examined.problems[:3])
        raise SinceError(path, first, examined.answer)
    for why in _unfit(path, certificate):
        raise SinceError(path, why)
    gated = examined.key is not None and examined.key.provenance == Provenance.GATED
    worth = certificate.provenance if gated else Provenance.PRACTICE  # a claim, unless the key is trusted for it
    return Since(path, certificate, read_report(RunDirectory.open(path.parent)), worth)


def _revocations(path: Path, keys: KeySet, now: float) -> RevocationList | None:
    """The list where reports are kept. One that cannot be believed stops the run: somebody may have emptied it."""
    lists = [folder / REVOCATIONS for folder in (path.parent.parent, path.parent.parent.parent)]
    return next((read_revocations(file, keys, now=now) for file in lists if file.is_file()), None)


def _unfit(path: Path, certificate: Certificate) -> Iterator[str]:
    if not certificate.complete:
        yield "its run was not finished"
    missing = [name for name in (RUN, CONTRACT) if not (path.parent / name).is_file()]
    if missing:
        yield f"its run directory is not there: {', '.join(missing)} is missing"
