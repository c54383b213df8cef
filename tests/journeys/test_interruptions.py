"""Real kills: Ctrl-C, SIGTERM and kill -9 leave a record that is judged as far as it goes, and never certified."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.console import CERTIFY, certify, heed_ctrl_c, sandbox_profile


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with sandbox_profile(tmp_path_factory.mktemp("sandbox")) as file:
        yield file


def started(profile: Path, out: Path) -> subprocess.Popen[str]:
    """A run that has already written some outcomes."""
    words = [CERTIFY, "run", "--partner", str(profile), "--out", str(out), "--json"]
    pipe = subprocess.PIPE
    running = subprocess.Popen(words, stdout=pipe, stderr=pipe, text=True, preexec_fn=heed_ctrl_c)
    deadline = time.monotonic() + 60
    record = out / "outcomes.ndjson"
    while time.monotonic() < deadline and not (record.is_file() and record.read_text().count('"suites"') >= 3):
        time.sleep(0.05)
    assert running.poll() is None, "the run ended before it could be interrupted"
    return running


def descendants(pid: int) -> set[int]:
    """Every process that a process started, directly or not."""
    children = {
        int(child) for task in Path(f"/proc/{pid}/task").glob("*") for child in (task / "children").read_text().split()
    }
    return children.union(*(descendants(child) for child in children))


def all_gone(pids: set[int], seconds: float = 20) -> bool:
    """Whether none of the processes is left, waiting a while for it; a zombie is nobody's orphan."""
    deadline = time.monotonic() + seconds
    while any(alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not any(alive(pid) for pid in pids)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_an_interrupted_run_is_judged_as_far_as_it_went(profile: Path, tmp_path: Path, number: int) -> None:
    running = started(profile, tmp_path / "run")
    children = descendants(running.pid)
    assert children
    running.send_signal(number)
    out, err = running.communicate(timeout=30)
    told = json.loads(out)
    assert running.returncode == 3, err
    assert told["verdict"] == "unproven"
    assert told["complete"] is False
    assert "not finished" in told["notes"][0]
    assert (tmp_path / "run" / "report.html").is_file()
    assert all_gone(children)
    assert certify("judge", tmp_path / "run").code == 3


@pytest.mark.slow
def test_a_killed_run_leaves_no_orphans_and_is_never_certified(profile: Path, tmp_path: Path) -> None:
    running = started(profile, tmp_path / "run")
    children = descendants(running.pid)
    assert children
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    assert all_gone(children)
    assert certify("judge", tmp_path / "run").code in (2, 3), "a cut line is refused, a short record unproven"
