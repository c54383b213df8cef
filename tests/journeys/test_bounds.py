"""A bounded run keeps its bounds, is well-formed to the end, and says what it left undone."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from certify.model.exchange import header
from certify.model.outcome import Reason, Status
from certify.rundir import RunDirectory
from tests.journeys.console import certify, sandbox_profile


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with sandbox_profile(tmp_path_factory.mktemp("profile")) as file:
        yield file


@pytest.mark.parametrize("bound", [60, 1_000])
def test_no_request_more_is_sent_than_allowed(profile: Path, tmp_path: Path, bound: int) -> None:
    done = certify("run", "--partner", profile, "--out", tmp_path / "run", "--max-requests", bound, "--json")

    assert done.code == 3, done.err
    rundir = RunDirectory.open(tmp_path / "run")
    assert 10 < sum(1 for _ in rundir.exchanges()) <= bound
    undone = [outcome for outcome in rundir.outcomes() if outcome.reason is Reason.BUDGET]
    assert undone
    assert all(outcome.status is Status.NOT_RUN and "--max-requests" in outcome.note for outcome in undone)
    silent = {planned.check.id for planned in rundir.plan().checks} - {outcome.check for outcome in rundir.outcomes()}
    assert not silent
    assert json.loads(done.out)["complete"]
    run = rundir.plan().run_id
    named = [header(exchange.request.headers, "Certify-Run") or "" for exchange in rundir.exchanges()]
    assert {name.partition("/")[0] for name in named} == {run}


def test_generating_ends_in_time_and_says_what_it_did_not_reach(profile: Path, tmp_path: Path) -> None:
    started = time.time()
    done = certify("run", "--partner", profile, "--out", tmp_path / "run", "--max-minutes", "0.1", "--json")

    assert done.code == 3, done.err
    assert time.time() - started < 30
    generated = [outcome for outcome in RunDirectory.open(tmp_path / "run").outcomes() if outcome.source == "contract"]
    assert generated
    assert all(outcome.reason is Reason.BUDGET for outcome in generated)
    assert any("not reached" in outcome.note for outcome in generated)
    suites = {o.check: o for o in RunDirectory.open(tmp_path / "run").outcomes() if o.source == "suites"}
    assert suites["error.no-internals-leaked"].status is Status.PASSED, "what was recorded is judged all the same"
    assert suites["rate.limit-enforced"].reason is Reason.BUDGET


def test_the_plan_says_that_the_budget_will_not_do(profile: Path) -> None:
    said = certify("plan", "--partner", profile, "--max-requests", "100", "--max-minutes", "0.1").out
    assert "--max-requests allows 100" in said.replace("\n", " ")
    assert "--max-minutes allows 0.1" in said.replace("\n", " ")
    assert "budget will not do" not in certify("plan", "--partner", profile, "--max-requests", "100000").out
