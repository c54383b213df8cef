"""``junit.xml``: milestones as suites, check × criterion as test cases; what a pipeline reads.

The rule that it keeps: the file is red exactly when the run is not certified. A failed check is a ``failure``; what
nobody could tell is an ``error`` of type ``unproven``, never ``skipped``, because a pipeline shows skipped as green.
Skipped is only what blocks nothing: not applicable, waived, or merely recommended; its message says which. A last suite
holds one case, the verdict itself, so that an interrupted run or an empty milestone cannot pass either.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from certify.formats.doubts import doubt
from certify.formats.inert import clip, visible
from certify.formats.interface import Format
from certify.formats.reading import UNDECIDED, Case, cases
from certify.formats.words import verdict_word
from certify.model.report import Report, ReportedFinding, ReportedMilestone


class JUnitFormat(Format):
    name = "junit"
    description = "junit.xml for pipelines; red exactly when the run is not certified"

    def render(self, report: Report) -> Mapping[str, bytes]:
        root = ET.Element("testsuites", {"name": _text(f"certify {report.partner.id}")})
        root.extend(_milestone(report, item) for item in report.milestones)
        root.append(_verdict(report))
        _total(root)
        ET.indent(root)
        return {"junit.xml": ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"}


def _text(value: str, limit: int = 2000) -> str:
    """Visible text is also valid XML: every control character that XML 1.0 forbids has become an escape."""
    return clip(visible(value), limit)


def _milestone(report: Report, milestone: ReportedMilestone) -> ET.Element:
    found = {finding.id: finding for finding in report.findings}
    suite = _suite(report, milestone.title, {"verdict": milestone.verdict, "because": milestone.because})
    suite.extend(_case(case, found) for case in cases(report) if case.milestone is milestone)
    return _count(suite)


def _suite(report: Report, name: str, properties: Mapping[str, str]) -> ET.Element:
    started = datetime.fromtimestamp(report.run.started, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    suite = ET.Element(
        "testsuite", {"name": _text(name), "timestamp": started, "hostname": _text(report.partner.environment)}
    )
    holder = ET.SubElement(suite, "properties")
    for key, value in {**properties, "run": report.run.id, "seed": str(report.run.seed)}.items():
        ET.SubElement(holder, "property", {"name": key, "value": _text(value)})
    return suite


def _case(case: Case, found: Mapping[str, ReportedFinding]) -> ET.Element:
    name = case.check.id if case.check else case.criterion.id
    seconds = case.check.seconds if case.check else 0.0
    place = _text(f"{case.milestone.id}.{case.criterion.id}")
    element = ET.Element("testcase", {"classname": place, "name": _text(name), "time": f"{seconds:.3f}"})
    findings = [found[key] for key in (case.check.findings if case.check else ()) if key in found]
    outcome = _outcome(case, [item for item in findings if item.weight == "violation"])
    if outcome is not None:
        element.append(outcome)
    if findings:
        ET.SubElement(element, "system-out").text = _text("\n\n".join(map(_told, findings)), 20_000)
    return element


def _outcome(case: Case, violations: list[ReportedFinding]) -> ET.Element | None:
    status = case.check.status if case.check else _answered(case.criterion.ruling)
    if status == "passed":
        return None
    message = _message(case, status, violations)
    if case.criterion.ruling == "waived" and status == "failed":
        waiver = next((item for item in case.criterion.waiver if case.check and item.check == case.check.id), None)
        excuse = f"waived by {waiver.approver} until {waiver.expires}: {waiver.reason}" if waiver else "waived"
        return _mark("skipped", "", f"{excuse} ({message})")
    if status == "not_applicable" and case.criterion.ruling != "unproven":
        return _mark("skipped", "", f"not applicable: {message}")
    if not case.criterion.blocking:
        return _mark("skipped", "", f"{case.criterion.level}, so it does not block: {message}")
    return _mark("failure", "violation", message) if status == "failed" else _mark("error", "unproven", message)


def _answered(ruling: str) -> str:
    """The status that a criterion without checks stands for: a person or a metric decides it."""
    return {"met": "passed", "not_met": "failed", "waived": "failed", "not_applicable": "not_applicable"}.get(
        ruling, "silent"
    )


def _message(case: Case, status: str, violations: list[ReportedFinding]) -> str:
    if violations:
        return "; ".join(f"{item.title}: expected {item.expected}, got {item.actual}" for item in violations)
    if case.check is None or status == "failed":
        return case.criterion.because
    reason = doubt(status, case.check.reason)
    undecided = f"{status}{': ' + case.check.reason if case.check.reason else ''}. " if status in UNDECIDED else ""
    return " ".join(part for part in (undecided + reason.why, case.check.note, reason.enable) if part)


def _mark(tag: str, kind: str, message: str) -> ET.Element:
    return ET.Element(tag, {"message": _text(message), **({"type": kind} if kind else {})})


def _told(finding: ReportedFinding) -> str:
    told = {"expected": finding.expected, "actual": finding.actual, "at": finding.pointer, "clause": finding.clause,
            "advice": finding.advice}  # fmt: skip
    lines = [f"{name + ':':<10}{value}" for name, value in told.items() if value]
    return "\n".join([f"{finding.id} {finding.title}", *lines, *(f"again:    {line}" for line in finding.again)])


def _verdict(report: Report) -> ET.Element:
    suite = _suite(report, "Verdict", {"verdict": report.verdict, "exit_code": str(report.exit_code)})
    case = ET.SubElement(
        suite, "testcase", {"classname": "certify", "name": "verdict", "time": f"{report.run.seconds:.3f}"}
    )
    certified = report.verdict == "certified" and report.run.complete
    if not certified:
        said = f"{verdict_word(report.verdict).label}. {report.summary}"
        failed = report.verdict == "not_certified"
        case.append(_mark("failure", "not_certified", said) if failed else _mark("error", "unproven", said))
    return _count(suite)


def _count(suite: ET.Element) -> ET.Element:
    tests = suite.findall("testcase")
    for name, tag in (("tests", ""), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(len(tests) if not tag else sum(item.find(tag) is not None for item in tests)))
    suite.set("time", f"{sum(float(item.get('time', '0')) for item in tests):.3f}")
    return suite


def _total(root: ET.Element) -> None:
    suites = list(root)
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in suites)))
    root.set("time", suites[-1].get("time", "0"))
