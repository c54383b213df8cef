"""A waiver is seen in every format: who excused what until when. And the failure stays a failure."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from certify.cli.terminal.verdict import render_verdict
from certify.formats.registry import formats
from certify.model.report import Report, ReportedWaiver
from tests.unit.formats import samples

CHECK, WHO, UNTIL = samples.WAIVER.check, "Marta Lindqvist", "2026-04-30"
FILES = {
    "html": "report.html",
    "summary": "summary.md",
    "junit": "junit.xml",
    "ctrf": "ctrf.json",
    "json": "certification.json",
    "oscal": "assessment-results.json",
}


def rendered(report: Report, name: str) -> str:
    files = formats()[name].render(report)
    return "\n".join(files[key].decode() for key in files if name == "allure" or len(files) == 1 or key == FILES[name])


def in_terminal(report: Report) -> str:
    stream = io.StringIO()
    render_verdict(report, stream, color=False, run_dir="reports/northwind/1")
    return " ".join(stream.getvalue().split())


@pytest.mark.parametrize("name", sorted(formats()))
def test_a_used_waiver_is_told_in_every_format(name: str) -> None:
    files = formats()[name].render(samples.passing())
    assert "waive" in "".join(data.decode() for data in files.values()).lower()


@pytest.mark.parametrize("name", sorted(formats().keys() - {"badge"}))  # a badge has room for their number
def test_a_used_waiver_is_told_with_its_check_approver_and_last_day(name: str) -> None:
    text = rendered(samples.passing(), name)
    for told in (CHECK, WHO, UNTIL):
        assert told in text, told


@pytest.mark.parametrize("name", ["html", "summary", "junit", "ctrf", "oscal", "allure", "json", "csv"])
def test_a_used_waiver_is_told_with_its_reason(name: str) -> None:
    assert "The gateway that hides it ships on 1 April" in rendered(samples.passing(), name)


def test_a_used_waiver_is_told_in_the_terminal() -> None:
    assert f"Waived: {CHECK}, by {WHO} (solution-engineer) until {UNTIL}: The gateway" in in_terminal(samples.passing())


@pytest.mark.parametrize("name", ["html", "summary", "json"])
def test_a_waiver_that_excused_nothing_is_told_with_the_reason(name: str) -> None:
    text = rendered(samples.passing(), name)
    assert samples.IDLE.check in text
    assert "expired on 2026" in text.replace("\\", "")


def test_the_failure_stays_a_failure_in_junit_and_its_evidence_stays_readable() -> None:
    root = ET.fromstring(rendered(samples.passing(), "junit"))
    case = next(item for item in root.iter("testcase") if item.get("name") == CHECK)
    assert case.find("skipped") is not None
    told = case.findtext("system-out") or ""
    assert "expected:" in told
    assert "actual:" in told
    verdict = list(root)[-1]
    stands_on = next(item for item in verdict.iter("property") if item.get("name") == "waivers")
    assert f"{CHECK} by {WHO}" in (stands_on.get("value") or "")


def test_a_verdict_without_waivers_has_no_property_about_them() -> None:
    names = {item.get("name") for item in ET.fromstring(rendered(samples.failing(), "junit")).iter("property")}
    assert "waivers" not in names


def test_in_allure_the_failure_is_known_and_muted_and_says_who_excused_it() -> None:
    files = formats()["allure"].render(samples.passing())
    results = [json.loads(data) for key, data in files.items() if key.endswith("-result.json")]
    [result] = [item for item in results if item["name"] == CHECK]
    assert result["status"] == "failed"
    assert result["statusDetails"]["known"]
    assert result["statusDetails"]["message"].startswith(f"Waived by {WHO} (solution-engineer) until {UNTIL}")
    assert f"waivers={CHECK}".encode() in files["allure-results/environment.properties"]


def test_a_badge_says_that_the_verdict_stands_on_a_waiver() -> None:
    files = formats()["badge"].render(samples.passing())
    assert b"certified 2026-03-12, 1 waiver" in files["badge.svg"]


# — arguing for one —

ARGUE = f"certify waivers suggest reports/northwind/1 {CHECK}"


def arguing(report: Report, **changes: str) -> Report:
    findings = tuple(replace(item, **changes) if item.blocks else item for item in report.findings)  # type: ignore[arg-type]
    return replace(report, findings=findings)


@pytest.mark.parametrize("name", ["html", "summary"])
def test_a_finding_that_holds_back_says_how_to_argue_for_a_waiver(name: str) -> None:
    assert ARGUE in rendered(arguing(samples.failing(), argue=ARGUE), name)


@pytest.mark.parametrize("name", ["html", "summary"])
def test_or_why_there_can_be_none(name: str) -> None:
    text = rendered(arguing(samples.failing(), unwaivable="nobody may"), name)
    assert "nobody may" in text
    assert "certify waivers suggest" not in text


def test_the_terminal_tells_it_once_in_one_command_whatever_the_number_of_findings() -> None:
    text = in_terminal(arguing(samples.failing(), argue=ARGUE))
    assert text.count("certify waivers suggest") == 1
    assert "certify waivers suggest" not in in_terminal(samples.failing())


# — hostile words —

HOSTILE = ReportedWaiver(
    CHECK, "<script>alert(1)</script> @team\x1b[31m | [x](javascript:1)", "<img src=x>", UNTIL, "javascript:alert(1)",
    "used", role="<b>", because="</li><script>",
)  # fmt: skip


def test_hostile_words_of_a_waiver_are_shown_and_do_nothing() -> None:
    report = replace(samples.passing(), waivers=(HOSTILE, replace(HOSTILE, state="expired")))
    html, markdown, terminal = rendered(report, "html"), rendered(report, "summary"), in_terminal(report)
    assert "<script>alert" not in html
    assert "<img src=x>" not in html
    assert 'href="javascript' not in html
    assert "\x1b" not in html + markdown + terminal
    assert "<script>" not in markdown
    ET.fromstring(rendered(report, "junit"))
