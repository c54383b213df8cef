"""The snippets of docs/pipelines.md, pasted by somebody whose sandbox has a contract of its own: it is let through."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from certify.program.shipped import shipped_root
from tests.journeys import gitlab_runner
from tests.journeys.console import sandbox_profile
from tests.journeys.github_runner import Played, play

ROOT = Path(__file__).parents[2]
CI = ROOT / ".ci"
PAGE = (ROOT / "docs" / "pipelines.md").read_text(encoding="utf-8")
VARIABLES = {"GITHUB_RUN_ID": "77", "GITHUB_RUN_ATTEMPT": "1", "GITHUB_ACTIONS": "true", "CI_PIPELINE_ID": "77"}
PATH = f"{Path(sys.executable).parent}:{os.environ['PATH']}"


@dataclass
class Pasted:
    """A workspace in which the page's first steps were taken, and its workflow was played."""

    folder: Path
    workflow: Played

    @property
    def variables(self) -> dict[str, str]:
        return {**VARIABLES, "PATH": PATH, "RUNNER_TEMP": str(self.folder.parent)}


def _console(containing: str) -> str:
    return next(block for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL) if containing in block)


def _yaml(beginning: str) -> Any:
    return next(yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
                if text.startswith(beginning))  # fmt: skip


def _shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-ec", line], cwd=folder, env={**os.environ, "PATH": PATH}, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def pasted(tmp_path_factory: pytest.TempPathFactory) -> Pasted:
    folder = tmp_path_factory.mktemp("page") / "workspace"
    folder.mkdir()
    (folder.parent / "certify-77-1").mkdir()
    (folder.parent / "certify-77-1" / "bin").symlink_to(Path(sys.executable).parent)
    shutil.copy(shipped_root() / "openapi" / "partner-api.v1.yaml", folder / "openapi.yaml")
    once = _shell(_console("certify keys new"), folder)
    assert once.returncode == 0, once.stderr
    result = Pasted(folder, Played())
    with sandbox_profile(folder) as profile:
        text = re.sub(r"^  contract: .*$", "  contract: openapi.yaml", profile.read_text("utf-8"), flags=re.MULTILINE)
        profile.write_text(text.replace("\nid: reference\n", "\nid: acme\n"), encoding="utf-8")
        step = next(step for step in _yaml("name:")["jobs"]["certify"]["steps"] if step.get("id") == "certify")
        secret = next((folder / "keys" / "ci").glob("key-*.pem")).read_text("utf-8")
        given = {name: secret if "secrets." in str(value) else value for name, value in step["with"].items()}
        result.workflow = play(CI / "github" / "action.yml", given, folder, result.variables)
    return result


def test_the_workflow_certifies_and_lets_through(pasted: Pasted) -> None:
    played = pasted.workflow

    assert (played.code, played.outputs["verdict"], played.outputs["answer"]) == (0, "certified", "granted"), played.log


def test_the_gate_by_itself_lets_through(pasted: Pasted) -> None:
    ((step),) = _yaml("- uses:")
    given = {**step["with"], "reports": "reports"}
    played = play(CI / "github" / "gate" / "action.yml", given, pasted.folder, pasted.variables)

    assert (played.code, played.outputs["answer"]) == (0, "granted"), played.log


def test_the_gate_of_the_gitlab_template_lets_through(pasted: Pasted) -> None:
    (include,) = _yaml("include:")["include"]
    declared = gitlab_runner.jobs(CI / "gitlab" / "certify.yml", include["inputs"])
    played = gitlab_runner.play(declared, "certify-gate", pasted.folder, pasted.variables)

    assert played.code == 0, played.log


def test_the_gate_in_any_shell_lets_through(pasted: Pasted) -> None:
    gate = _console("certify gate")
    ended = _shell(gate[gate.index("certify gate") :], pasted.folder)

    assert ended.returncode == 0, ended.stdout + ended.stderr
