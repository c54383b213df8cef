"""``oscal-assessment-results.json``: NIST OSCAL 1.1.3, for compliance tools. Criteria are its objectives.

A check is an observation (method TEST) with what was found as its evidence; a criterion that people answer is one of
the method EXAMINE. Each criterion of each milestone is a finding, whose target is ``satisfied`` or ``not-satisfied``:
OSCAL knows no third state. So only ``met`` and ``not_applicable`` are satisfied, the latter for the reason ``other``.
A waived criterion is *not* satisfied: it has a risk whose deviation is approved until a day. An unproven one is not
satisfied for the reason ``other``, and says why nobody can tell.

Ids are derived from the run (UUID version 5), so the same report gives the same document. Titles, descriptions and
remarks are Markdown in OSCAL, so what a partner wrote is quoted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from certify.formats.interface import Format
from certify.formats.oscal_parts import (
    Json,
    back_matter,
    identified,
    local_definitions,
    metadata,
    prose,
    stamp,
    token,
    with_props,
)
from certify.formats.reading import Case, cases
from certify.formats.standing import standing
from certify.model.report import Report, ReportedCriterion, ReportedFinding, ReportedMilestone

SATISFIED = ("met", "not_applicable")
REASONS = {"met": "pass", "not_met": "fail"}
EVIDENCE_OF_A_CHECK = 20
EXCHANGES = 10


class OscalFormat(Format):
    name = "oscal"
    description = "oscal-assessment-results.json, OSCAL 1.1.3 assessment results"

    def render(self, report: Report) -> Mapping[str, bytes]:
        document = {
            "uuid": identified(report, "assessment-results"),
            "metadata": metadata(report),
            "import-ap": {"href": f"#{identified(report, 'program')}"},
            "results": [_result(report)],
            "back-matter": back_matter(report),
        }
        told = json.dumps({"assessment-results": document}, indent=1)
        return {"oscal-assessment-results.json": (told + "\n").encode()}


def _result(report: Report) -> Json:
    start, end = stamp(report.run.started), stamp(report.run.started + report.run.seconds)
    entry = {"uuid": identified(report, "log"), "title": "The run", "start": start, "end": end}
    lists = {
        "observations": list(_observations(report)),
        "risks": list(_risks(report)),
        "findings": [_finding(report, milestone, item) for milestone, item in _criteria(report)],
    }
    facts = {"verdict": report.verdict, "exit-code": str(report.exit_code), "run": report.run.id,
             "seed": str(report.run.seed), "complete": str(report.run.complete).lower()}  # fmt: skip
    result = {
        "uuid": identified(report, "result"),
        "title": prose(f"{report.partner.name}, {report.program.title}"),
        "description": prose(report.summary, 1000),
        "start": start,
        "end": end,
        "local-definitions": local_definitions(report),
        "reviewed-controls": _reviewed(report),
        "assessment-log": {"entries": [entry]},
    }
    return with_props(result, facts) | {name: items for name, items in lists.items() if items}


def _criteria(report: Report) -> Iterator[tuple[ReportedMilestone, ReportedCriterion]]:
    return ((milestone, item) for milestone in report.milestones for item in milestone.criteria)


def _reviewed(report: Report) -> Json:
    """The criteria of each milestone; where a run has none, everything was to be reviewed, and nothing was."""
    selections = [
        {
            "description": prose(milestone.title),
            "include-controls": [{"control-id": token(item.id)} for item in milestone.criteria],
        }
        for milestone in report.milestones
        if milestone.criteria
    ]
    return {"control-selections": selections or [{"include-all": {}}]}


# — observations —


def _observations(report: Report) -> Iterator[Json]:
    """One for each check, and for each criterion without one."""
    found = {finding.id: finding for finding in report.findings}
    told: dict[str, Json] = {}
    for case in cases(report):
        key = _subject(case)
        if key not in told:
            told[key] = _observation(report, case, found)
    return iter(told.values())


def _subject(case: Case) -> str:
    return f"check {case.check.id}" if case.check else f"criterion {case.criterion.id}"


def _observation(report: Report, case: Case, found: Mapping[str, ReportedFinding]) -> Json:
    check, criterion = case.check, case.criterion
    findings = [found[key] for key in (check.findings if check else ()) if key in found]
    stands = standing(case, findings)
    facts = {"status": stands.status}
    if check:
        attempts = " ".join(status for attempt in check.attempts for status in attempt.sightings or (attempt.status,))
        facts |= {"reason": check.reason, "area": check.area, "level": check.level, "clause": check.clause,
                  "requests": str(check.requests), "flaky": str(check.flaky).lower(), "attempts": attempts,
                  "carried-from": check.carried, "suite": check.suite}  # fmt: skip
    observation = {
        "uuid": identified(report, _subject(case)),
        "title": prose(check.id if check else criterion.id),
        "description": prose(check.statement if check else criterion.statement) or "(not described)",
        "methods": ["TEST" if check else "EXAMINE"],
        "types": ["control-objective"],
        "origins": [{"actors": [{"type": "tool", "actor-uuid": identified(report, "certify")}]}],
        "subjects": [{"subject-uuid": identified(report, "sandbox"), "type": "component"}],
        "collected": stamp(report.run.started + report.run.seconds),
    }
    observation |= {"relevant-evidence": evidence} if (evidence := _evidence(findings)) else {}
    observation |= {"remarks": prose(stands.message, 2000)} if stands.message and not findings else {}
    return with_props(observation, facts)


def _evidence(findings: list[ReportedFinding]) -> list[Json]:
    """What was expected and what came; the exchanges themselves are in the run directory, by their ids."""
    return [
        with_props(
            {
                "href": "certification.json",
                "description": prose(f"{item.title}: expected {item.expected}, got {item.actual}", 2000),
            },
            {
                "finding": item.id,
                "weight": item.weight,
                "pointer": item.pointer,
                "clause": item.clause,
                "occurrences": str(item.occurrences),
                "exchanges": " ".join(item.exchanges[:EXCHANGES]),
            },
        )
        for item in findings[:EVIDENCE_OF_A_CHECK]
    ]


# — findings and risks —


def _finding(report: Report, milestone: ReportedMilestone, criterion: ReportedCriterion) -> Json:
    subjects = [f"check {check}" for check in criterion.checks] or [f"criterion {criterion.id}"]
    status: Json = {
        "state": "satisfied" if criterion.ruling in SATISFIED else "not-satisfied",
        "reason": REASONS.get(criterion.ruling, "other"),
        "remarks": prose(f"{criterion.ruling}: {criterion.because}", 1000),
    }
    finding: Json = {
        "uuid": identified(report, "finding", milestone.id, criterion.id),
        "title": prose(f"{milestone.title}: {criterion.id}"),
        "description": prose(criterion.statement, 1000) or "(not described)",
        "target": {"type": "objective-id", "target-id": token(criterion.id), "status": status},
        "related-observations": [{"observation-uuid": identified(report, subject)} for subject in subjects],
    }
    if criterion.ruling == "waived":
        finding["related-risks"] = [{"risk-uuid": identified(report, "risk", milestone.id, criterion.id)}]
    facts = {"ruling": criterion.ruling, "level": criterion.level, "kind": criterion.kind, "milestone": milestone.id,
             "blocking": str(criterion.blocking).lower(), "required-from": criterion.required_from}  # fmt: skip
    return with_props(finding, facts)


def _risks(report: Report) -> Iterator[Json]:
    """What a waiver excuses is a risk that somebody accepted, until a day."""
    waived = (pair for pair in _criteria(report) if pair[1].ruling == "waived")
    for milestone, criterion in waived:
        excuses = [f"{item.check}, by {item.approver} until {item.expires}: {item.reason}" for item in criterion.waiver]
        days = sorted(item.expires for item in criterion.waiver)
        yield with_props(
            {
                "uuid": identified(report, "risk", milestone.id, criterion.id),
                "title": prose(f"Waived: {criterion.id}"),
                "description": prose(criterion.statement, 1000) or "(not described)",
                "statement": prose("; ".join(excuses), 2000) or "A waiver excuses it.",
                "status": "deviation-approved",
            },
            {"expires": days[0] if days else "", "approvers": ", ".join(item.approver for item in criterion.waiver)},
        )
