"""The pieces for pipelines: valid by their published schemas, pinned, and without an expression inside a script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.schemas import problems

ROOT = Path(__file__).parents[2]
CI = ROOT / ".ci"


def _documents(file: Path) -> list[object]:
    return list(yaml.safe_load_all(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("file", "schema"),
    [("github/action.yml", "github-actions"), ("github/workflow.yml", "github-workflows"),
     ("gitlab/certify.yml", "gitlab-ci")],
)  # fmt: skip
def test_each_is_what_its_published_schema_says(file, schema):
    for document in _documents(CI / file):
        document = {
            ("on" if key is True else key): value for key, value in document.items()
        }  # YAML 1.1 reads on as true
        assert problems(document, schema) == []


def test_the_action_uses_no_action_of_others_and_no_expression_in_a_script():
    (action,) = _documents(CI / "github" / "action.yml")

    for step in action["runs"]["steps"]:
        assert "uses" not in step
        assert "${{" not in step["run"]


def test_whatever_a_workflow_uses_is_pinned_by_its_full_commit():
    used = re.findall(r"uses: (\S+)", (CI / "github" / "workflow.yml").read_text(encoding="utf-8"))

    assert used
    assert [item for item in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", item)] == []


def test_every_input_of_the_action_reaches_a_step_and_every_output_comes_from_one():
    text = (CI / "github" / "action.yml").read_text(encoding="utf-8")
    (action,) = _documents(CI / "github" / "action.yml")

    for name in action["inputs"]:
        assert f"inputs.{name} " in text, name
    for output in action["outputs"].values():
        step, name = re.fullmatch(r"\$\{\{ steps\.(\w+)\.outputs\.([\w-]+) \}\}", output["value"]).groups()
        script = next(item["run"] for item in action["runs"]["steps"] if item.get("id") == step)
        assert f'echo "{name}=' in script


def test_every_input_of_the_template_reaches_a_job():
    header, body = (CI / "gitlab" / "certify.yml").read_text(encoding="utf-8").split("\n---\n")

    for name in yaml.safe_load(header)["spec"]["inputs"]:
        assert f"$[[ inputs.{name} ]]" in body, name


def test_the_scripts_of_the_template_quote_every_variable():
    _, template = _documents(CI / "gitlab" / "certify.yml")
    scripts = "\n".join(
        line for job in template.values() for line in [*job.get("before_script", []), *job.get("script", [])]
    )

    assert "inputs." not in scripts
    unquoted = re.sub(r'"[^"\n]*"', "", scripts)
    assert re.findall(r"\$[A-Z_]+", unquoted) == []
