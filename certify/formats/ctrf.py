"""``ctrf-report.json``: the Common Test Report Format, for tools that show test results of any framework.

CTRF knows passed, failed, skipped, pending and other. Its readers stop a pipeline on ``failed`` and draw ``skipped``
and ``pending`` as harmless, so what nobody could tell is ``other``: neither green nor passed over. ``skipped`` is what
does not apply, and nothing else. A waived failure, or one that does not block, is ``other`` too: it happened, and it
stops nobody. ``rawStatus`` says in our own words what happened. The last test is the verdict, ``failed`` unless the run
is certified; so the file has a failed test exactly when the run is not certified.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from certify.formats.inert import one_line, within
from certify.formats.interface import Format
from certify.formats.reading import Case, Sighting, carried_from, cases, earlier_sightings, trace
from certify.formats.standing import Stand, standing, verdict_standing
from certify.model.report import Report, ReportedCheck, ReportedFinding

SPECIFICATION = "0.0.0"
STATUSES = {Stand.PASSED: "passed", Stand.FAILED: "failed", Stand.NOT_APPLICABLE: "skipped"}
ATTEMPTS = {"passed": "passed", "failed": "failed", "not_applicable": "skipped"}
Test = dict[str, object]


class CtrfFormat(Format):
    name = "ctrf"
    description = "ctrf-report.json, the Common Test Report Format; a test failed exactly when the run is not certified"

    def render(self, report: Report) -> Mapping[str, bytes]:
        found = {finding.id: finding for finding in report.findings}
        tests = [*(_test(report, case, found) for case in cases(report)), _verdict(report)]
        document = {
            "reportFormat": "CTRF",
            "specVersion": SPECIFICATION,
            "reportId": _uuid("report", report.run.id),
            "runId": _line(report.run.id) or "unknown",
            "timestamp": datetime.fromtimestamp(report.run.started + report.run.seconds, UTC).isoformat(),
            "generatedBy": "certify",
            "results": {
                "tool": {"name": "certify", "version": _line(report.run.versions.get("certify", ""))},
                "summary": _summary(report, tests),
                "tests": tests,
                "environment": _environment(report),
            },
        }
        return {"ctrf-report.json": (json.dumps(document, indent=1) + "\n").encode()}


def _uuid(*parts: str) -> str:
    return str(uuid5(NAMESPACE_URL, json.dumps(["certify", "ctrf", *parts])))


def _line(value: str) -> str:
    return one_line(value, 500)


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def _summary(report: Report, tests: Sequence[Test]) -> dict[str, int]:
    statuses = [test["status"] for test in tests]
    start, spent = _milliseconds(report.run.started), _milliseconds(report.run.seconds)
    return {
        "tests": len(tests),
        **{name: statuses.count(name) for name in ("passed", "failed", "skipped", "pending", "other")},
        "flaky": sum(bool(test.get("flaky")) for test in tests),
        "suites": len(report.milestones) + 1,
        "start": start,
        "stop": start + spent,
        "duration": spent,
    }


def _environment(report: Report) -> dict[str, object]:
    return {
        "appName": _line(report.partner.name),
        "testEnvironment": _line(report.partner.environment),
        "reportName": _line(report.program.title),
        **_build(report),
        "healthy": verdict_standing(report).stand is Stand.PASSED,
        "extra": {
            "partner": _line(report.partner.id),
            "program": _line(f"{report.program.id} {report.program.version}"),
            "contract": _line(report.program.contract_version),
            "seed": report.run.seed,
            "verdict": _line(report.verdict),
            "exitCode": report.exit_code,
        },
    }


def _build(report: Report) -> dict[str, object]:
    """What the CI system says of the job, in the names that CTRF has for it."""
    names = {
        "repositoryName": "repository",
        "commit": "commit",
        "branchName": "ref",
        "buildName": "job",
        "buildUrl": "run",
    }
    facts = report.run.origin.facts
    return {name: _line(facts[fact]) for name, fact in names.items() if facts.get(fact)}


def _test(report: Report, case: Case, found: Mapping[str, ReportedFinding]) -> Test:
    name = case.check.id if case.check else case.criterion.id
    findings = [found[key] for key in (case.check.findings if case.check else ()) if key in found]
    stands = standing(case, findings)
    place = (report.partner.id, case.milestone.id, case.criterion.id, name)
    test: Test = {
        "testId": _uuid("case", *place),
        "executionId": _uuid("execution", report.run.id, *place),
        "name": _line(name) or "unnamed",
        "status": STATUSES.get(stands.stand, "other"),
        "duration": _milliseconds(case.check.seconds if case.check else 0),
        "suite": [_line(case.milestone.title), _line(f"{case.criterion.id}: {case.criterion.statement}")],
        "rawStatus": _line(stands.status) if stands.stand is not Stand.WAIVED else "waived",
        "type": "certification",
        "tags": [tag for tag in _tags(case) if tag],
        "labels": {
            "ruling": _line(case.criterion.ruling),
            "level": _line(case.criterion.level),
            "kind": _line(case.criterion.kind),
        },
    }
    carried = carried_from(case.check) if case.check and case.check.carried else ""
    message = " ".join(filter(None, (stands.message, carried)))
    test |= {"message": within(message)} if message else {}
    test |= {"trace": within("\n\n".join(map(trace, findings)), 20_000)} if findings else {}
    return test | (_attempts(case.check) if case.check else {})


def _tags(case: Case) -> Iterable[str]:
    yield from (_line(case.criterion.level), _line(case.criterion.kind))
    if case.check:
        yield from (_line(case.check.area), _line(case.check.level))
        yield "carried" if case.check.carried else ""


def _attempts(check: ReportedCheck) -> Test:
    """Every run of it before the last one: retrying until green shows here, and a pass after a failure is flaky."""
    told: Test = {"flaky": True} if check.flaky and check.status == "passed" else {}
    earlier = earlier_sightings(check)
    return told | ({"retries": len(earlier), "retryAttempts": list(map(_attempt, earlier))} if earlier else {})


def _attempt(sighting: Sighting) -> Test:
    return {
        "attempt": sighting.number,
        "status": ATTEMPTS.get(sighting.status, "other"),
        "message": _line(f"{sighting.source}: {sighting.status}"),
    }


def _verdict(report: Report) -> Test:
    stands = verdict_standing(report)
    test: Test = {
        "testId": _uuid("verdict", report.partner.id),
        "executionId": _uuid("verdict", report.run.id),
        "name": "verdict",
        "status": "passed" if stands.stand is Stand.PASSED else "failed",
        "duration": _milliseconds(report.run.seconds),
        "suite": ["Verdict"],
        "rawStatus": _line(stands.status),
        "type": "certification",
    }
    return test | ({"message": within(stands.message)} if stands.message else {})
