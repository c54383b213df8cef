"""Reports for the tests of everything that renders one: passing, failing, unproven, interrupted, hostile, enormous.

    report = samples.failing()

They are made by hand rather than by judging, so that a format is tested on the model alone.
"""

# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from certify.model.plan import Origin
from certify.model.report import (
    SCHEMA,
    Coverage,
    Report,
    ReportedAttempt,
    ReportedCheck,
    ReportedCriterion,
    ReportedMilestone,
    ReportedOperation,
    ReportedPartner,
    ReportedProgram,
    ReportedRun,
    ReportedWaiver,
)
from tests.unit.formats.sample_findings import ADA, ADVISORY, BASE, DESK, EVIDENCE, FINDINGS, PAGING
from tests.unit.formats.sample_rows import CHECKS, CRITERIA, MILESTONES, CheckRow, CriterionRow, MilestoneRow

WAIVER = ReportedWaiver("error.no-internals-leaked", "The gateway that hides it ships on 1 April.", "Marta Lindqvist",
                        "2026-04-30", "https://platform.example/waivers/31", role="solution-engineer",
                        granted="2026-03-01", criteria=("errors-discreet",),
                        because="it excuses the failure of error.no-internals-leaked until 2026-04-30")  # fmt: skip
IDLE = ReportedWaiver("net.clock-accurate", "The clock is set by hand until the new host is there.", "Ada Byron",
                      "2026-02-28", "https://platform.example/waivers/7", "expired",
                      because="it expired on 2026-02-28")  # fmt: skip
Told = Mapping[str, tuple[str, str, str]]  # check id -> status, reason, note
NOTES = {"silent": "It was planned and reported nothing."}


def passing() -> Report:
    """Everything required holds; one advisory, one flaky check and one waiver are told all the same."""
    told = {
        "error.no-internals-leaked": ("failed", "", ""),
        "page.walk-complete": ("not_applicable", "nothing-to-test", ""),
    }
    report = _report(told, (ADVISORY, replace(FINDINGS[3], id="F2", blocks=())), waived=True, answered=True)
    return replace(report, checks=tuple(_flaky(item) for item in report.checks), waivers=(WAIVER, IDLE))


def _flaky(check: ReportedCheck) -> ReportedCheck:
    if check.id != "idem.replay-returns-same":
        return check
    return replace(
        check, flaky=True, attempts=(ReportedAttempt("suites", 1, "failed"), ReportedAttempt("suites", 2, "passed"))
    )


def failing() -> Report:
    """Four causes hold milestones back; one recommended criterion fails too, and one check could not run."""
    told = {finding.check: ("failed", "", "") for finding in (*FINDINGS, PAGING)}
    told["idem.replay-returns-same"] = (
        "inconclusive",
        "control-failed",
        "The first POST /usage-records was refused with 422.",
    )
    return _report(told, (*FINDINGS, ADVISORY, PAGING))


def unproven() -> Report:
    """Nothing failed, and yet nothing more is certified: permissions, identities and answers are missing."""
    told = {
        "authz.tenant-read-isolated": ("not_run", "missing-identity", "The profile names no identity `other_tenant`."),
        "authz.tenant-list-isolated": ("not_run", "missing-identity", "The profile names no identity `other_tenant`."),
        "rate.limit-enforced": ("not_run", "no-permission", "The profile does not allow stress (`allow_stress`)."),
        "rate.retry-after-honest": ("not_run", "no-permission", "The profile does not allow stress (`allow_stress`)."),
        "idem.replay-returns-same": ("inconclusive", "throttled", "429 three times, even after waiting 20 s."),
        "audit.action-recorded": ("silent", "", ""),
    }
    return _report(told, ())


def interrupted() -> Report:
    """Ended by Ctrl-C in the third milestone: the rest is not run, and the run says so."""
    cut = [row.id for row in CHECKS[16:]]
    told = dict.fromkeys(cut, ("not_run", "interrupted", "The run was ended before it was this check's turn."))
    report = _report(told, ())
    notes = ("The run was interrupted after 16 of 30 checks; what was recorded is judged as far as it goes.",)
    return replace(report, run=replace(report.run, complete=False), notes=notes)


def _report(told: Told, findings: tuple, waived: bool = False, answered: bool = False) -> Report:  # type: ignore[type-arg]
    checks = tuple(_check(row, told.get(row.id, ("passed", "", "")), findings) for row in CHECKS)
    milestones = _ladder(checks, waived, answered)
    verdict = _worst([item.verdict for item in milestones])
    counts: dict[str, int] = {}
    for check in checks:
        counts[check.status] = counts.get(check.status, 0) + 1
    return Report(
        SCHEMA, verdict, {"certified": 0, "not_certified": 1}.get(verdict, 3), _summary(verdict, milestones),
        ReportedPartner("northwind", "Northwind Energy", BASE, "sandbox"),
        ReportedProgram("reference", "Reference integration programme", "2026.1", "openapi/partner-api.v1.yaml", "1.4.0"),
        _run(), milestones, checks, findings, _coverage(), counts,
        contacts=(ADA, DESK), escalation=("After 8 business hours: Partner desk", "After 16 business hours: Marta Lindqvist"),
        evidence={key: EVIDENCE[key] for finding in findings for key in finding.exchanges if key in EVIDENCE})  # fmt: skip


