"""The same verdict again: an honest sandbox gives it, and whatever differs is told with whose it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from certify.program.validate import schema
from certify.sandbox.profile import render_profile
from certify.sandbox.server import start_process
from tests.journeys.console import certify
from tests.journeys.little_server import Mood, little_server, write_program, write_suite

CHECKS = ("auth.expired-token-rejected", "auth.missing-credentials-rejected", "contract.*", "page.walk-complete")
ASKED = [word for check in CHECKS for word in ("--check", check)]


def reproduced(run: Path, *options: object) -> tuple[int, dict[str, Any]]:
    done = certify("reproduce", run, "--out", run.parent / f"{run.name}-again", "--json", *options)
    told = json.loads(done.out)
    Draft202012Validator(schema("reproduction.v1")).validate(told)
    assert told["exit_code"] == done.code
    return done.code, told


def test_an_honest_sandbox_gives_the_same_and_a_fault_in_between_is_the_partners(tmp_path: Path) -> None:
    profile, run = tmp_path / "partner.yaml", tmp_path / "run"
    with start_process() as sandbox:
        port = int(sandbox.base_url.rsplit(":", 1)[1].split("/")[0])
        profile.write_text(render_profile(sandbox.base_url), encoding="utf-8")
        certify("run", "--partner", profile, "--out", run, "--max-examples", 2, "--seed", 7, *ASKED)
        same = reproduced(run)
    with start_process(("jwt-skip-exp",), port):
        code, told = reproduced(tmp_path / "run-again")

    assert (same[0], same[1]["reproduced"], same[1]["differences"]) == (0, "same", [])
    assert (code, told["reproduced"], told["harness"]) == (1, "partner", [])
    (difference,) = told["differences"]
    assert (difference["subject"], difference["whose"]) == ("auth.expired-token-rejected", "partner")
    assert difference["witness"]["differences"][0] == {"place": "status", "before": "401", "after": "200"}
    assert json.loads((tmp_path / "run-again-again" / "run.json").read_text())["seed"] == 7


class Little:
    """A recorded run of the little server, whose mood may change before it is reproduced."""

    def __init__(self, folder: Path, url: str) -> None:
        self.program, self.run = folder / "program", folder / "run"
        self.profile = write_program(self.program, url)

    def record(self) -> int:
        words = ("--partner", self.profile, "--program", self.program, "--out", self.run)
        return certify("run", *words).code


def _always(status: int) -> Mood:
    return lambda _: status


def test_a_changed_suite_is_the_harness_although_the_outcome_fell(tmp_path: Path) -> None:
    with little_server(_always(200)) as url:
        little = Little(tmp_path, url)
        assert little.record() == 0
        write_suite(little.program, status=201)
        code, told = reproduced(little.run)

    assert (code, told["reproduced"]) == (3, "cannot_tell")
    assert any(line.startswith("suites test_moody.py") for line in told["harness"])
    assert [(item["subject"], item["whose"]) for item in told["differences"]] == [("shop.moody-works", "harness")]


def test_another_harness_is_never_the_same_run_again(tmp_path: Path) -> None:
    with little_server(_always(200)) as url:
        little = Little(tmp_path, url)
        little.record()
        little.profile.write_text(little.profile.read_text() + "# a word\n")
        code, told = reproduced(little.run)

    assert (code, told["differences"]) == (3, [])
    assert told["harness"][0].startswith("profile digest")


def test_a_server_that_fails_every_second_time_is_flaky_in_every_view_and_nobody_is_accused(tmp_path: Path) -> None:
    with little_server(lambda number: 200 if number % 2 == 0 else 500) as url:
        little = Little(tmp_path, url)
        assert little.record() == 3
    with little_server(_always(200)) as url:
        little.profile.write_text(little.profile.read_text().replace(_url(little.profile), url))
        code, told = reproduced(little.run)

    for view in ("report.html", "summary.md", "junit.xml"):
        assert "failed, and did not fail again (failed, then passed)" in (little.run / view).read_text(), view
    report = json.loads((little.run / "certification.json").read_text())
    check = next(item for item in report["checks"] if item["id"] == "shop.moody-works")
    assert (check["flaky"], check["attempts"][0]["sightings"]) == (True, ["failed", "passed"])
    assert [item["actual"][:3] for item in report["findings"] if item["check"] == "shop.moody-works"] == ["500"]
    assert code == 3
    assert {item["whose"] for item in told["differences"]} == {"harness"}, "its address is another one"


def _url(profile: Path) -> str:
    return next(line.split()[-1] for line in profile.read_text().splitlines() if "base_url" in line)


def test_what_differs_within_one_run_is_unstable_and_not_the_partners(tmp_path: Path) -> None:
    """The first run sees both answers to one request, the second only good ones: nothing changed for good."""
    moods = iter([500, 200])
    with little_server(lambda _: next(moods, 200)) as url:
        little = Little(tmp_path, url)
        little.record()
        code, told = reproduced(little.run)

    assert (code, told["reproduced"]) == (3, "cannot_tell")
    assert [item["whose"] for item in told["differences"]] == ["unstable"]


def test_a_run_that_was_never_finished_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    with little_server(_always(200)) as url:
        little = Little(tmp_path, url)
        little.record()
        (little.run / "seal.json").unlink()
        done = certify("reproduce", little.run, "--out", tmp_path / "again")

    assert done.code == 2
    assert "is not complete" in done.err
    assert not (tmp_path / "again").exists()


def test_a_run_without_its_profile_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    asked: list[int] = []
    with little_server(lambda number: asked.append(number) or 200) as url:  # type: ignore[func-returns-value]
        little = Little(tmp_path, url)
        little.record()
        little.profile.unlink()
        before = len(asked)
        done = certify("reproduce", little.run)

    assert (done.code, len(asked)) == (2, before)
    assert "name it with --partner" in done.text


@pytest.mark.parametrize("directory", ["nothing", "."])
def test_what_is_no_run_is_refused(tmp_path: Path, directory: str) -> None:
    assert certify("reproduce", tmp_path / directory).code == 2
