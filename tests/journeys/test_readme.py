"""The README is followed literally: its commands are taken from its text and run."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from certify.cli.front import VERBS, help_text
from certify.model.verdict import Verdict
from tests.journeys.console import certify, sandbox_profile

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def commands() -> list[str]:
    """Every line of the console blocks, in order."""
    blocks = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    return [line.strip() for block in blocks for line in block.strip().splitlines()]


def test_the_two_commands_are_targets_of_the_makefile() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert commands()[:2] == ["make demo", "make test"]
    assert {"demo", "test"} <= set(targets)


@pytest.mark.slow
def test_the_five_minute_path_works_as_written(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "openapi", tmp_path / "openapi")
    steps = [line for line in commands() if "my-sandbox.yaml" in line]
    assert [shlex.split(step)[0:2] for step in steps] == [
        ["certify", "init"],
        ["certify", "sandbox"],
        ["certify", "doctor"],
        ["certify", "run"],
    ]
    with sandbox_profile(tmp_path) as profile:
        assert _follow(steps[0], tmp_path).returncode == 0
        # Step 1 either way ends with a profile; the sandbox that wrote this one is running.
        shutil.copy(profile, tmp_path / "my-sandbox.yaml")
        codes = [_follow(step, tmp_path).returncode for step in steps[2:]]
    assert codes == [0, 0]
    assert (tmp_path / "run" / "report.html").is_file()


@pytest.mark.slow
def test_the_last_step_fits_any_sandbox_that_has_a_finding(tmp_path: Path) -> None:
    """Neither check nor number are ours: they are those that the report of the run before names."""
    explain, replay = [line for line in commands() if line.startswith(("certify explain", "certify replay"))]
    check = explain.split()[-1]
    with sandbox_profile(tmp_path, ["response-type-drift"]) as profile:
        narrowed = ["run", "--partner", str(profile), "--check", check, "--out", str(tmp_path / "run")]
        assert certify(*narrowed).code == Verdict.NOT_CERTIFIED.exit_code
        (finding,) = json.loads((tmp_path / "run" / "certification.json").read_text())["findings"]
        assert replay == f"certify replay run {finding['id']}"
        assert check == finding["check"]
        assert _follow(explain, tmp_path).returncode == 0
        assert _follow(replay, tmp_path).returncode == 1, "nothing was mended"


def _follow(line: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(line, shell=True, cwd=folder, env={**os.environ, "PATH": path}, timeout=150, check=False)


def test_the_sandbox_of_the_readme_writes_its_profile_and_ends_with_a_signal(tmp_path: Path) -> None:
    line = next(line for line in commands() if line.startswith("certify sandbox"))
    words = [str(Path(sys.executable).with_name("certify")), *shlex.split(line)[1:]]
    with subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        printed = [running.stdout.readline() for _ in range(2)]
        running.terminate()
        assert running.wait(10) == 0
    assert "listens on http://127.0.0.1:" in printed[0]
    assert (tmp_path / "my-sandbox.yaml").is_file()


def test_the_verbs_of_the_readme_are_those_of_the_help() -> None:
    for name, (_, line) in VERBS.items():
        assert f"{name:9} {line}" in README
        assert f"{name:9} {line}" in certify("--help").out


def test_the_exit_codes_of_the_readme_are_those_of_the_help() -> None:
    told = dict(re.findall(r"^\| (\d) \| ([^:|]+)", README, re.MULTILINE))
    helped = dict(re.findall(r"^  (\d)  ([^:\n]+)", certify("--help").out, re.MULTILINE))
    assert {code: text.strip() for code, text in told.items()} == helped


def test_every_table_of_exit_codes_says_that_a_refused_sandbox_was_not_judged() -> None:
    """Not that nothing was sent: the preflight asks before it refuses."""
    pipelines = (ROOT / "docs" / "pipelines.md").read_text("utf-8")
    said = [
        re.findall(r"^(?:\| )? *2 +(?:\| )?(usage[^|\n]+)", text, re.MULTILINE)
        for text in (README, pipelines, help_text())
    ]
    assert [[line.strip() for line in lines] for lines in said] == [
        ["usage or configuration: the sandbox was not judged"]
    ] * 3


def test_every_link_leads_somewhere() -> None:
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
