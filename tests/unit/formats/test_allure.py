"""Plain Allure 2 results, with ids that are derived and statuses that flatter nobody."""

from __future__ import annotations

import json
from dataclasses import replace

import attr
import pytest
from allure_commons import model2

from certify.formats.allure import AllureFormat
from certify.model.report import Report
from tests.unit.formats import sample_extremes, samples


def _results(report: Report) -> dict[str, dict]:
    files = AllureFormat().render(report)
    results = [json.loads(data) for name, data in files.items() if name.endswith("-result.json")]
    return {result["name"]: result for result in results}


def _labels(result: dict, name: str) -> list[str]:
    return [label["value"] for label in result["labels"] if label["name"] == name]


def test_there_is_a_result_for_every_check_and_every_answered_criterion():
    results = _results(samples.failing())

    assert len(results) == 32


def test_results_have_the_members_that_allure_knows():
    known = {item.name for item in attr.fields(model2.TestResult)}
    details = {item.name for item in attr.fields(model2.StatusDetails)} | {
        "muted"
    }  # the reader knows it, the writer lacks it

    for result in _results(samples.failing()).values():
        assert set(result) <= known
        assert set(result["statusDetails"]) <= details


@pytest.mark.parametrize(
    ("sample", "name", "status"),
    [
        (samples.failing, "auth.expired-token-rejected", "failed"),
        (samples.failing, "net.control-works", "passed"),
        (samples.failing, "idem.replay-returns-same", "broken"),
        (samples.unproven, "authz.tenant-read-isolated", "broken"),
        (samples.unproven, "audit.action-recorded", "broken"),
        (samples.unproven, "runbook-reviewed", "broken"),
        (samples.passing, "runbook-reviewed", "passed"),
        (samples.passing, "page.walk-complete", "skipped"),
        (samples.passing, "error.no-internals-leaked", "failed"),
    ],
)
def test_statuses_say_what_happened(sample, name, status):
    assert _results(sample())[name]["status"] == status


def test_a_waived_failure_is_known_and_muted_and_still_a_failure():
    details = _results(samples.passing())["error.no-internals-leaked"]["statusDetails"]

    assert (details["known"], details["muted"]) == (True, True)


def test_milestone_criterion_owner_and_clause_are_there():
    result = _results(samples.failing())["auth.expired-token-rejected"]

    assert _labels(result, "parentSuite") == ["Authentication"]
    assert _labels(result, "suite")[0].startswith("tokens-verified: ")
    assert _labels(result, "owner") == ["Partner engineering"]
    assert _labels(result, "severity") == ["blocker"]
    assert result["links"] == [
        {"type": "link", "name": "RFC 7519 §4.1.4", "url": "https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4"}
    ]


def test_expected_actual_and_the_exchange_are_there():
    files = AllureFormat().render(samples.failing())
    result = _results(samples.failing())["contract.schema-valid"]
    (attachment,) = result["attachments"]

    assert "expected an integer from 0 to 100" in result["statusDetails"]["message"]
    assert '>       "score": "87",' in files[f"allure-results/{attachment['source']}"].decode()


def test_every_attachment_that_is_named_is_written():
    files = AllureFormat().render(sample_extremes.hostile())
    named = {
        item["source"] for result in _results(sample_extremes.hostile()).values() for item in result["attachments"]
    }

    assert named
    assert {f"allure-results/{name}" for name in named} <= set(files)


def test_history_outlives_a_run_and_a_result_does_not():
    first, report = _results(samples.failing()), samples.failing()
    second = _results(replace(report, run=replace(report.run, id="another")))

    assert first["net.control-works"]["historyId"] == second["net.control-works"]["historyId"]
    assert first["net.control-works"]["uuid"] != second["net.control-works"]["uuid"]


def test_one_check_under_two_criteria_gives_two_results():
    report = samples.passing()
    first, *rest = report.milestones
    both = replace(first, criteria=tuple(replace(item, checks=("net.control-works",)) for item in first.criteria))
    files = AllureFormat().render(replace(report, milestones=(both, *rest)))

    assert sum(b'"name": "net.control-works"' in data for name, data in files.items() if "-result" in name) == 2


def test_the_environment_is_a_properties_file_that_nothing_can_break_out_of():
    lines = (
        AllureFormat().render(sample_extremes.hostile())["allure-results/environment.properties"].decode().splitlines()
    )

    assert any(line.startswith("partner=Northwind\\ Energy") for line in lines)
    assert all(line.isascii() and line.isprintable() for line in lines)
    assert len(lines) == 7 + len(samples.failing().run.versions)


def test_unproven_has_a_category_of_its_own():
    categories = json.loads(AllureFormat().render(samples.failing())["allure-results/categories.json"])

    assert [item["name"] for item in categories] == ["Not met", "Not proven", "Not applicable"]
    assert _results(samples.unproven())["rate.limit-enforced"]["statusDetails"]["message"].startswith("Not proven. ")


def test_an_enormous_run_stays_bounded():
    files = AllureFormat().render(sample_extremes.enormous(400, 6000))

    assert sum(name.endswith(".txt") for name in files) == 200
