"""Seeing it again: a finding is still failing until it is mended, and only what was not met is run again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from certify.report.recorded import read_report
from certify.rundir import RunDirectory
from certify.sandbox.profile import render_profile
from certify.sandbox.server import start_process
from tests.journeys.console import certify

FAULTS = ("undocumented-202", "response-type-drift", "jwt-skip-exp", "json-as-text-html")
CHECKS = (
    *("auth.expired-token-rejected", "contract.status-documented", "contract.schema-valid"),
    *("contract.headers-and-media-type", "auth.missing-credentials-rejected"),
)


@dataclass(frozen=True)
class Red:
    """A run with findings, and the port that its sandbox had."""

    path: Path
    profile: Path
    port: int

    def findings(self, check: str) -> list[str]:
        report = read_report(RunDirectory.open(self.path))
        return [item.id for item in report.findings if item.check == check and item.weight == "violation"]


@pytest.fixture(scope="module")
def red(tmp_path_factory: pytest.TempPathFactory) -> Red:
    folder = tmp_path_factory.mktemp("red")
    with start_process(FAULTS) as sandbox:
        port = int(sandbox.base_url.rsplit(":", 1)[1].split("/")[0])
        profile = folder / "partner.yaml"
        profile.write_text(render_profile(sandbox.base_url), encoding="utf-8")
        asked = [word for check in CHECKS for word in ("--check", check)]
        done = certify("run", "--partner", profile, "--out", folder / "run", "--max-examples", 1, *asked)
        assert done.code == 1, done.text
    return Red(folder / "run", profile, port)


def replayed(red: Red, finding: str, *options: object) -> tuple[int, dict[str, object]]:
    done = certify("replay", red.path, finding, "--json", *options)
    return done.code, json.loads(done.out)


@pytest.mark.parametrize("check", CHECKS[:4])
def test_a_finding_is_still_failing_and_then_fixed(red: Red, check: str) -> None:
    names = red.findings(check)
    assert names
    with start_process(FAULTS, red.port):
        before = [replayed(red, name) for name in names]
    with start_process((), red.port):
        after = [replayed(red, name) for name in names]

    assert {code for code, _ in before} == {1}, before
    assert all(said["after"] for _, said in before)
    assert {code for code, _ in after} <= {0, 3}, after
    assert any(code == 0 for code, _ in after), after
    assert all(said["why"] for _, said in after)


def test_a_terminal_shows_request_and_answer_before_and_now(red: Red) -> None:
    (name, *_) = red.findings("contract.status-documented")
    with start_process((), red.port):
        shown = certify("replay", red.path, name).out

    assert "Fixed" in shown
    assert shown.count("> POST http") == 2
    assert "< 202" in shown
    assert "< 201" in shown
    assert "Authorization" not in shown


def test_an_exchange_is_sent_again_by_its_id(red: Red) -> None:
    rundir = RunDirectory.open(red.path)
    cited = {name for outcome in rundir.outcomes() for finding in outcome.findings for name in finding.exchanges}
    exchange = next(e for e in rundir.exchanges() if e.signed and e.purpose != "sign-in" and e.id not in cited)
    with start_process((), red.port):
        code, said = replayed(red, exchange.id)

    assert code == 3
    assert "no finding cites" in str(said["why"])


def test_a_name_that_is_not_there_gets_the_nearest(red: Red) -> None:
    done = certify("replay", red.path, "F1x")
    assert done.code == 2
    assert "did you mean" in done.err


def test_without_a_sandbox_there_is_no_way(red: Red) -> None:
    done = certify("replay", red.path, red.findings("contract.status-documented")[0])
    assert done.code == 4
    assert "gives no answer" in done.err


def test_without_the_profile_one_has_to_be_named(red: Red, tmp_path: Path) -> None:
    elsewhere = tmp_path / "partner.yaml"
    red.profile.rename(elsewhere)
    try:
        refused = certify("replay", red.path, "F1")
        with start_process((), red.port):
            code, _ = replayed(red, red.findings("contract.status-documented")[0], "--partner", elsewhere)
    finally:
        elsewhere.rename(red.profile)

    assert refused.code == 2
    assert "--partner" in refused.err
    assert code == 0


def test_what_the_profile_forbids_is_not_sent_again(red: Red, tmp_path: Path) -> None:
    careful = tmp_path / "careful.yaml"
    text = red.profile.read_text()
    assert "allow_writes: true" in text
    careful.write_text(text.replace("allow_writes: true", "allow_writes: false"))
    with start_process(FAULTS, red.port):
        code, said = replayed(red, red.findings("contract.status-documented")[0], "--partner", careful)

    assert code == 3
    assert "allow_writes" in str(said["why"])
    assert "not the profile of the run any more" in str(said["notes"])


def test_only_what_was_not_met_is_run_again_and_the_changes_are_told(red: Red, tmp_path: Path) -> None:
    with start_process(("jwt-skip-exp",), red.port):
        done = certify("run", "--failed", red.path, "--out", tmp_path / "again", "--json")

    assert done.code == 1, done.text
    said = json.loads(done.out)
    ran = {planned.check.id for planned in RunDirectory.open(tmp_path / "again").plan().checks}
    assert "auth.missing-credentials-rejected" not in ran
    assert said["against"]["still_failing"] == ["auth.expired-token-rejected"]
    assert "contract.status-documented" in said["against"]["fixed"]
    assert said["verdict"] != "certified"
