"""``junit.xml``: milestones as suites, check × criterion as test cases; what a pipeline reads.

The rule that it keeps: the file is red exactly when the run is not certified. A failed check is a ``failure``; what
nobody could tell is an ``error`` of type ``unproven``, never ``skipped``, because a pipeline shows skipped as green.
Skipped is only what blocks nothing: not applicable, waived, or merely recommended; its message says which. A last suite
holds one case, the verdict itself, so that an interrupted run or an empty milestone cannot pass either. An attempt that
failed before a pass is a ``flakyFailure``, as Surefire writes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from certify.formats.inert import within
from certify.formats.interface import Format
from certify.formats.reading import (
    Case,
    Sighting,
    carried_from,
    cases,
    earlier_sightings,
    how_flaky,
    waived_by,
    waivers,
)
from certify.formats.standing import RED, Stand, Standing, standing, verdict_standing
from certify.model.report import Report, ReportedFinding, ReportedMilestone


class JUnitFormat(Format):
    name = "junit"
    description = "junit.xml for pipelines; red exactly when the run is not certified"

    def render(self, report: Report) -> Mapping[str, bytes]:
        root = ET.Element("testsuites", {"name": within(f"certify {report.partner.id}")})
        root.extend(_milestone(report, item) for item in report.milestones)
        root.append(_verdict(report))
        _total(root)
        ET.indent(root)
        return {"junit.xml": ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"}


def _milestone(report: Report, milestone: ReportedMilestone) -> ET.Element:
    found = {finding.id: finding for finding in report.findings}
    suite = _suite(report, milestone.title, {"verdict": milestone.verdict, "because": milestone.because})
    suite.extend(_case(case, found) for case in cases(report) if case.milestone is milestone)
    return _count(suite)


def _suite(report: Report, name: str, properties: Mapping[str, str]) -> ET.Element:
    started = datetime.fromtimestamp(report.run.started, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    suite = ET.Element(
        "testsuite", {"name": within(name), "timestamp": started, "hostname": within(report.partner.environment)}
    )
    holder = ET.SubElement(suite, "properties")
    for key, value in {**properties, "run": report.run.id, "seed": str(report.run.seed)}.items():
        ET.SubElement(holder, "property", {"name": key, "value": within(value)})
    return suite


def _case(case: Case, found: Mapping[str, ReportedFinding]) -> ET.Element:
    name = case.check.id if case.check else case.criterion.id
    seconds = case.check.seconds if case.check else 0.0
    place = within(f"{case.milestone.id}.{case.criterion.id}")
    element = ET.Element("testcase", {"classname": place, "name": within(name), "time": f"{seconds:.3f}"})
    findings = [found[key] for key in (case.check.findings if case.check else ()) if key in found]
    stands = standing(case, findings)
    element.extend(_outcome(stands, "\n\n".join(map(_told, findings))))
    if case.check is not None and case.check.flaky and case.check.status == "passed":
        element.extend(map(_flaky_attempt, earlier_sightings(case.check)))
    said = [*_carried(case), *_flaky(case), *(map(_told, findings) if stands.stand not in RED else ())]
    if said:
        ET.SubElement(element, "system-out").text = within("\n\n".join(said), 20_000)
    return element


def _flaky_attempt(sighting: Sighting) -> ET.Element:
    """As Surefire tells an attempt before a pass; a reader that does not know the element sees a passed test."""
    tag = "flakyFailure" if sighting.status == "failed" else "flakyError"
    return _mark(tag, sighting.status, f"{sighting.source}, attempt {sighting.number}: {sighting.status}")


def _carried(case: Case) -> list[str]:
    return [carried_from(case.check)] if case.check is not None and case.check.carried else []


def _flaky(case: Case) -> list[str]:
    """A pass is green in this format, so that it was not one at first stands in what the case says."""
    return [f"flaky: it {how_flaky(case.check)}"] if case.check is not None and case.check.flaky else []


def _outcome(standing: Standing, details: str) -> Iterator[ET.Element]:
    """Details are the element's text: GitLab and others show that, and the message only where there is none."""
    match standing.stand:
        case Stand.PASSED:
            return
        case Stand.FAILED:
            yield _mark("failure", "violation", standing.message, details or standing.message)
        case Stand.UNPROVEN:
            yield _mark("error", "unproven", standing.message, details or standing.message)
        case _:
            yield _mark("skipped", "", standing.message)


def _mark(tag: str, kind: str, message: str, details: str = "") -> ET.Element:
    mark = ET.Element(tag, {"message": within(message), **({"type": within(kind, 80)} if kind else {})})
    mark.text = within(details, 20_000) or None
    return mark


def _told(finding: ReportedFinding) -> str:
    told = {"expected": finding.expected, "actual": finding.actual, "at": finding.pointer, "clause": finding.clause,
            "advice": finding.advice}  # fmt: skip
    lines = [f"{name + ':':<10}{value}" for name, value in told.items() if value]
    return "\n".join([f"{finding.id} {finding.title}", *lines, *(f"again:    {line}" for line in finding.again)])


def _verdict(report: Report) -> ET.Element:
    suite = _suite(
        report, "Verdict", {"verdict": report.verdict, "exit_code": str(report.exit_code), **_waivers(report)}
    )
    case = ET.SubElement(
        suite, "testcase", {"classname": "certify", "name": "verdict", "time": f"{report.run.seconds:.3f}"}
    )
    stands = verdict_standing(report)
    if stands.stand in RED:
        failed = stands.stand is Stand.FAILED
        case.append(_mark("failure" if failed else "error", "not_certified" if failed else "unproven", stands.message,
                          stands.message))  # fmt: skip
    return _count(suite)


def _waivers(report: Report) -> dict[str, str]:
    """What the verdict stands on, beside it: each waiver that excuses a failure."""
    used = [f"{item.check} by {waived_by(item)}: {item.reason}" for item in waivers(report)]
    return {"waivers": "; ".join(used)} if used else {}


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