def _check(row: CheckRow, told: tuple[str, str, str], findings: tuple) -> ReportedCheck:  # type: ignore[type-arg]
    status, reason, note = told
    ran = status not in ("not_run", "not_applicable", "silent")
    attempts = () if status == "silent" else (ReportedAttempt("suites", 1, status, reason),)
    mine = tuple(finding.id for finding in findings if finding.check == row.id)
    return ReportedCheck(row.id, row.id.split(".")[0], row.level, row.clause, row.statement, status, reason,
                         note or NOTES.get(status, ""), row.requests if ran else 0, row.seconds if ran else 0.0,
                         False, attempts, mine, (row.criterion,))  # fmt: skip


def _ladder(checks: tuple[ReportedCheck, ...], waived: bool, answered: bool) -> tuple[ReportedMilestone, ...]:
    ladder: list[ReportedMilestone] = []
    for row in MILESTONES:
        criteria = tuple(_criterion(item, checks, waived, answered) for item in CRITERIA if item.milestone == row.id)
        ladder.append(_milestone(row, criteria, ladder))
    return tuple(ladder)


def _milestone(
    row: MilestoneRow, criteria: tuple[ReportedCriterion, ...], before: list[ReportedMilestone]
) -> ReportedMilestone:
    required = [item.ruling for item in criteria if item.level == "required"]
    own = "not_certified" if "not_met" in required else "unproven" if "unproven" in required else "certified"
    held = next((item for item in before if item.verdict != "certified"), None)
    if own == "certified" and held:
        return ReportedMilestone(
            *row,
            held.verdict,
            f"Its own criteria are met; it waits for {held.title}.",
            ("The milestone before it.",),
            criteria,
        )
    because = {"certified": "Each required criterion is met.", "not_certified": f"{required.count('not_met')} of {len(required)} required criteria are not met.",
               "unproven": f"{required.count('unproven')} of {len(required)} required criteria are not proven."}[own]  # fmt: skip
    return ReportedMilestone(*row, own, because, ("The milestone before it.",) if before else (), criteria)


def _criterion(row: CriterionRow, checks: tuple[ReportedCheck, ...], waived: bool, answered: bool) -> ReportedCriterion:
    mine = [check for check in checks if row.id in check.criteria]
    ruling, because = _ruling(row, {check.status for check in mine}, waived, answered)
    excused = tuple(WAIVER for check in mine if ruling == "waived" and check.id == WAIVER.check)
    return ReportedCriterion(row.id, row.statement, ruling, because, row.kind, row.level,
                             tuple(check.id for check in mine), row.role, excused,
                             blocking=row.level == "required")  # fmt: skip


def _ruling(row: CriterionRow, statuses: set[str], waived: bool, answered: bool) -> tuple[str, str]:
    if row.kind != "automated":
        return (
            ("met", f"Signed by {row.role} on 2026-03-10.")
            if answered
            else ("unproven", f"Nobody in the role {row.role} has answered yet.")
        )
    if "failed" in statuses:
        return ("waived", "It is not met, and a waiver excuses it.") if waived else ("not_met", "A check failed.")
    if statuses & {"not_run", "inconclusive", "silent", "errored"}:
        return "unproven", "A check could not decide."
    if statuses == {"not_applicable"}:
        return "not_applicable", "The partner does not offer it, and the playbook allows that."
    return "met", "Each of its checks passed."


def _worst(verdicts: list[str]) -> str:
    return next((item for item in ("not_certified", "unproven") if item in verdicts), "certified")


def _summary(verdict: str, milestones: tuple[ReportedMilestone, ...]) -> str:
    held = next((item.title for item in milestones if item.verdict == verdict), "")
    return {
        "certified": "All five milestones are certified: every required criterion is met or waived.",
        "not_certified": f"Four causes stand between the sandbox and certification; the first milestone they hold back is {held}.",
        "unproven": f"Nothing failed, but some things could not be shown; the first milestone that waits for them is {held}.",
    }[verdict]


def _run() -> ReportedRun:
    digests = {
        "program": "sha256:" + "9f2c" * 16,
        "contract": "sha256:" + "07be" * 16,
        "profile": "sha256:" + "c4d1" * 16,
    }
    versions = {"certify": "0.1.0", "python": "3.12.4", "pytest": "9.2.0", "schemathesis": "4.32.5"}
    return ReportedRun("20260312-091421-northwind", 1773306861.0, 41.7, 7, 1378, True, tuple(row.id for row in MILESTONES),
                       (), digests, versions, ("certify", "run", "--partner", "northwind.yaml", "--seed", "7"), ORIGIN)  # fmt: skip


ORIGIN = Origin("gitlab-ci", {"repository": "northwind/leads", "run": "https://ci.example/northwind/leads/-/jobs/7"})


def _coverage() -> Coverage:
    return Coverage(21, 20, (
        ReportedOperation("listLeads", 214, True, {"200": 180, "400": 21, "401": 9, "429": 4}),
        ReportedOperation("createLead", 190, True, {"201": 88, "400": 61, "401": 9, "422": 32}),
        ReportedOperation("getCustomer", 96, True, {"200": 71, "401": 14, "404": 11}),
        ReportedOperation("updateLead", 88, True, {"200": 40, "400": 30, "412": 12, "500": 6}),
        ReportedOperation("listAuditEvents", 31, True, {"200": 31}),
        ReportedOperation("purgeTenant", 9, False, {"403": 9}, "the identity was refused: 403 to 9 of 9 requests"),
        ReportedOperation("rotateWebhookSecret", 0, False, {}),
    ))  # fmt: skip
