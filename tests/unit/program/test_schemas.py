"""The published schemas describe what is written, and cannot drift from the dataclasses behind it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from certify.comparing import attribution, comparison
from certify.model import certificate, change, cleanup, exchange, gate, outcome, partner, plan, playbook, report, role
from certify.model.codec import encode
from certify.model.outcome import Finding, Outcome, Reason, Status
from certify.program.validate import SCHEMAS, schema
from certify.rundir import Writer

NAMES = (
    "playbook.v1",
    "partner.v1",
    "answers.v1",
    "waivers.v1",
    "report.v1",
    "outcome.v1",
    "diagnosis.v1",
    "decision.v1",
    "certificate.v1",
    "approval.v1",
    "verification.v1",
    "comparison.v1",
    "reproduction.v1",
)
REPORT = {
    "": report.Report,
    "contact": report.ReportedContact,
    "partner": report.ReportedPartner,
    "program": report.ReportedProgram,
    "run": report.ReportedRun,
    "origin": plan.Origin,
    "carried": plan.Carried,
    "waiver": report.ReportedWaiver,
    "criterion": report.ReportedCriterion,
    "milestone": report.ReportedMilestone,
    "attempt": report.ReportedAttempt,
    "check": report.ReportedCheck,
    "cause": report.ReportedCause,
    "finding": report.ReportedFinding,
    "operation": report.ReportedOperation,
    "coverage": report.Coverage,
    "role": role.RoleFound,
    "cleanup": cleanup.CleanUp,
    "leftover": cleanup.Leftover,
    "exchange": exchange.Exchange,
    "request": exchange.SentRequest,
    "response": exchange.ReceivedResponse,
}
PLAYBOOK = {
    "contact": playbook.Contact,
    "step": playbook.EscalationStep,
    "milestone": playbook.Milestone,
    "criterion": playbook.Criterion,
    "threshold": playbook.Threshold,
    "certification": playbook.Certification,
    "environment": playbook.EnvironmentRule,
    "approval": playbook.ApprovalRule,
    "grace": playbook.Grace,
    "change": playbook.ChangeRule,
    "waiver_rules": playbook.WaiverRules,
    "never_waivable": playbook.NeverWaivable,
}
PARTNER = {
    "contact": playbook.Contact,
    "platform_tokens": partner.PlatformTokens,
    "hint": partner.OperationHint,
    "limit": partner.Limit,
    "permissions": partner.Permissions,
    "generated": partner.Generated,
    "pagination": partner.Pagination,
    "idempotency": partner.Idempotency,
    "audit": partner.Audit,
}
CERTIFICATE = {
    "": certificate.Certificate,
    "partner": report.ReportedPartner,
    "program": report.ReportedProgram,
    "waiver": report.ReportedWaiver,
    "origin": plan.Origin,
    "milestone": certificate.CertifiedMilestone,
    "check": certificate.CertifiedCheck,
    "earlier": certificate.EarlierRun,
}
COMPARISON = {
    "side": comparison.Side,
    "difference": comparison.Difference,
    "witness": comparison.Witness,
    "check": comparison.CheckChange,
    "finding": comparison.FindingChange,
    "milestone": comparison.MilestoneChange,
    "demand": comparison.DemandChange,
    "operation": comparison.OperationChange,
    "fact": comparison.FactChange,
    "suite": comparison.SuiteChange,
    "change": change.Change,
    "waiver": comparison.WaiverChange,
}
PAIRS = [
    *(("certificate.v1", name, kind) for name, kind in CERTIFICATE.items()),
    ("approval.v1", "", certificate.Approval),
    *(("comparison.v1", name, kind) for name, kind in COMPARISON.items()),
    *(("reproduction.v1", name, kind) for name, kind in (*COMPARISON.items(), ("attributed", attribution.Attributed))),
    *(("report.v1", name, kind) for name, kind in REPORT.items()),
    *(("playbook.v1", name, kind) for name, kind in PLAYBOOK.items()),
    *(("partner.v1", name, kind) for name, kind in PARTNER.items()),
    ("outcome.v1", "finding", outcome.Finding),
    ("decision.v1", "", gate.Decision),
]


def _fields(kind: Any) -> set[str]:
    return {field.name for field in dataclasses.fields(kind)}


def _part(name: str, definition: str) -> Mapping[str, Any]:
    part: Mapping[str, Any] = schema(name)["$defs"][definition] if definition else schema(name)
    return part


@pytest.mark.parametrize("name", NAMES)
def test_each_schema_is_valid_and_says_what_it_is(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    assert schema(name)["$id"] == f"https://certify.example/schemas/{name}.json"
    assert schema(name)["title"]


def test_every_schema_is_published() -> None:
    assert sorted(path.stem for path in SCHEMAS.glob("*.json")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_member_is_described(name: str) -> None:
    for path, member in _members(schema(name), name):
        assert member.get("description") or "$ref" in member, path


def _members(node: Any, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(node, dict):
        properties = node.get("properties")
        if isinstance(properties, dict):
            yield from ((f"{path}.{name}", member) for name, member in properties.items())
        for name, child in node.items():
            yield from _members(child, f"{path}/{name}")


@pytest.mark.parametrize("name", ["playbook.v1", "partner.v1", "answers.v1", "waivers.v1"])
def test_files_that_people_write_accept_no_unknown_member(name: str) -> None:
    for definition in (schema(name), *schema(name)["$defs"].values()):
        assert definition["additionalProperties"] is False


@pytest.mark.parametrize(("name", "definition", "kind"), PAIRS)
def test_a_schema_has_exactly_the_members_of_its_dataclass(name: str, definition: str, kind: type) -> None:
    assert set(_part(name, definition)["properties"]) == _fields(kind)


def test_the_playbook_schema_has_exactly_the_members_of_a_playbook() -> None:
    assert set(schema("playbook.v1")["properties"]) == _fields(playbook.Playbook) | {"schema"}


def test_a_written_waiver_has_exactly_the_members_of_a_waiver() -> None:
    approver = {"approver", "role"}
    assert set(_part("waivers.v1", "waiver")["properties"]) == _fields(playbook.Waiver) - approver | {"approver"}
    assert set(_part("waivers.v1", "approver")["properties"]) == {"name", "role"}


def test_an_outcome_line_has_exactly_the_members_of_an_outcome_and_its_chain() -> None:
    assert set(schema("outcome.v1")["properties"]) == _fields(Outcome) | {"writer", "seq", "digest"}
    assert set(schema("outcome.v1")["properties"]["status"]["enum"]) == {status.value for status in Status}
    assert set(schema("outcome.v1")["properties"]["reason"]["enum"]) == {reason.value for reason in Reason} | {None}


@pytest.mark.parametrize(("definition", "kind"), [*REPORT.items()])
def test_a_report_writes_all_of_its_members(definition: str, kind: type) -> None:
    assert set(_part("report.v1", definition)["required"]) == _fields(kind)


@pytest.mark.parametrize(("definition", "kind"), [*CERTIFICATE.items()])
def test_a_certificate_writes_all_of_its_members(definition: str, kind: type) -> None:
    assert set(_part("certificate.v1", definition)["required"]) == _fields(kind)


@pytest.mark.parametrize("definition", ["partner", "program", "waiver", "origin", "verdict"])
def test_a_certificate_says_in_the_words_of_the_report_what_the_report_says(definition: str) -> None:
    assert _part("certificate.v1", definition) == _part("report.v1", definition)


def test_an_outcome_line_as_written_validates(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "outcomes.ndjson", "suites")
    finding = Finding("401", "200", exchanges=("s-000001",), clause="RFC 9110 §15.5.2")
    writer.append(encode(Outcome("auth.missing-credentials-rejected", Status.FAILED, findings=(finding,))))
    writer.append(encode(Outcome("net.control-works", Status.NOT_RUN, reason=Reason.BUDGET)))
    writer.close()
    for line in (tmp_path / "outcomes.ndjson").read_text().splitlines():
        Draft202012Validator(schema("outcome.v1")).validate(json.loads(line))


def test_a_report_as_encoded_validates() -> None:
    document = json.loads(json.dumps(encode(_report())))
    Draft202012Validator(schema("report.v1")).validate(document)
    document["verdict"] = "splendid"
    assert not Draft202012Validator(schema("report.v1")).is_valid(document)


def _report() -> report.Report:
    """One of everything."""
    contact = report.ReportedContact("Ada", "ada@acme.example")
    sent = exchange.SentRequest("GET", "http://h/leads", (("Accept", "application/json"),))
    answered = exchange.Exchange(
        "s-1", "c.x", "getLead", "primary", "probe", sent, 1.0, exchange.ReceivedResponse(200, (), "{}")
    )
    broken = exchange.Exchange("s-2", "c.x", None, "primary", "control", sent, 1.0, None, "connection refused")
    waiver = report.ReportedWaiver("c.x", "why", "who", "2027-01-01")
    criterion = report.ReportedCriterion("k", "S.", "waived", "w", "automated", "required", ("c.x",), "", (waiver,))
    milestone = report.ReportedMilestone("m", "M", "o", 3, "not_certified", "b", ("e",), (criterion,))
    attempt = report.ReportedAttempt("suites", 1, "failed")
    check = report.ReportedCheck(
        "c.x", "c", "MUST", "RFC", "S.", "silent", "", "", 1, 0.5, False, (attempt,), ("F1",), ("k",)
    )
    finding = report.ReportedFinding(
        *("F1", "c.x", "t", "violation", "e", "a", "", "RFC", "MUST", "fix"),
        *((report.ReportedCause("w", "f"),), ("getLead",), 2, ("s-1",), ("certify run",), ("k",), ("m",), (contact,)),
    )
    return report.Report(
        *(report.SCHEMA, "not_certified", 1, "No."),
        report.ReportedPartner("acme", "Acme", "http://h", "sandbox"),
        report.ReportedProgram("p", "P", "1", "openapi/api.yaml", "1.0.0"),
        report.ReportedRun("r", 1.0, 2.0, 3, 4, True, ("m",), (), {"program": "sha256:0"}, {"python": "3.11"}),
        (milestone,),
        (check,),
        (finding,),
        report.Coverage(1, 1, (report.ReportedOperation("getLead", 1, True, {"200": 1}),)),
        {"failed": 1},
        evidence={"s-1": answered, "s-2": broken},
    )
