"""What lies beside a certificate: every file as it was signed, and the record judged again.

Each file is read once, as a stream, for its digest; judging again streams the outcomes. A certificate alone can be
verified as well; that nobody looked at its record is told then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from certify.certificate.case import Case
from certify.certificate.people import answers
from certify.certificate.problem import Flaw, Problem
from certify.errors import CertifyError
from certify.judge import judge
from certify.model.certificate import APPROVALS, CERTIFICATE, DIGESTED, STATEMENT
from certify.model.plan import Plan
from certify.model.verdict import RunVerdict
from certify.rundir import RunDirectory, file_digest

TOLD = 3
"""Names of files that are told."""
_UNTOUCHED = "verify the run directory as it was signed: fetch it again from where it is kept"
_LYING = "do not rely on it, and ask whoever signed it: the record does not say what was signed"


def evidence(case: Case) -> Iterator[Problem]:
    """The files beside it; and only where each is as it was signed, what they say."""
    if not case.in_run:
        case.notes.append("it lies by itself: its record was not looked at (verify it in its run directory)")
        return
    case.views.extend(_not_signed(case))
    problems = [problem for name, file in DIGESTED.items() for problem in _file(case, name, case.folder / file)]
    yield from problems
    if not problems and not {"plan", "outcomes", "seal"} - set(case.certificate.digests):
        yield from _record(case)


def _not_signed(case: Case) -> list[str]:
    """``report.html`` and the other views can be edited beside an authentic certificate, and are what people open."""
    signed = {*DIGESTED.values(), CERTIFICATE, STATEMENT, APPROVALS}
    try:
        return sorted((item.name for item in case.folder.iterdir() if item.name not in signed), key=_what_is_read)
    except OSError:
        return []


def about_views(names: Sequence[str]) -> tuple[str, ...]:
    """For whoever is about to read them: as it is in every run directory, so no machine needs to hear of it."""
    if not names:
        return ()
    told = ", ".join(names[:TOLD]) + (f" and {len(names) - TOLD} more" if len(names) > TOLD else "")
    return (f"views are not signed, only what they are made from; `certify render RUN_DIR` makes them again: {told}",)


def _what_is_read(name: str) -> tuple[bool, str]:
    """What people open comes first."""
    return not name.endswith((".html", ".md")), name


def _file(case: Case, name: str, file: Path) -> Iterator[Problem]:
    signed = case.certificate.digests.get(name)
    try:
        found = file_digest(file) if file.is_file() else None
    except OSError as error:
        yield Problem(Flaw.MISSING_FILE, f"{file.name} cannot be read: {error.strerror}", signed or "", "", _UNTOUCHED)
        return
    if found == signed:
        return
    if found is None:
        yield Problem(Flaw.MISSING_FILE, f"{file.name} was signed and is not there", signed or "", "none", _UNTOUCHED)
    elif signed is None:
        message = f"{file.name} was put there later: nobody signed it"
        yield Problem(Flaw.UNSIGNED_FILE, message, "none", found, "take it away, or have the run signed with it")
    else:
        message = f"{file.name} is not the file that was signed: it was edited, or is of another run"
        yield Problem(Flaw.DIGEST, message, signed, found, _UNTOUCHED)


# — the record —


def _record(case: Case) -> Iterator[Problem]:
    """Judge the run again. The files are as they were signed, so what differs was signed by somebody who lied."""
    rundir = RunDirectory(case.folder)
    try:
        plan, seal = rundir.plan(), rundir.read_seal()
        complete = seal is not None and not seal["interrupted"]
        verdict = judge(plan, rundir.outcomes(), now=plan.started, complete=complete)
    except (CertifyError, OSError, LookupError, TypeError, ValueError, OverflowError) as error:
        yield Problem(Flaw.RECORD, f"the run beside it cannot be judged again: {error}", advice=_LYING)
        return
    yield from _same(Flaw.VERDICT, "judged again, the run's", _judged(verdict, complete), _said(case))
    yield from _same(Flaw.RECORD, "of the run that is beside it, the", _planned(plan), _claimed(case))


Words = dict[str, object]


def _same(flaw: Flaw, whose: str, expected: Words, found: Words) -> Iterator[Problem]:
    for what, value in expected.items():
        if found[what] != value:
            yield Problem(flaw, f"{whose} {what} differs from what was signed", str(value), str(found[what]), _LYING)


def _judged(verdict: RunVerdict, complete: bool) -> Words:
    milestones = {f"verdict of {item.milestone.id}": str(item.verdict) for item in verdict.milestones}
    days = {item.id: item.answered for item in answers(verdict)}
    return {"verdict": str(verdict.verdict), "completeness": complete, "days of answers": days, **milestones}


def _said(case: Case) -> Words:
    said = case.certificate
    milestones = {f"verdict of {item.id}": item.verdict for item in said.milestones}
    days = {item.id: item.answered for item in said.checks if item.id.startswith("answer:")}
    return _Absent(
        {"verdict": said.verdict, "completeness": said.complete, "days of answers": days, **milestones},
    )


def _planned(plan: Plan) -> Words:
    return {
        "id": plan.run_id,
        "time": plan.started,
        "partner": (plan.partner.id, plan.partner.base_url),
        "playbook": (plan.playbook.id, plan.playbook.version),
        "origin": plan.origin,
        "capabilities": dict(plan.capabilities),
        "checks": sorted(item.check.id for item in plan.checks),
        **{f"digest of {name}": value for name, value in plan.digests.items()},
    }


def _claimed(case: Case) -> Words:
    said = case.certificate
    return _Absent(
        {
            "id": said.run,
            "time": said.started,
            "partner": (said.partner.id, said.partner.base_url),
            "playbook": (said.program.id, said.program.version),
            "origin": said.origin,
            "capabilities": dict(said.capabilities),
            "checks": sorted(item.id for item in said.checks if not item.id.startswith("answer:")),
            **{f"digest of {name}": value for name, value in said.digests.items()},
        }
    )


class _Absent(Words):
    """What is not said is told as such."""

    def __missing__(self, key: str) -> str:
        return "nothing"
