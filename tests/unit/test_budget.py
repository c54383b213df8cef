"""The budget: one number for all processes of a run, never exceeded, whoever dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from certify.budget import Budget, Meter
from certify.errors import BudgetSpentError


def budget(folder: Path, requests: int | None = 10, until: float | None = None, reserve: int = 0) -> Budget:
    Meter.create(folder / "meter", requests=requests, until=until)
    return Budget(Meter.open(folder / "meter"), reserve)


def test_no_request_more_than_allowed_is_taken(tmp_path: Path) -> None:
    bounded = budget(tmp_path, requests=3)
    for _ in range(3):
        bounded.take()

    with pytest.raises(BudgetSpentError, match=r"0 of 3 requests are left \(--max-requests\)"):
        bounded.take()
    assert bounded.used == 3


def test_without_bounds_everything_fits(tmp_path: Path) -> None:
    free = budget(tmp_path, requests=None)
    for _ in range(100):
        free.take()
    assert free.lack(10**9, 10**9) == ""
    assert free.seconds is None


def test_what_is_created_may_always_be_taken_away(tmp_path: Path) -> None:
    bounded = budget(tmp_path, requests=4)
    bounded.take(creates=True)
    bounded.take(creates=True)

    with pytest.raises(BudgetSpentError):
        bounded.take()
    bounded.take(cleaning=True)
    bounded.take(cleaning=True)

    assert bounded.used == 4


def test_what_is_looked_up_to_clean_up_counts_but_may_be_late(tmp_path: Path) -> None:
    bounded = budget(tmp_path, requests=1, until=time.time() - 1)
    bounded.take(late=True)

    with pytest.raises(BudgetSpentError, match="max-requests"):
        bounded.take(late=True)


def test_a_create_that_was_refused_owes_nothing(tmp_path: Path) -> None:
    bounded = budget(tmp_path, requests=3)
    bounded.take(creates=True)
    bounded.settle()

    bounded.take()
    bounded.take()

    assert bounded.used == 3


def test_what_is_reserved_for_others_is_not_taken(tmp_path: Path) -> None:
    greedy = budget(tmp_path, requests=10, reserve=8)
    greedy.take()
    greedy.take()

    with pytest.raises(BudgetSpentError, match="left for this"):
        greedy.take()
    Budget(Meter.open(tmp_path / "meter")).take()


def test_when_the_time_is_up_nothing_more_is_taken(tmp_path: Path) -> None:
    late = budget(tmp_path, requests=None, until=time.time() - 1)
    with pytest.raises(BudgetSpentError, match="--max-minutes"):
        late.take()
    late.take(cleaning=True)
    assert "about 30 s" in budget(tmp_path, requests=None, until=time.time() + 20).lack(1, 30.0)


def test_processes_share_the_number_and_a_killed_one_leaves_no_lock(tmp_path: Path) -> None:
    bounded = budget(tmp_path, requests=20_000)
    code = (
        "import sys; from pathlib import Path; from certify.budget import Budget, Meter; "
        "from certify.errors import BudgetSpentError\n"
        "budget, taken = Budget(Meter.open(Path(sys.argv[1]))), 0\n"
        "print('ready', flush=True)\n"
        "try:\n"
        "    while True: budget.take(); taken += 1\n"
        "except BudgetSpentError: print(taken)"
    )
    words = [sys.executable, "-c", code, str(tmp_path / "meter")]
    children = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    os.kill(children[0].pid, signal.SIGKILL)
    children[0].communicate()

    taken = [int(child.stdout.read()) for child in children[1:] if child.stdout is not None]
    assert [child.wait(30) for child in children[1:]] == [0, 0]

    assert bounded.used == 20_000
    assert 0 < sum(taken) <= 20_000
