"""Plain Allure 2 results, with ids that are derived and statuses that flatter nobody."""

from __future__ import annotations

import json
from dataclasses import replace

import attr
import pytest
from allure_commons import model2

from certify.formats import allure_parts
from certify.formats.allure import AllureFormat
from certify.formats.reading import cases
from certify.model.report import Report, ReportedAttempt
from tests.unit.formats import sample_extremes, samples


def _results(report: Report) -> dict[str, dict]:
    files = AllureFormat().render(report)
    results = [json.loads(data) for name, data in files.items() if name.endswith("-result.json")]
    return {result["name"]: result for result in results}


def _labels(result: dict, name: str) -> list[str]:
    return [label["value"] for label in result["labels"] if label["name"] == name]


def test_there_is_a_result_for_every_check_and_every_answered_criterion_and_the_verdict():
    results = _results(samples.failing())

    assert len(results) == 33


def test_results_have_the_members_that_allure_knows():
    known = {item.name for item in attr.fields(model2.TestResult)}
    details = {item.name for item in attr.fields(model2.StatusDetails)} | {
        "muted",
        "expected",
        "actual",
    }  # the readers know them, the writer lacks them

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

    assert _labels(result, "parentSuite") == ["2. Authentication"]
    assert _labels(result, "epic") == ["2. Authentication"]
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
        item["source"]
        for result in _results(sample_extremes.hostile()).values()
        for item in result.get("attachments", ())
    }

    assert named
    assert {f"allure-results/{name}" for name in named} <= set(files)


def test_no_two_results_name_the_same_file_which_allure_3_would_open_for_the_first_alone():
    report = samples.failing()
    first, second, *rest = report.milestones
    twice = replace(first, criteria=(replace(first.criteria[0], checks=("auth.expired-token-rejected",)),))
    files = AllureFormat().render(replace(report, milestones=(twice, second, *rest)))
    results = [json.loads(data) for name, data in files.items() if name.endswith("-result.json")]
    named = [item["source"] for result in results for item in result.get("attachments", ())]

    assert sum(result["name"] == "auth.expired-token-rejected" for result in results) == 2
    assert len(named) == len(set(named))


def test_history_outlives_a_run_and_a_result_does_not():
    first, report = _results(samples.failing()), samples.failing()
    second = _results(replace(report, run=replace(report.run, id="another")))

    for name in ("historyId", "testCaseId"):
        assert first["net.control-works"][name] == second["net.control-works"][name]
    assert first["net.control-works"]["uuid"] != second["net.control-works"]["uuid"]


def _identity_in_allure_3(result: dict) -> tuple[str, tuple[tuple[str, str], ...]]:
    """It reads no ``historyId``: a test is its case and those parameters that are not excluded."""
    told = [(item["name"], item["value"]) for item in result["parameters"] if not item.get("excluded")]
    return result["testCaseId"], tuple(sorted(told))


def test_in_allure_3_too_a_test_stays_itself_when_its_ruling_changes_and_another_partner_is_another():
    report = samples.failing()
    stranger = _results(replace(report, partner=replace(report.partner, id="stranger")))["auth.expired-token-rejected"]
    failing = _results(report)["auth.expired-token-rejected"]
    passing = _results(samples.passing())["auth.expired-token-rejected"]

    assert failing["status"] != passing["status"]
    assert _identity_in_allure_3(failing) == _identity_in_allure_3(passing)
    assert _identity_in_allure_3(failing) != _identity_in_allure_3(stranger)


FLAKY = "idem.replay-returns-same"


def _all(report: Report, name: str) -> list[dict]:
    files = AllureFormat().render(report)
    results = (json.loads(data) for key, data in files.items() if key.endswith("-result.json"))
    return sorted((item for item in results if item["name"] == name), key=lambda item: item["start"])


