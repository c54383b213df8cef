"""The pieces for pipelines: valid by their published schemas, pinned, and without an expression inside a script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from certify.formats import formats
from certify.model.gate import Answer
from tests.schemas import problems

ROOT = Path(__file__).parents[2]
CI = ROOT / ".ci"


def _documents(file: Path) -> list[object]:
    return list(yaml.safe_load_all(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("file", "schema"),
    [("github/action.yml", "github-actions"), ("github/gate/action.yml", "github-actions"),
     ("github/workflow.yml", "github-workflows"), ("gitlab/certify.yml", "gitlab-ci")],
)  # fmt: skip
def test_each_is_what_its_published_schema_says(file, schema):
    for document in _documents(CI / file):
        document = {
            ("on" if key is True else key): value for key, value in document.items()
        }  # YAML 1.1 reads on as true
        assert problems(document, schema) == []


ACTIONS = [CI / "github" / "action.yml", CI / "github" / "gate" / "action.yml"]


@pytest.mark.parametrize("file", ACTIONS, ids=lambda file: file.parent.name)
def test_an_action_uses_no_action_of_others_and_no_expression_in_a_script(file):
    (action,) = _documents(file)

    for step in action["runs"]["steps"]:
        assert "uses" not in step
        assert "${{" not in step["run"]


def test_whatever_a_workflow_uses_is_pinned_by_its_full_commit():
    used = re.findall(r"uses: (\S+)", (CI / "github" / "workflow.yml").read_text(encoding="utf-8"))

    assert used
    assert [item for item in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", item)] == []


@pytest.mark.parametrize("file", ACTIONS, ids=lambda file: file.parent.name)
def test_every_input_of_an_action_reaches_a_step_and_every_output_comes_from_one(file):
    (action,) = _documents(file)

    for name in action["inputs"]:
        assert f"inputs.{name} " in file.read_text(encoding="utf-8"), name
    for output in action["outputs"].values():
        step, name = re.fullmatch(r"\$\{\{ steps\.(\w+)\.outputs\.([\w-]+) \}\}", output["value"]).groups()
        script = next(item["run"] for item in action["runs"]["steps"] if item.get("id") == step)
        called = "".join((CI / "github" / name).read_text() for name in re.findall(r"/(\w+\.sh)", script))
        assert f"{name}=" in script + called


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


def test_the_page_shows_the_workflow_as_it_was_tested_and_names_every_format():
    page = (ROOT / "docs" / "pipelines.md").read_text(encoding="utf-8")
    workflow = (CI / "github" / "workflow.yml").read_text(encoding="utf-8")

    assert f"```yaml\n{workflow.partition(chr(10))[2]}```" in page
    assert [name for name in formats() if f"| `{name}` |" not in page] == []


def test_the_page_says_what_to_do_on_every_answer_of_the_gate():
    page = (ROOT / "docs" / "pipelines.md").read_text(encoding="utf-8")

    for answer in Answer:
        assert re.search(rf"^\| {answer.exit_code} \| ", page, re.MULTILINE), answer
        if answer.exit_code >= 10:
            assert f"| {answer.exit_code} | {answer.value.replace('-', ' ')}" in page


def test_the_gitlab_snippet_gives_every_input_that_has_no_default():
    page = (ROOT / "docs" / "pipelines.md").read_text(encoding="utf-8")
    snippet = yaml.safe_load(re.search(r"```yaml\n(include:.*?)```", page, re.DOTALL)[1])
    header, _ = _documents(CI / "gitlab" / "certify.yml")
    given = snippet["include"][0]["inputs"]
    declared = header["spec"]["inputs"]

    assert set(given) <= set(declared)
    assert {name for name, item in declared.items() if "default" not in (item or {})} <= set(given)


def test_the_snippet_of_the_gate_alone_gives_what_its_action_takes():
    page = (ROOT / "docs" / "pipelines.md").read_text(encoding="utf-8")
    ((step,),) = [yaml.safe_load(text) for text in re.findall(r"```yaml\n(- uses:.*?)```", page, re.DOTALL)]
    (action,) = _documents(CI / "github" / "gate" / "action.yml")

    assert set(step["with"]) <= set(action["inputs"])
    assert {name for name, item in action["inputs"].items() if item.get("required")} <= set(step["with"])
