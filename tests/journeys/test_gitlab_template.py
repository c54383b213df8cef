"""The GitLab template, played job by job against the reference sandbox: artifacts, reports, and how each job ends."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.journeys.console import certify, sandbox_profile, write_waiver
from tests.journeys.gitlab_runner import Job, jobs, play
from tests.schemas import problems

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / ".ci" / "gitlab" / "certify.yml"
VARIABLES = {
    "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    "CI_PIPELINE_ID": "7",
    "CI_JOB_ID": "70",
}
HOSTILE = "x$(touch pwned)`touch pwned`;touch pwned"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    made = certify("keys", "new", "--owner", "pipeline", "--gated", "--keys", folder)
    assert made.code == 0, made.text
    return folder


def _pipeline(folder: Path, keys: Path, *faults: str, **given: str | bool) -> dict[str, Job]:
    """All jobs, each only where the one before it lets the pipeline go on."""
    with sandbox_profile(folder, faults) as profile:
        inputs = {
            "image": "certify",
            "partner": profile.name,
            "milestone": "connectivity",
            "environment": "staging",
            "answers": str(ROOT / "fixtures" / "answers.yaml"),
            "jwks": str(keys / "keys.jwks.json"),
            **given,
        }
        variables = {**VARIABLES, "CERTIFY_SIGNING_KEY": next(keys.glob("*.pem")).read_text()}
        declared = jobs(TEMPLATE, inputs)
        played: dict[str, Job] = {}
        for name in ("certify", "certify-sign", "certify-gate"):
            played[name] = play(declared, name, folder, variables)
            if not played[name].allowed:
                break
    return played


def test_an_honest_partner_passes_all_jobs_and_leaves_the_reports_that_gitlab_shows(tmp_path, keys):
    played = _pipeline(tmp_path, keys)

    assert [job.code for job in played.values()] == [0, 0, 0], played
    assert (tmp_path / "reports" / "7-70" / "certificate.jws").is_file()
    assert int(ET.parse(tmp_path / "junit.xml").getroot().get("errors", "1")) == 0
    quality = json.loads((tmp_path / "gl-code-quality-report.json").read_text(encoding="utf-8"))
    assert problems(quality, "gitlab-code-quality") == []


def test_a_faulty_partner_is_a_warning_in_the_first_job_and_stopped_by_the_gate(tmp_path, keys):
    played = _pipeline(tmp_path, keys, "server-clock-skew-120s")

    assert (played["certify"].code, played["certify"].allowed) == (1, True)
    assert played["certify-gate"].code == 1, played["certify-gate"].log
    assert not played["certify-gate"].allowed
    assert "net.clock-accurate" in (tmp_path / "gl-code-quality-report.json").read_text(encoding="utf-8")


def test_an_older_list_of_revocations_than_the_pipeline_knows_of_is_no_grant(tmp_path, keys):
    played = _pipeline(tmp_path, keys, **{"revocations-at-least": "3", "strict": True})

    assert [job.code for job in played.values()] == [0, 0, 14], played


def test_a_waiver_that_the_run_took_stands_at_the_gate_as_well(tmp_path, keys):
    file = write_waiver(tmp_path, "net.clock-accurate")
    played = _pipeline(tmp_path, keys, "server-clock-skew-120s", waivers=file.name)

    assert [job.code for job in played.values()] == [0, 0, 0], played


def _asked(folder: Path, variables: dict[str, str], **given: str) -> str:
    """With what words the gate is asked; a stand-in for certify tells them. The report says that it is of acme."""
    reported = folder / "reports" / "7-70"
    reported.mkdir(parents=True)
    (reported / "certification.json").write_text('{"partner": {"id": "acme"}}', encoding="utf-8")
    (folder / "certify").write_text('#!/bin/sh\necho asked: "$@"\n', encoding="utf-8")
    (folder / "certify").chmod(0o700)
    told = {**VARIABLES, "PATH": f"{folder}:{os.environ['PATH']}", **variables}
    inputs = {"image": "i", "partner": "p.yaml", "milestone": "m", "environment": "e", "jwks": "j", **given}
    return play(jobs(TEMPLATE, inputs), "certify-gate", folder, told).log


@pytest.mark.parametrize(("told", "strict"), [("true", True), ("True", True), ("yes", True), ("false", False)])
def test_whatever_is_not_false_is_strict(tmp_path, told, strict):
    """A variable of the project wins over the template's, and nothing checks what it says."""
    asked = _asked(tmp_path, {"CERTIFY_STRICT": told})

    assert "asked: gate --partner acme" in asked
    assert ("--strict" in asked) is strict


def test_the_gate_is_asked_about_the_partner_that_the_pipeline_expects_and_its_profile(tmp_path):
    asked = _asked(tmp_path, {}, **{"partner-id": "globex"})

    assert "asked: gate --partner globex" in asked
    assert "--profile p.yaml" in asked


def test_what_is_no_answer_ends_the_pipeline_at_once(tmp_path, keys):
    played = _pipeline(tmp_path, keys, milestone="no-such-milestone")

    assert list(played) == ["certify"]
    assert played["certify"].code == 2


def test_a_key_that_is_not_there_is_no_certificate_and_no_grant(tmp_path, keys):
    played = _pipeline(tmp_path, keys, key="NO_SUCH_VARIABLE")

    assert list(played) == ["certify", "certify-sign"]
    assert played["certify-sign"].code == 2
    assert "NO_SUCH_VARIABLE" in played["certify-sign"].log


def test_the_job_that_reads_the_profile_has_no_key_even_where_its_variable_reaches_every_job(tmp_path, keys):
    profile = (
        "schema: certify/partner/1\nid: a\nname: A\ntarget: {base_url: 'http://127.0.0.1:9'}\n"
        "sign_in: {kind: bearer}\nidentities: {primary: {token: {env: CERTIFY_SIGNING_KEY}}}\n"
    )
    (tmp_path / "evil.yaml").write_text(profile, encoding="utf-8")
    played = _pipeline(tmp_path, keys, partner="evil.yaml")

    assert played["certify"].code == 2
    assert "'CERTIFY_SIGNING_KEY' is not set" in played["certify"].log


def test_a_profile_that_speaks_for_somebody_else_is_not_run(tmp_path, keys):
    played = _pipeline(tmp_path, keys, **{"partner-id": "acme"})

    assert played["certify"].code == 2
    assert "speaks for partner 'reference', and 'acme' was expected" in played["certify"].log


@pytest.mark.parametrize("name", ["partner", "program", "milestone", "answers", "reports", "key", "jwks", "source"])
def test_no_input_is_executed(tmp_path, keys, name):
    given = {"image": "i", "partner": "p", "milestone": "m", "environment": "e", "jwks": "j", name: HOSTILE}
    for job in ("certify", "certify-sign", "certify-gate"):
        played = play(jobs(TEMPLATE, given), job, tmp_path, VARIABLES)
        assert played.code != 0

    assert not (tmp_path / "pwned").exists()
