"""OSCAL assessment results: two states only, and unproven or waived is never satisfied."""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import UUID

import pytest
from markdown_it import MarkdownIt

from certify.formats.oscal import OscalFormat
from tests.unit.formats import sample_extremes, samples

ALL = [samples.passing, samples.failing, samples.unproven, samples.interrupted, sample_extremes.hostile]


def _document(report):
    return json.loads(OscalFormat().render(report)["oscal-assessment-results.json"])["assessment-results"]


def _finding(report, criterion):
    findings = _document(report)["results"][0]["findings"]
    return next(item for item in findings if item["target"]["target-id"] == criterion)


def _props(part):
    return {item["name"]: item["value"] for item in part["props"]}


@pytest.mark.parametrize(
    ("sample", "criterion", "state", "reason"),
    [
        (samples.passing, "tokens-verified", "satisfied", "pass"),
        (samples.failing, "tokens-verified", "not-satisfied", "fail"),
        (samples.unproven, "tenants-isolated", "not-satisfied", "other"),
        (samples.unproven, "runbook-reviewed", "not-satisfied", "other"),
        (samples.passing, "errors-useful", "not-satisfied", "other"),
        (samples.passing, "lists-complete", "satisfied", "other"),
    ],
)
def test_only_what_is_met_or_does_not_apply_is_satisfied(sample, criterion, state, reason):
    status = _finding(sample(), criterion)["target"]["status"]

    assert (status["state"], status["reason"]) == (state, reason)


def test_unproven_says_why():
    status = _finding(samples.unproven(), "tenants-isolated")["target"]["status"]

    assert status["remarks"].startswith("unproven: ")


def test_a_waiver_is_a_risk_that_somebody_accepted_until_a_day():
    result = _document(samples.passing())["results"][0]
    (risk,) = result["risks"]

    assert (risk["status"], _props(risk)["expires"]) == ("deviation-approved", "2026-04-30")
    assert "Marta Lindqvist" in risk["statement"]
    assert _finding(samples.passing(), "errors-useful")["related-risks"] == [{"risk-uuid": risk["uuid"]}]


def test_a_check_is_an_observation_with_what_was_found():
    observations = _document(samples.failing())["results"][0]["observations"]
    seen = next(item for item in observations if item["title"] == "auth.expired-token-rejected")

    assert seen["methods"] == ["TEST"]
    assert "expected 401" in seen["relevant-evidence"][0]["description"]
    assert _props(seen)["status"] == "failed"


@pytest.mark.parametrize("sample", ALL)
def test_every_reference_leads_somewhere_and_no_id_is_given_twice(sample):
    document = _document(sample())
    given, used = [], []
    _walk(document, given, used)

    assert len(given) == len(set(given))
    assert set(used) <= set(given)
    assert {UUID(item).version for item in given} == {5}


def _walk(value, given, used):
    match value:
        case dict():
            for name, item in value.items():
                if name == "uuid":
                    given.append(item)
                elif name == "href" and item.startswith("#"):
                    used.append(item[1:])
                elif name.endswith("-uuid"):
                    used.append(item)
                elif name in ("party-uuids", "member-of-organizations"):
                    used.extend(item)
                else:
                    _walk(item, given, used)
        case list():
            for item in value:
                _walk(item, given, used)


def test_another_run_has_other_ids():
    report = samples.failing()
    other = replace(report, run=replace(report.run, id="another"))

    assert _document(report)["uuid"] != _document(other)["uuid"]


def test_prose_is_markdown_in_which_nothing_acts():
    for part in ("title", "description", "remarks"):
        for item in _document(sample_extremes.hostile())["results"][0]["observations"]:
            tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(item.get(part, "x"))
            assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
            assert {child.type for child in tokens[1].children} <= {"text", "text_special"}
