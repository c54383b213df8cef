"""The GitHub Action, played step by step against the reference sandbox: what it publishes, and how it ends."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from tests.journeys.console import certify, sandbox_profile, write_waiver
from tests.journeys.github_runner import Played, play

ROOT = Path(__file__).parents[2]
ACTION = ROOT / ".ci" / "github" / "action.yml"
GATE = ROOT / ".ci" / "github" / "gate" / "action.yml"
ANSWERS = str(ROOT / "fixtures" / "answers.yaml")


class Trust(NamedTuple):
    """A private key as a secret of the pipeline holds it, and the key set that the gate believes."""

    private: str
    jwks: Path


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    folder = tmp_path_factory.mktemp("keys")
    made = certify("keys", "new", "--owner", "pipeline", "--gated", "--keys", folder)
    assert made.code == 0, made.text
    return Trust(next(folder.glob("*.pem")).read_text(encoding="utf-8"), folder / "keys.jwks.json")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace beside which certify is installed already, as after the first step of an earlier use in the job."""
    place = tmp_path / "temp" / "certify-77-1"
    place.mkdir(parents=True)
    (place / "bin").symlink_to(Path(sys.executable).parent)
    folder = tmp_path / "workspace"
    folder.mkdir()
    return folder


def _play(folder: Path, trust: Trust, faults: tuple[str, ...] = (), **given: str) -> Played:
    with sandbox_profile(folder, faults) as profile:
        return _played(folder, trust, partner=profile.name, **given)


