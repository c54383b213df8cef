"""Runs of long ago are judged as they were: no network, no program, no partner."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path

import pytest

from certify.errors import RunDirectoryError
from certify.model.verdict import Verdict
from certify.pipeline import conclude
from certify.rundir import EXCHANGES, OUTCOMES, SEAL, RunDirectory

GOLDEN = Path(__file__).parents[1] / "golden" / "expired-token"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunDirectory:
    """A copy of the golden run, on a machine without a network."""

    def refuse(*arguments: object) -> None:
        raise AssertionError("judging must not touch the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    return RunDirectory.open(Path(shutil.copytree(GOLDEN, tmp_path / "run")))


def test_it_is_judged_and_reported_as_it_was(run: RunDirectory) -> None:
    before = (run.path / "certification.json").read_text()
    assert conclude(run).verdict.verdict is Verdict.NOT_CERTIFIED
    assert (run.path / "certification.json").read_text() == before


def test_every_format_is_made_again(run: RunDirectory) -> None:
    conclude(run)
    for name in ("report.html", "junit.xml", "summary.md", "allure-results"):
        assert (run.path / name).exists(), name


def test_its_finding_says_what_was_expected_and_what_came_back(run: RunDirectory) -> None:
    finding = conclude(run).report.findings[0]
    assert finding.check == "auth.expired-token-rejected"
    assert finding.expected.startswith("401 for a token with an exp")
    assert finding.actual.startswith("200 OK")
    assert finding.exchanges
    assert any(line.startswith("curl ") for line in finding.again)


def test_without_its_seal_it_is_never_certified(run: RunDirectory) -> None:
    (run.path / SEAL).unlink()
    found = conclude(run)
    assert not found.report.run.complete
    assert found.verdict.verdict is not Verdict.CERTIFIED


@pytest.mark.parametrize("name", [OUTCOMES, EXCHANGES])
def test_every_line_that_is_cut_edited_or_removed_is_refused(run: RunDirectory, name: str) -> None:
    whole = (run.path / name).read_bytes().splitlines(keepends=True)
    for number in range(len(whole)):
        edited = bytearray(whole[number])
        edited[len(edited) // 3] ^= 1
        for line in (bytes(edited), whole[number][:-20], b""):
            (run.path / name).write_bytes(b"".join([*whole[:number], line, *whole[number + 1 :]]))
            with pytest.raises(RunDirectoryError, match=name):
                conclude(run)


def test_an_edited_plan_is_refused(run: RunDirectory) -> None:
    plan = json.loads((run.path / "run.json").read_text())
    plan["checks"] = plan["checks"][:1]
    (run.path / "run.json").write_text(json.dumps(plan))
    with pytest.raises(RunDirectoryError, match=r"run\.json"):
        conclude(run)
