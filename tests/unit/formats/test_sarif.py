"""SARIF 2.1.0: what lint and the contract diff find, in a log that its schema accepts, whatever stands in the texts."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote

import pytest

from certify.formats.sarif import MOST_RESULTS, SarifResult, SarifRule, changes_sarif, lint_sarif, sarif
from certify.model.change import Change, ChangeKind, ChangeRule, Direction
from certify.model.lint import LintFinding, LintLevel, LintReport, LintRule
from tests.schemas import problems
from tests.unit.formats.sample_extremes import HOSTILE

RULES = [
    SarifRule("unknown-check", "A criterion binds a check that does not exist.", "Correct its id.", "error"),
    SarifRule("waiver-unused", "A waiver excuses nothing."),
]
RESULTS = [
    SarifResult("waiver-unused", "warning", "It excuses nothing.", "program/waivers.yaml", 12, 3, "/waivers/0"),
    SarifResult("unknown-check", "error", "No check is called `auth.exprd`.", "program/playbook.yaml", 40),
]
ROOT = Path("/srv/checkout")


def _run(rules=RULES, results=RESULTS):
    log = json.loads(sarif(rules, results, root=ROOT))
    assert problems(log, "sarif-2.1.0") == []
    return log["runs"][0]


def test_a_result_points_at_its_rule_and_its_line():
    run = _run()
    first = run["results"][0]

    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == first["ruleId"] == "waiver-unused"
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "program/waivers.yaml", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 12, "startColumn": 3}
    assert first["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "/waivers/0"}]


def test_nothing_found_is_a_log_without_results_and_not_an_empty_file():
    assert _run(results=[])["results"] == []


def test_a_rule_that_nobody_described_is_there_all_the_same():
    run = _run([], RESULTS[:1])

    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["waiver-unused"]


def test_a_result_keeps_its_fingerprint_when_lines_move():
    moved = [SarifResult("waiver-unused", "warning", "other words", "program/waivers.yaml", 90, 1, "/waivers/0")]
    before, after = (_run(results=items)["results"][0]["partialFingerprints"] for items in (RESULTS, moved))

    assert before == after
    assert before != _run()["results"][1]["partialFingerprints"]


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("a b#c?.yaml", "a%20b%23c%3F.yaml"),
        ("/srv/checkout/p.yaml", "p.yaml"),
        ("/elsewhere/p.yaml", "file:///elsewhere/p.yaml"),
        ("../p.yaml", "file:///srv/p.yaml"),
    ],
)
def test_a_file_is_a_uri_reference_below_the_sources_where_it_lies_there(file, uri):
    place = _run(results=[SarifResult("r", "note", "m", file)])["results"][0]["locations"][0]["physicalLocation"]

    assert place["artifactLocation"]["uri"] == uri
    assert "region" not in place


def test_hostile_text_stays_text():
    result = SarifResult(HOSTILE, "error", HOSTILE, HOSTILE.replace("\x00", ""), 1, place=HOSTILE)
    run = _run([SarifRule(HOSTILE, HOSTILE, HOSTILE)], [result])
    message = run["results"][0]["message"]["text"]

    assert "\\[link\\](https://evil.example)" in message  # §3.11.6: an unescaped bracket would be a link
    assert "\x1b" not in json.dumps(run, ensure_ascii=False)
    assert "evil.example" in unquote(run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])


def test_far_too_much_is_cut_and_said():
    run = _run(results=RESULTS * MOST_RESULTS)

    assert len(run["results"]) == MOST_RESULTS
    assert "5,000 more results" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


def test_changes_of_a_contract_are_errors_warnings_and_notes():
    kinds = dict(zip(ChangeKind, ("error", "note", "warning"), strict=True))
    rules = {f"r-{kind}": ChangeRule(f"r-{kind}", kind, Direction.NONE, "It changed", "Because.") for kind in kinds}
    told = ("getLead", "/paths/~1leads", "a", "b", "It is gone.", "new.yaml", 7)
    changes = [Change(f"r-{kind}", kind, Direction.NONE, *told) for kind in kinds]
    log = json.loads(changes_sarif(changes, rules, root=ROOT))

    assert problems(log, "sarif-2.1.0") == []
    said = {item["ruleId"]: (item["level"], item["message"]["text"]) for item in log["runs"][0]["results"]}
    assert said == {f"r-{kind}": (level, "getLead: It is gone.") for kind, level in kinds.items()}


def test_the_schema_refuses_what_is_not_sarif():
    log = json.loads(sarif(RULES, RESULTS, root=ROOT))
    log["runs"][0]["results"][0]["level"] = "fatal"

    assert problems(log, "sarif-2.1.0")


def test_lint_findings_are_results_of_their_rules_with_advice_in_the_message():
    rule = LintRule("waiver/expired", LintLevel.ERROR, "A waiver has expired.", "It excuses nothing any more.")
    finding = LintFinding(rule.id, LintLevel.ERROR, "It ended on 2026-01-31.", "waivers.yaml", 4, 3,
                          "waivers[0].expires", "Remove it, or argue again.")  # fmt: skip
    log = json.loads(lint_sarif(LintReport((finding,), {rule.id: rule}), root=ROOT))
    (result,) = log["runs"][0]["results"]

    assert problems(log, "sarif-2.1.0") == []
    assert (result["ruleId"], result["level"]) == ("waiver/expired", "error")
    assert result["message"]["text"] == "It ended on 2026-01-31. Remove it, or argue again."
    assert result["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "waivers[0].expires"}]