def _played(folder: Path, trust: Trust, cancel: str = "", **given: str) -> Played:
    inputs = {"milestone": "connectivity", "answers": ANSWERS, "signing-key": trust.private, "jwks": str(trust.jwks),
              "gate": "true", "environment": "staging", **given}  # fmt: skip
    variables = {"RUNNER_TEMP": str(folder.parent / "temp"), "GITHUB_RUN_ID": "77",
                 "GITHUB_RUN_ATTEMPT": "1", "GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "acme/leads"}  # fmt: skip
    return play(ACTION, inputs, folder, variables, cancel)


def test_an_honest_partner_is_certified_signed_published_and_let_through(workspace, trust):
    played = _play(workspace, trust)
    run = workspace / played.outputs["run-dir"]

    assert played.code == 0, played.log
    assert played.outputs["verdict"] == "certified"
    assert played.outputs["answer"] == "granted"
    assert played.ran == ["install", "run", "sign", "publish", "gate", "End"]
    assert (run / "certificate.jws").is_file()
    assert played.commands[0][0] == "notice"
    assert played.summary.startswith("## ✅ ")
    assert "**Gate: granted**" in played.summary
    assert json.loads((run / "certification.json").read_text())["run"]["origin"]["system"] == "github-actions"
    _holds_no_secret(workspace, played, trust)


def _holds_no_secret(folder: Path, played: Played, trust: Trust) -> None:
    secret = trust.private.splitlines()[1]
    kept = [file for file in folder.rglob("*") if file.is_file() and secret.encode() in file.read_bytes()]

    assert kept == []
    assert secret not in played.log


def test_a_faulty_partner_is_published_all_the_same_and_stopped_with_the_runs_exit_code(workspace, trust):
    played = _play(workspace, trust, ("server-clock-skew-120s",))

    assert played.code == 1, played.log
    assert played.outputs["verdict"] == "not_certified"
    assert played.outputs["answer"] == "failed"
    assert [kind for kind, _, _ in played.commands][:2] == ["error", "error"]
    assert "net.clock-accurate" in played.log
    assert played.summary.startswith("## ❌ ")


def test_what_was_not_run_in_time_ends_as_unproven(workspace, trust):
    played = _play(workspace, trust, **{"max-minutes": "0.0001"})

    assert (played.code, played.outputs["verdict"], played.outputs["answer"]) == (3, "unproven", "unproven")


def test_the_key_is_in_the_environment_of_no_step_but_the_one_that_signs(workspace, trust):
    (action,) = yaml.safe_load_all(ACTION.read_text(encoding="utf-8"))
    having = [step["id"] for step in action["runs"]["steps"] if "signing-key" in str(step.get("env", {}))]

    assert having == ["sign"]


@pytest.mark.parametrize("secret", ["{env: CERTIFY_SIGNING_KEY}", "{command: [touch, pwned]}"])
def test_a_profile_gets_neither_the_key_nor_its_code_run(workspace, trust, secret):
    with sandbox_profile(workspace) as profile:
        written = yaml.safe_load(profile.read_text(encoding="utf-8"))
        written["identities"]["primary"]["client_secret"] = yaml.safe_load(secret)
        profile.write_text(yaml.safe_dump(written), encoding="utf-8")
        played = _played(workspace, trust, partner=profile.name)

    assert played.code == 2, played.log
    assert ("is not set" if "env" in secret else "a secret from a command is refused here") in played.log
    assert not (workspace / "pwned").exists()


def test_a_profile_that_speaks_for_somebody_else_is_not_run(workspace, trust):
    played = _play(workspace, trust, **{"partner-id": "acme"})

    assert played.code == 2, played.log
    assert "speaks for partner 'reference', and 'acme' was expected" in played.log
    assert not list(workspace.glob("reports/**/*"))


def test_without_a_key_there_is_no_certificate_and_the_gate_says_so(workspace, trust):
    played = _play(workspace, trust, **{"signing-key": ""})

    assert (played.code, played.outputs["verdict"], played.outputs["answer"]) == (10, "certified", "missing")


def test_a_profile_that_is_wrong_ends_with_2_and_says_so_where_people_look(workspace, trust):
    (workspace / "partner.yaml").write_text("schema: certify/partner/1\n", encoding="utf-8")
    played = _played(workspace, trust, partner="partner.yaml")

    assert played.code == 2, played.log
    assert played.outputs["run-dir"] == played.outputs["verdict"] == played.outputs["answer"] == ""
    assert played.commands[0][0] == "error"
    assert "exit code 2" in played.summary


def test_a_cancelled_job_publishes_what_was_recorded_and_is_no_grant(workspace, trust):
    with sandbox_profile(workspace) as profile:
        given = {"milestone": "", "partner": profile.name}
        played = _played(workspace, trust, cancel="reports/*/outcomes.ndjson", **given)

    assert played.code != 0, played.log
    assert played.ran == ["install", "run", "publish", "End"]
    assert played.outputs["verdict"] == "unproven"
    assert "interrupted" in played.summary
    assert (workspace / played.outputs["run-dir"] / "report.html").is_file()


def test_the_gate_can_be_left_to_a_later_job(workspace, trust):
    played = _play(workspace, trust, gate="false")

    assert (played.code, played.outputs["answer"]) == (0, "")
    assert "gate" not in played.ran


def test_the_gate_alone_answers_from_what_earlier_runs_left(workspace, trust):
    asked = {"partner-id": "reference", "milestone": "connectivity", "environment": "staging", "jwks": str(trust.jwks)}
    variables = {"RUNNER_TEMP": str(workspace.parent / "temp"), "GITHUB_RUN_ID": "77", "GITHUB_RUN_ATTEMPT": "1"}
    before = play(GATE, asked, workspace, variables)
    run = _play(workspace, trust, gate="false")
    after = play(GATE, asked, workspace, variables)

    assert (before.code, before.outputs["answer"]) == (10, "missing")
    assert before.commands == [
        ("error", "title=certify gate", "missing (exit code 10). The log above says what to do.")
    ]
    assert run.code == 0, run.log
    assert (after.code, after.outputs["answer"], after.commands) == (0, "granted", []), after.log


def test_an_older_list_of_revocations_than_the_pipeline_knows_of_is_no_grant(workspace, trust):
    played = _play(workspace, trust, **{"revocations-at-least": "3", "strict": "true"})

    assert (played.code, played.outputs["verdict"], played.outputs["answer"]) == (14, "certified", "untrusted"), (
        played.log
    )


@pytest.mark.parametrize("value", ["True", "TRUE", "yes", "1", "", "x\n::error::owned"])
@pytest.mark.parametrize("name", ["gate", "strict"])
def test_a_switch_that_is_neither_true_nor_false_is_refused_before_anything_runs(workspace, trust, name, value):
    """GitHub compares without regard to case and a shell with it: taken for false, the gate would go unasked."""
    played = _played(workspace, trust, partner="partner.yaml", **{name: value})

    assert played.code == 2, played.log
    assert "run" not in played.ran
    assert "gate" not in played.ran
    assert f"The input {name} is neither true nor false." in played.commands[0][2]
    assert "owned" not in played.log


def test_the_gate_alone_refuses_a_switch_that_is_neither_true_nor_false(workspace, trust):
    asked = {"partner-id": "reference", "milestone": "connectivity", "environment": "staging", "jwks": str(trust.jwks)}
    variables = {"RUNNER_TEMP": str(workspace.parent / "temp"), "GITHUB_RUN_ID": "77", "GITHUB_RUN_ATTEMPT": "1"}
    played = play(GATE, {**asked, "strict": "True"}, workspace, variables)

    assert (played.code, played.outputs["answer"]) == (2, "")
    assert "strict is neither true nor false" in played.log


def test_only_what_changed_since_a_certificate_runs(workspace, trust):
    for name in ("openapi", "fixtures"):
        shutil.copytree(ROOT / name, workspace / "program" / name)
    playbook = workspace / "program" / "fixtures" / "playbook.yaml"
    with sandbox_profile(workspace) as profile:
        given = {"partner": profile.name, "program": "program"}
        first = _played(workspace, trust, gate="false", **given)
        playbook.write_text(playbook.read_text().replace('version: "2026.11"', 'version: "2026.12"'))
        second = _played(workspace, trust, since=first.outputs["run-dir"], **given)
    assert second.outputs["run-dir"], second.log
    report = json.loads((workspace / second.outputs["run-dir"] / "certification.json").read_text(encoding="utf-8"))

    assert (second.code, second.outputs["answer"]) == (0, "granted"), second.log
    assert [check["id"] for check in report["checks"] if check.get("carried")], second.log


def test_a_waiver_that_the_run_took_stands_at_the_gate_as_well(workspace, trust):
    file = write_waiver(workspace, "net.clock-accurate")
    played = _play(workspace, trust, ("server-clock-skew-120s",), waivers=file.name)

    assert (played.code, played.outputs["verdict"], played.outputs["answer"]) == (0, "certified", "granted"), played.log


HOSTILE = "x$(touch pwned)`touch pwned`;touch pwned"


@pytest.mark.parametrize(
    "name",
    [
        "partner",
        "program",
        "milestone",
        "answers",
        "max-minutes",
        "environment",
        "jwks",
        "partner-id",
        "since",
        "revocations-at-least",
    ],
)
def test_no_input_is_executed(workspace, trust, name):
    (workspace / "partner.yaml").write_text("schema: certify/partner/1\n", encoding="utf-8")
    played = _played(workspace, trust, **{"partner": "partner.yaml", name: HOSTILE})

    assert played.code == 2, played.log
    assert not (workspace / "pwned").exists()


def test_what_a_partner_says_cannot_command_the_runner(workspace, trust):
    """certify's own output is printed with commands switched off: an answer that begins a line cannot set anything."""
    partner = "schema: certify/partner/1\n'\\n::set-output name=code::0\\n::error::owned': x\n"
    (workspace / "partner.yaml").write_text(partner, encoding="utf-8")
    played = _played(workspace, trust, partner="partner.yaml")

    assert "owned" in played.log
    assert {name for name, _, _ in played.commands} == {"error"}
    assert not [message for _, _, message in played.commands if "owned" in message]
    assert played.code == 2
