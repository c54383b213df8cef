"""``allure-results/``: plain Allure 2 result files, one per check and criterion, for teams that keep history there.

Ids are derived, never drawn: the same report gives the same files, and ``historyId`` is equal between runs of the same
partner, so that Allure can show what changed. What happened is not rewritten: a waived failure is ``failed``, marked as
known and muted. Unproven is ``broken``, never ``skipped``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from uuid import NAMESPACE_URL, uuid5

from certify.formats.allure_parts import CATEGORIES, environment, labels, links
from certify.formats.doubts import doubt
from certify.formats.exchange_text import exchange_text
from certify.formats.inert import clip, visible
from certify.formats.interface import Format
from certify.formats.reading import Case, cases, waived_by
from certify.model.report import Report, ReportedFinding

FOLDER = "allure-results"
STATUSES = {"passed": "passed", "failed": "failed", "not_applicable": "skipped"}
ANSWERS = {"met": "passed", "not_met": "failed", "waived": "failed", "not_applicable": "skipped"}
ATTACHMENTS_OF_A_FINDING = 3
FINDINGS_WITH_ATTACHMENTS = 200


class AllureFormat(Format):
    name = "allure"
    description = "allure-results/, plain Allure 2 results"

    def render(self, report: Report) -> Mapping[str, bytes]:
        files = {"environment.properties": environment(report), "categories.json": _json(CATEGORIES)}
        for case in cases(report):
            result = _result(report, case)
            files[f"{result['uuid']}-result.json"] = _json(result)
        files.update(_attachments(report))
        return {f"{FOLDER}/{name}": content for name, content in files.items()}


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1) + "\n").encode()


def _text(value: str, limit: int = 2000) -> str:
    return clip(visible(value), limit)


def _uuid(*parts: str) -> str:
    return str(uuid5(NAMESPACE_URL, json.dumps(["certify", *parts])))


def _result(report: Report, case: Case) -> dict[str, object]:
    name = case.check.id if case.check else case.criterion.id
    place = (report.partner.id, case.milestone.id, case.criterion.id, name)
    findings = _findings(report, case)
    start = round(report.run.started * 1000)
    return {
        "uuid": _uuid(report.run.id, *place),
        "historyId": _uuid("history", *place),
        "testCaseId": _uuid("case", *place[1:]),
        "fullName": _text(f"{case.milestone.id}.{case.criterion.id}.{name}"),
        "name": _text(name),
        "description": _text(case.check.statement if case.check else case.criterion.statement),
        "status": _status(case),
        "stage": "finished",
        "statusDetails": _details(case, findings),
        "start": start,
        "stop": start + round((case.check.seconds if case.check else 0) * 1000),
        "labels": labels(case),
        "links": links(case, findings),
        "parameters": [{"name": "ruling", "value": case.criterion.ruling}],
        "attachments": _attached(report, findings),
    }


def _findings(report: Report, case: Case) -> list[ReportedFinding]:
    wanted = case.check.findings if case.check else ()
    return [finding for finding in report.findings if finding.id in wanted]


def _status(case: Case) -> str:
    if case.check is None:
        return ANSWERS.get(case.criterion.ruling, "broken")
    if case.check.status == "not_applicable" and case.criterion.ruling == "unproven":
        return "broken"
    return STATUSES.get(case.check.status, "broken")


def _details(case: Case, findings: list[ReportedFinding]) -> dict[str, object]:
    waived = case.criterion.ruling == "waived" and _status(case) == "failed"
    return {
        "message": _text(_excuse(case) + _message(case, findings) if waived else _message(case, findings)),
        "trace": _text("\n\n".join(map(_trace, findings)), 20_000),
        "known": waived,
        "muted": waived,
        "flaky": bool(case.check and case.check.flaky),
    }


def _excuse(case: Case) -> str:
    """Who let it fail, and until when; empty where a person decides and no waiver can be."""
    mine = (item for item in case.criterion.waiver if case.check and item.check == case.check.id)
    return next((f"Waived by {waived_by(item)}: {item.reason} " for item in mine), "")


def _message(case: Case, findings: list[ReportedFinding]) -> str:
    status = _status(case)
    if status == "passed" or (status == "failed" and not findings) or case.check is None:
        return case.criterion.because if status != "broken" else f"Not proven. {case.criterion.because}"
    if status == "failed":
        return "; ".join(f"{item.title}: expected {item.expected}, got {item.actual}" for item in findings)
    reason = doubt(case.check.status, case.check.reason)
    lead = "Not proven. " if status == "broken" else ""
    return f"{lead}{reason.why} {case.check.note} {reason.enable}"


def _trace(finding: ReportedFinding) -> str:
    again = "".join(f"\nagain:    {line}" for line in finding.again)
    return f"{finding.id} {finding.title}\nexpected: {finding.expected}\nactual:   {finding.actual}{again}"


def _attached(report: Report, findings: list[ReportedFinding]) -> list[dict[str, str]]:
    return [
        {"name": f"exchange {_text(key, 60)}", "source": _source(report, finding, key), "type": "text/plain"}
        for finding, key in _shown(report)
        if finding in findings
    ]


def _attachments(report: Report) -> dict[str, bytes]:
    return {
        _source(report, finding, key): exchange_text(report.evidence[key], finding.pointer, finding.actual).encode()
        for finding, key in _shown(report)
    }


def _source(report: Report, finding: ReportedFinding, key: str) -> str:
    return f"{_uuid('exchange', report.run.id, finding.id, key)}-attachment.txt"


def _shown(report: Report) -> Iterator[tuple[ReportedFinding, str]]:
    """The exchanges that become attachments: the first few of the most important findings."""
    for finding in report.findings[:FINDINGS_WITH_ATTACHMENTS]:
        known = [key for key in dict.fromkeys(finding.exchanges) if key in report.evidence]
        yield from ((finding, key) for key in known[:ATTACHMENTS_OF_A_FINDING])
