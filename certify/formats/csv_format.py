"""``checks.csv``: a row for each milestone, criterion and check, for spreadsheets and for ``csv`` readers.

The last row is the run as a whole: ``verdict`` stands as its check. A table without it could be empty, or cut short by
an interrupted run, and look as if nothing were wrong.

RFC 4180: a header line, CRLF, every cell in quotes, UTF-8 without a mark. A cell that a spreadsheet would take for a
formula begins with an apostrophe (OWASP, *CSV Injection*): one that starts, behind apostrophes and white space, with
``=``, ``+``, ``-``, ``@`` or a full-width twin of those. A program has the text back by taking one apostrophe away
where such a sign follows the apostrophes. Numbers are ours, and stand as they are. Line breaks are spaces, so that a
line is a row for ``cut`` and ``grep`` too.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from certify.formats.inert import one_line
from certify.formats.interface import Format
from certify.formats.reading import Case, cases, how_flaky, waived_by
from certify.model.report import Report, ReportedFinding

COLUMNS = (
    "run", "partner", "milestone", "milestone_verdict", "criterion", "demand", "blocking", "ruling", "because", "check",
    "statement", "level", "clause", "status", "reason", "note", "findings", "told", "waiver", "carried_from", "flaky",
    "requests", "seconds",
)  # fmt: skip
LIMIT = 2000
"""Characters of a cell; a spreadsheet takes 32,767."""
_FORMULA = re.compile("'*\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20]")


class CsvFormat(Format):
    name = "csv"
    description = "checks.csv, a row for each milestone, criterion and check, and the verdict last"

    def render(self, report: Report) -> Mapping[str, bytes]:
        text = io.StringIO(newline="")
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        found = {finding.id: finding for finding in report.findings}
        writer.writerow(COLUMNS)
        writer.writerows(_row(report, case, found) for case in cases(report))
        writer.writerow(_last(report))
        return {"checks.csv": text.getvalue().encode()}


def cell(text: str) -> str:
    """Somebody's text on one line, which no spreadsheet computes."""
    shown = one_line(text, LIMIT)
    return f"'{shown}" if _FORMULA.match(shown) else shown


def _row(report: Report, case: Case, found: Mapping[str, ReportedFinding]) -> Sequence[str]:
    texts = [
        report.run.id, report.partner.id, case.milestone.id, case.milestone.verdict, case.criterion.id,
        case.criterion.level, "yes" if case.criterion.blocking else "no", case.criterion.ruling, case.criterion.because,
        *_check(case, found),
    ]  # fmt: skip
    check = case.check
    numbers = [str(check.requests), f"{check.seconds:.2f}"] if check else ["", ""]
    return [*map(cell, texts), *numbers]


def _last(report: Report) -> Sequence[str]:
    said = "" if report.run.complete else "The run was interrupted, so its record is incomplete. "
    told = {"run": report.run.id, "partner": report.partner.id, "check": "verdict", "statement": "The run as a whole.",
            "status": report.verdict, "reason": "" if report.run.complete else "interrupted",
            "note": said + report.summary}  # fmt: skip
    return [cell(told.get(name, "")) for name in COLUMNS]


def _check(case: Case, found: Mapping[str, ReportedFinding]) -> Iterator[str]:
    """Empty where a person decides."""
    check = case.check
    if check is None:
        yield from [""] * 12
        return
    findings = [found[key] for key in check.findings if key in found]
    waiver = next((item for item in case.criterion.waiver if item.check == check.id), None)
    yield from (check.id, check.statement, check.level, check.clause, check.status, check.reason, check.note)
    yield " ".join(check.findings)
    yield "; ".join(f"{item.title}: expected {item.expected}, got {item.actual}" for item in findings)
    yield f"{waived_by(waiver)}: {waiver.reason}" if waiver else ""
    yield check.carried
    yield how_flaky(check) if check.flaky else ""
