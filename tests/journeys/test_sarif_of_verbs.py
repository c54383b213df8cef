"""SARIF as the verbs print it: valid by its schema, and with the line that a person has to change."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.journeys.console import certify
from tests.schemas import problems

ROOT = Path(__file__).parents[2]


def _run(text: str) -> dict:
    log = json.loads(text)
    assert problems(log, "sarif-2.1.0") == []
    return log["runs"][0]


def test_lint_points_at_the_line_of_a_playbook(tmp_path):
    shutil.copytree(ROOT / "openapi", tmp_path / "openapi")
    shutil.copy(ROOT / "fixtures" / "playbook.yaml", tmp_path)
    playbook = tmp_path / "playbook.yaml"
    text = playbook.read_text(encoding="utf-8").replace("checks: [net.clock-accurate]", "checks: [net.clock-acurate]")
    playbook.write_text(text, encoding="utf-8")
    ended = certify("lint", "--program", tmp_path, "--format", "sarif")

    lines = [number for number, line in enumerate(text.splitlines(), 1) if "clock-acurate" in line]
    found = [item["locations"][0]["physicalLocation"]["region"]["startLine"] for item in _run(ended.out)["results"]]
    assert ended.code == 1, ended.text
    assert lines[0] in found


def test_nothing_to_complain_about_is_a_log_without_errors():
    ended = certify("lint", "--format", "sarif")

    assert not [item for item in _run(ended.out)["results"] if item["level"] == "error"], ended.text


def test_a_change_of_the_contract_is_told_with_its_place(tmp_path):
    old = ROOT / "openapi" / "partner-api.v1.yaml"
    new = tmp_path / "new.yaml"
    name = "\n      operationId: getLead\n"
    text = old.read_text(encoding="utf-8").replace(name, f"{name}      deprecated: true\n")
    new.write_text(text, encoding="utf-8")
    ended = certify("contract", "diff", old, new, "--format", "sarif")
    results = _run(ended.out)["results"]

    assert [item["level"] for item in results] == ["warning"], ended.text
    assert "new.yaml" in results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
