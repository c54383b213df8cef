"""The report that people read says what was signed, in the same words.

The report beside a certificate, or the one that a verifier names. Its bytes are what the certificate digests, so this
finds somebody who signed a certificate that is not of the report: the two are compared member by member.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from certify.certificate.case import Case
from certify.certificate.problem import Flaw, Problem
from certify.errors import CertifyError
from certify.model.certificate import DIGESTED, Certificate, CertifiedCheck, CertifiedMilestone
from certify.model.codec import decode
from certify.model.gate import Answer
from certify.model.plan import Origin
from certify.model.report import ReportedCheck, ReportedPartner, ReportedProgram, ReportedWaiver
from certify.rundir import file_digest
from certify.signing.strict import json_object

MAX_BYTES = 512 * 1024 * 1024
"""A report of 100,000 exchanges has some ten megabytes; what is larger than this is not read into memory."""
_LYING = "do not rely on either, and ask whoever signed the certificate"


def reported(case: Case) -> Iterator[Problem]:
    """Compare the report's words with the certificate's."""
    given = case.against.report
    file = given or case.folder / DIGESTED["report"]
    if given is None and not file.is_file():
        case.notes.append("no report was looked at: it is the certificate alone that holds (--report FILE)")
        return
    try:
        if file_digest(file) == case.certificate.digests.get("report"):
            yield from _words(case.certificate, file)
        elif given is not None:  # the one that lies beside it is told with the other files
            yield _another(case, file)
    except OSError as error:
        advice = "name the report: certification.json"
        yield Problem(Flaw.REPORT, f"{file} cannot be read: {error.strerror}", advice=advice)


def _another(case: Case, file: Path) -> Problem:
    message = f"{file} is not the report that was signed: it was edited, or is of another run"
    signed = case.certificate.digests.get("report", "none")
    return Problem(Flaw.DIGEST, message, signed, file_digest(file), "name the certification.json of that run")


class NoReportError(CertifyError):
    """A file that was signed as a report and is none."""

    exit_code = Answer.UNTRUSTED.exit_code


def _words(said: Certificate, file: Path) -> Iterator[Problem]:
    try:
        found = _in_report(_read(file))
    except (CertifyError, ValueError, LookupError, TypeError) as error:
        yield Problem(Flaw.REPORT, f"{file.name} was signed as the report, and is none: {error}", advice=_LYING)
        return
    for name, own in _on_certificate(said).items():
        if found[name] != own:
            expected, other = _first_difference(own, found[name])
            yield Problem(Flaw.REPORT, f"{file.name} says something else of {name}", expected, other, _LYING)


def _read(file: Path) -> dict[str, Any]:
    if (size := file.stat().st_size) > MAX_BYTES:
        raise NoReportError(f"it has {size:,} bytes")
    return json_object(file.read_bytes())


Words = dict[str, Any]


def _on_certificate(said: Certificate) -> Words:
    return {
        "the partner": said.partner,
        "the program": said.program,
        "the verdict": said.verdict,
        "the milestones": said.milestones,
        "the checks": [item for item in said.checks if not item.id.startswith("answer:")],
        "the waivers": said.waivers,
        "the run": (said.run, said.started, said.complete),
        "the capabilities": said.capabilities,
        "where it ran": said.origin,
        "what was tested": {name: value for name, value in said.digests.items() if name not in DIGESTED},
    }


def _in_report(report: Words) -> Words:
    """The same of a report. Members that a later version added stand at their defaults on both sides."""
    run = report["run"]
    return {
        "the partner": decode(ReportedPartner, report["partner"]),
        "the program": decode(ReportedProgram, report["program"]),
        "the verdict": report["verdict"],
        "the milestones": decode(tuple[CertifiedMilestone, ...], report["milestones"]),
        "the checks": [_check(item) for item in decode(tuple[ReportedCheck, ...], report["checks"])],
        "the waivers": decode(tuple[ReportedWaiver, ...], report.get("waivers", [])),
        "the run": (run["id"], run["started"], run["complete"]),
        "the capabilities": report.get("capabilities", {}),
        "where it ran": decode(Origin, run.get("origin", {})),
        "what was tested": run["digests"],
    }


def _check(item: ReportedCheck) -> CertifiedCheck:
    attempts = tuple(status for attempt in item.attempts for status in attempt.ended)
    return CertifiedCheck(item.id, item.status, item.reason, attempts, item.flaky, item.suite, item.carried)


def _first_difference(own: Any, other: Any) -> tuple[str, str]:
    """Where two values part, so that nobody has to compare a hundred checks by eye."""
    if not isinstance(own, list | tuple) or not isinstance(other, list | tuple):
        return str(own), str(other)
    if len(own) != len(other):
        return f"{len(own)} of them", f"{len(other)} of them"
    return next((str(a), str(b)) for a, b in zip(own, other, strict=True) if a != b)
