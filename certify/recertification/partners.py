"""Whom a change of the contract concerns: the partners whose certificates lie below a directory, and until when.

What a certificate says is read here without its signature: this tells people what to prepare for. Whether a partner may
proceed is what the gate says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from certify.certificate.store import Found, find
from certify.errors import CertifyError
from certify.model.change import Change
from certify.model.playbook import Certification
from certify.model.report import Report
from certify.recertification.affected import affected, by_check
from certify.recertification.deadlines import strictest
from certify.report.recorded import read_report
from certify.rundir import RunDirectory


@dataclass(frozen=True)
class Concerned:
    """A partner with a certificate. ``checks`` are those to run again, each with the reason; ``criteria`` what they
    decide. ``expires`` is a day (UTC), empty where it cannot be read; ``deadline`` None where nothing is to be done."""

    partner: str
    certificate: str
    run: str
    verdict: str
    expires: str
    checks: Mapping[str, str]
    criteria: tuple[str, ...]
    deadline: date | None


@dataclass(frozen=True)
class Rules:
    """The playbook's rules for changes, and the days from which they count. ``digest`` is of the earlier contract."""

    certification: Certification
    today: date
    since: date | None = None
    digest: str = ""


def concerned(reports: Path, changes: Sequence[Change], rules: Rules) -> tuple[tuple[Concerned, ...], tuple[str, ...]]:
    """Each partner by its newest certificate, and notes on what could not be read."""
    search = find(reports)
    newest: dict[str, Found] = {}
    for item in search.found:  # newest first
        newest.setdefault(item.partner, item)
    told: list[Concerned] = []
    notes = list(search.notes)
    for name in sorted(newest):
        try:
            report = read_report(RunDirectory.open(newest[name].path.parent))
            told.append(_concerned(newest[name], report, changes, rules))
            if report.run.digests.get("contract") != rules.digest:
                notes.append(f"{name} was certified with another contract than the earlier one of these two")
        except CertifyError as error:
            notes.append(f"{name}: {error.message}; all of its checks may have to run again")
    return tuple(told), tuple(notes)


def _concerned(found: Found, report: Report, changes: Sequence[Change], rules: Rules) -> Concerned:
    touched = affected(changes, report.checks)
    touching = [change for items in touched.values() for change in items]
    ends = strictest(touching, rules.certification, rules.today, rules.since) if touching else None
    return Concerned(
        found.partner,
        found.id,
        found.run,
        report.verdict,
        _day(found.claims.get("exp")),
        by_check(touched),
        _criteria(report, touched),
        ends,
    )


def _criteria(report: Report, touched: Mapping[str, object]) -> tuple[str, ...]:
    """The criteria that the touched checks decide, with their milestone."""
    return tuple(
        f"{milestone.id}/{criterion.id}"
        for milestone in report.milestones
        for criterion in milestone.criteria
        if set(criterion.checks) & set(touched)
    )


def _day(moment: object) -> str:
    try:
        return f"{datetime.fromtimestamp(float(str(moment)), UTC):%Y-%m-%d}"
    except (ValueError, OverflowError, OSError):
        return ""