def test_a_pass_after_a_failure_is_flaky_and_the_failure_is_kept_as_an_earlier_try_of_the_same_test():
    earlier, last = _all(samples.passing(), FLAKY)

    assert (earlier["status"], last["status"]) == ("failed", "passed")
    assert earlier["start"] < last["start"]
    assert _identity_in_allure_3(earlier) == _identity_in_allure_3(last)
    assert earlier["historyId"] == last["historyId"]
    assert last["statusDetails"]["flaky"]
    assert "passed only on a further attempt (failed, then passed)" in last["statusDetails"]["message"]
    assert "flaky" in _labels(last, "tag")


def test_how_a_failure_was_confirmed_is_kept_and_another_source_is_no_earlier_try():
    report = samples.failing()
    attempts = (
        ReportedAttempt("suites", 1, "failed", "", ("failed", "failed")),
        ReportedAttempt("contract", 1, "passed"),
    )
    checks = tuple(replace(item, attempts=attempts) if item.id == FLAKY else item for item in report.checks)

    told = [item["statusDetails"]["message"] for item in _all(replace(report, checks=checks), FLAKY)]

    assert told[:-1] == ["Attempt 1 of suites, time 1: failed."]


def test_what_was_carried_over_says_from_which_run():
    report = samples.passing()
    checks = tuple(replace(item, carried="run-7") if item.id == "net.control-works" else item for item in report.checks)
    result = _results(replace(report, checks=checks))["net.control-works"]

    assert result["statusDetails"]["message"] == "Carried over from run run-7."
    assert "carried" in _labels(result, "tag")


@pytest.mark.parametrize(
    ("blocking", "demand", "level", "severity"),
    [
        (True, "required", "MUST", "blocker"),
        (True, "required", "CONTRACT", "blocker"),
        (True, "required", "PRACTICE", "critical"),
        (True, "pending", "MUST", "blocker"),
        (False, "pending", "MUST", "normal"),
        (False, "recommended", "MUST", "minor"),
    ],
)
def test_severity_says_what_a_failure_would_hold_back_however_it_ended(blocking, demand, level, severity):
    case = next(cases(samples.passing()))
    for status in ("passed", "failed"):
        check = replace(case.check, level=level, status=status)
        said = replace(case, check=check, criterion=replace(case.criterion, blocking=blocking, level=demand))
        assert allure_parts.severity(said) == severity


def test_the_verdict_has_a_result_with_a_step_for_each_milestone():
    result = _results(samples.interrupted())["verdict"]

    assert result["status"] == "broken"
    assert [step["status"] for step in result["steps"]].count("passed") == 2
    assert len(result["steps"]) == len(samples.interrupted().milestones)


@pytest.mark.parametrize(
    ("link", "shown"),
    [("https://platform.example/31", True), ("javascript:alert(1)", False), ("https://x.example/\n", False)],
)
def test_a_link_of_a_waiver_is_followed_only_where_it_leads_to_the_web(link, shown):
    report = samples.passing()
    bad = replace(samples.WAIVER, link=link)
    milestones = tuple(
        replace(one, criteria=tuple(replace(it, waiver=(bad,) if it.waiver else ()) for it in one.criteria))
        for one in report.milestones
    )
    links = _results(replace(report, milestones=milestones))["error.no-internals-leaked"]["links"]

    assert ([item["url"] for item in links if item["name"] == "waiver"] == [link]) is shown


def test_the_project_file_is_allures_own_and_says_nothing_of_the_partner():
    one, other = (
        AllureFormat().render(report)["allurerc.json"] for report in (samples.passing(), sample_extremes.hostile())
    )

    assert one == other
    assert json.loads(one)["historyPath"] == "../allure-history.jsonl"


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

    assert [item["name"] for item in categories] == [
        "Waived", "Not met", "Flaky", "Not proven", "Not applicable",
    ]  # fmt: skip
    assert _results(samples.unproven())["rate.limit-enforced"]["statusDetails"]["message"].startswith("Not proven. ")


def test_an_enormous_run_stays_bounded():
    report = sample_extremes.enormous(400, 6000)
    first, *rest = report.checks
    every = replace(first, findings=tuple(finding.id for finding in report.findings))

    files = AllureFormat().render(replace(report, checks=(every, *rest)))

    assert 200 <= sum(name.endswith(".txt") for name in files) <= 200 + len(samples.failing().findings) * 3
