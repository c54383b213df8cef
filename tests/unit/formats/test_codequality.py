"""GitLab's code quality report: one entry for each cause, which GitLab can follow from run to run."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from certify.formats.codequality import CodeQualityFormat
from tests.unit.formats import sample_extremes, samples


def _entries(report):
    return json.loads(CodeQualityFormat().render(report)["gl-code-quality-report.json"])


def test_a_cause_that_holds_back_is_critical_and_advice_is_info():
    severities = {item["check_name"]: item["severity"] for item in _entries(samples.failing())}
    report = samples.failing()

    assert severities[report.findings[0].check] == "critical"
    assert severities[next(item.check for item in report.findings if item.weight == "advisory")] == "info"


def test_what_nobody_could_tell_is_not_an_empty_list():
    entries = {item["check_name"]: item for item in _entries(samples.unproven())}

    assert entries["authz.tenant-read-isolated"]["severity"] == "major"
    assert entries["authz.tenant-read-isolated"]["description"].startswith("Not proven: ")


def test_a_report_without_a_milestone_is_not_an_empty_list():
    (entry,) = _entries(replace(samples.unproven(), milestones=(), checks=(), findings=()))

    assert (entry["check_name"], entry["severity"]) == ("verdict", "major")
    assert entry["description"].startswith("Not proven. ")


def test_an_interrupted_run_has_an_entry_whatever_somebody_wrote_as_its_verdict():
    report = samples.passing()
    entries = _entries(replace(report, run=replace(report.run, complete=False)))

    assert [item["severity"] for item in entries if item["check_name"] == "verdict"] == ["major"]


def test_only_a_certified_run_has_no_entry_for_its_verdict():
    assert not [item for item in _entries(samples.passing()) if item["check_name"] == "verdict"]
    (entry,) = [item for item in _entries(samples.failing()) if item["check_name"] == "verdict"]
    assert entry["severity"] == "critical"


def test_an_excused_failure_says_first_who_excused_it():
    (entry,) = [item for item in _entries(samples.passing()) if item["check_name"] == samples.WAIVER.check]

    assert entry["severity"] == "info"
    assert entry["description"].startswith("Waived by Marta Lindqvist (solution-engineer) until 2026-04-30: ")


def test_a_cause_keeps_its_fingerprint_from_run_to_run_whatever_came_back():
    report = samples.failing()
    findings = tuple(replace(item, actual="something else", occurrences=9) for item in report.findings)
    later = replace(report, run=replace(report.run, id="another", started=0.0), findings=findings)

    assert [item["fingerprint"] for item in _entries(report)] == [item["fingerprint"] for item in _entries(later)]


@pytest.mark.parametrize("sample", [samples.failing, samples.unproven, sample_extremes.hostile])
def test_no_fingerprint_comes_twice(sample):
    prints = [item["fingerprint"] for item in _entries(sample())]

    assert len(prints) == len(set(prints))


@pytest.mark.parametrize(
    ("contract", "path"),
    [
        ("openapi/partner-api.v1.yaml", "openapi/partner-api.v1.yaml"),
        ("./openapi/a.yaml", "openapi/a.yaml"),
        ("/home/ada/secret/a.yaml", "a.yaml"),
        ("https://api.example/openapi.json?token=x", "openapi.json"),
        ("../a.yaml", "a.yaml"),
        ("", "contract"),
    ],
)
def test_a_finding_lies_at_the_contract_below_the_projects_root(contract, path):
    report = samples.failing()
    report = replace(report, program=replace(report.program, contract=contract))

    assert {item["location"]["path"] for item in _entries(report)} == {path}
