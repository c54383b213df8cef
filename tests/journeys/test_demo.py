"""The whole line, by the command line: the honest sandbox is certified, a faulty one is not, and both say why."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import jsonschema
import pytest

from certify.program.shipped import shipped_root
from certify.program.validate import schema
from certify.sandbox.faults import all_faults
from tests.journeys.console import Ended, certify

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ended, Path]:
    folder = tmp_path_factory.mktemp("honest")
    return certify("demo", "--out", folder / "run", "--json"), folder / "run"


def test_the_honest_sandbox_is_certified_in_every_milestone(honest: tuple[Ended, Path]) -> None:
    ended, _ = honest
    told = json.loads(ended.out)
    assert ended.code == 0, ended.text
    assert ended.err == ""
    assert [item["verdict"] for item in told["milestones"]] == ["certified"] * 5
    assert told["counts"] == {"passed": 30}
    assert told["findings"] == []


def test_every_format_is_written_and_named(honest: tuple[Ended, Path]) -> None:
    ended, run = honest
    assert json.loads(ended.out)["report"] == str(run / "report.html")
    for name in ("certification.json", "report.html", "junit.xml", "summary.md", "allure-results"):
        assert (run / name).exists(), name
    assert ElementTree.parse(run / "junit.xml").getroot().get("failures") == "0"


def test_report_and_outcomes_keep_their_published_schemas(honest: tuple[Ended, Path]) -> None:
    _, run = honest
    jsonschema.validate(json.loads((run / "certification.json").read_text()), schema("report.v1"))
    validator = jsonschema.Draft202012Validator(schema("outcome.v1"))
    lines = (run / "outcomes.ndjson").read_text().splitlines()
    assert len(lines) >= 37, "thirty checks, seven of them decided by two sources"
    for line in lines:
        validator.validate(json.loads(line))


def test_every_request_is_evidence_and_none_carries_a_secret(honest: tuple[Ended, Path]) -> None:
    _, run = honest
    secrets = [file.read_text().strip() for file in (shipped_root() / "fixtures/keys").glob("*.secret")]
    assert len(secrets) >= 4
    for file in (path for path in run.rglob("*") if path.is_file()):
        text = file.read_text("utf-8", "replace")
        assert not [secret for secret in secrets if secret in text], file
        assert not re.search(r"eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}", text), f"{file} holds a token"
        assert "PRIVATE KEY" not in text


def test_the_record_names_no_place_of_this_machine(honest: tuple[Ended, Path]) -> None:
    _, run = honest
    assert str(shipped_root()) not in (run / "run.json").read_text()
    assert str(shipped_root()) not in (run / "certification.json").read_text()


def test_it_stays_within_the_cost_that_was_asked_of_it(honest: tuple[Ended, Path]) -> None:
    _, run = honest
    assert json.loads((run / "certification.json").read_text())["run"]["requests"] <= 2_500


def test_judging_again_and_rendering_again_change_nothing(honest: tuple[Ended, Path]) -> None:
    _, run = honest
    before = {path.name: path.read_bytes() for path in run.iterdir() if path.is_file()}
    assert certify("judge", run).code == 0
    assert certify("render", run).code == 0
    assert {path.name: path.read_bytes() for path in run.iterdir() if path.is_file()} == before


def test_one_format_alone_is_rendered_and_an_unknown_one_refused(honest: tuple[Ended, Path]) -> None:
    _, run = honest
    assert certify("render", run, "--format", "summary").out.split() == [str(run / "summary.md")]
    refused = certify("render", run, "--format", "sumary")
    assert refused.code == 2
    assert "did you mean 'summary'" in refused.err


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ended, Path]:
    run = tmp_path_factory.mktemp("faulty") / "run"
    words = ["demo", "--fault", "jwt-skip-exp", "--max-examples", "1", "--milestone", "authentication"]
    return certify(*words, "--out", run), run


def test_a_fault_is_exit_1_and_says_what_why_and_how_to_see_it_again(faulty: tuple[Ended, Path]) -> None:
    ended, run = faulty
    assert ended.code == 1, ended.text
    told = " ".join(ended.out.split())
    for text in (
        "tokens-validated",  # the criterion
        "401 for a token with an exp",  # expected
        "200 OK",  # what came back
        "certify demo --fault jwt-skip-exp --check auth.expired-token-rejected",  # again
        "RFC 7519 §4.1.4",
    ):
        assert text in told, text
    assert ended.out.rstrip().endswith(f"Report: {run / 'report.html'}")


def test_outside_a_terminal_progress_is_plain_lines(faulty: tuple[Ended, Path]) -> None:
    ended, _ = faulty
    assert "\x1b" not in ended.text
    assert re.search(r"^ *\d+ of \d+ +failed +auth\.expired-token-rejected$", ended.err, re.MULTILINE)


def test_a_selected_milestone_brings_those_before_it(faulty: tuple[Ended, Path]) -> None:
    report = json.loads((faulty[1] / "certification.json").read_text())
    assert [item["id"] for item in report["milestones"]] == ["connectivity", "authentication"]
    assert report["milestones"][0]["verdict"] == "certified"


def test_an_honest_control_that_fails_stops_everything_else(tmp_path: Path) -> None:
    ended = certify("demo", "--fault", "sandbox-flapping", "--out", tmp_path / "run", "--json")
    told = json.loads(ended.out)
    assert ended.code == 1
    assert told["counts"] == {"failed": 1, "not_run": 29}


def test_the_demo_offers_every_fault() -> None:
    listed = certify("sandbox", "--list-faults").out
    assert len(all_faults()) >= 46
    for name in all_faults():
        assert name in listed
