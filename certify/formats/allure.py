"""``allure-results/``: Allure result files, one per check and criterion, and ``allurerc.json``, which says how to read
them.

Both generations of Allure read the results: the second by ``historyId``, the third by ``testCaseId`` and parameters.
Ids are derived, never drawn: the same report gives the same files, and both ids are equal between runs of the same
partner, so that Allure can show what changed. What happened is not rewritten: a waived failure is ``failed``, marked as
known and muted; unproven is ``broken``, never ``skipped``; what a later attempt superseded is a retry of its own. A
last result is the verdict, so that an interrupted run or an empty milestone cannot look green.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from certify.formats.allure_parts import CATEGORIES, environment
from certify.formats.allure_project import PROJECT
from certify.formats.allure_result import Attachment, Result, attachments, case_results, verdict_result
from certify.formats.exchange_text import exchange_text
from certify.formats.interface import Format
from certify.formats.reading import cases
from certify.model.report import Report

FOLDER = "allure-results"


class AllureFormat(Format):
    name = "allure"
    description = "allure-results/ and allurerc.json, for Allure 3 and 2"

    def render(self, report: Report) -> Mapping[str, bytes]:
        files = {"environment.properties": environment(report), "categories.json": _json(CATEGORIES)}
        files.update((f"{result['uuid']}-result.json", _json(result)) for result in _results(report))
        files.update((item.source, _text(report, item)) for item in attachments(report))
        return {"allurerc.json": _json(PROJECT), **{f"{FOLDER}/{name}": content for name, content in files.items()}}


def _results(report: Report) -> Iterator[Result]:
    found = {finding.id: finding for finding in report.findings}
    attached: dict[str, list[Attachment]] = {}
    for item in attachments(report):
        attached.setdefault(item.result, []).append(item)
    for case in cases(report):
        yield from case_results(report, case, found, attached)
    yield verdict_result(report)


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1) + "\n").encode()


def _text(report: Report, item: Attachment) -> bytes:
    exchange, finding = report.evidence[item.exchange], item.finding
    return exchange_text(exchange, finding.pointer, finding.actual).encode()
