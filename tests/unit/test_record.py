"""Recording: in turn or side by side, behind the gate, and whole however it ends."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from certify import record as recording
from certify.errors import HarnessError
from certify.judge import condense
from certify.model.check import Stage
from certify.model.codec import encode
from certify.model.outcome import Outcome, Status
from certify.model.partner import Partner, SignIn
from certify.model.plan import Carried, Plan, PlannedCheck
from certify.record import Scene, portable, record
from certify.rundir import OUTCOMES, RunDirectory, Writer
from certify.sources.interface import Assignment, Source
from tests.unit.facts import NOW, a_check, a_criterion, a_milestone, a_plan

PARTNER = Partner("acme", "Acme", "http://127.0.0.1:1", SignIn("none"), {})


class Script(Source):
    """A source that does as it is told, and keeps what it was asked."""

    def __init__(self, name: str, stages: set[Stage], act: Callable[[Script, Assignment], None]) -> None:
        self.name = name  # type: ignore[misc]
        self.stages = frozenset(stages)  # type: ignore[misc]
        self.asked: list[str] = []
        self.stopped = threading.Event()
        self._act = act

    def record(self, assignment: Assignment) -> None:
        self.asked += [check.id for check in assignment.checks]
        self._act(self, assignment)

    def stop(self) -> None:
        self.stopped.set()

    def tell(self, assignment: Assignment, status: Status = Status.PASSED) -> None:
        writer = Writer(assignment.rundir.path / OUTCOMES, f"{self.name}-{assignment.stage}")
        for check in assignment.checks:
            writer.append(encode(Outcome(check.id, status, self.name)))
        writer.close()


def told(status: Status = Status.PASSED) -> Callable[[Script, Assignment], None]:
    return lambda source, assignment: source.tell(assignment, status)


def a_run(rate: float = 100.0) -> Plan:
    plan = a_plan(a_milestone("first", a_criterion("works", "a.gate", "a.both", "a.last")))
    checks = (
        a_check("a.gate", stage=Stage.GATE),
        a_check("a.both", ("suites", "contract")),
        a_check("a.last", stage=Stage.EXHAUST),
    )
    return replace(plan, checks=tuple(PlannedCheck(check) for check in checks), rate=rate)


def play(
    monkeypatch: pytest.MonkeyPatch, folder: Path, *sources: Source, plan: Plan | None = None
) -> tuple[RunDirectory, dict[str, str]]:
    plan = plan or a_run()
    monkeypatch.setattr(recording, "sources", lambda: {source.name: source for source in sources})
    rundir = record(Scene(plan, PARTNER, Path("api.yaml"), [folder]), folder / "run", lambda check, status: None)
    return rundir, {name: result.status for name, result in condense(plan, rundir.outcomes()).items()}


def suites(act: Callable[[Script, Assignment], None] | None = None) -> Script:
    return Script("suites", set(Stage), act or told())


def contract(act: Callable[[Script, Assignment], None] | None = None) -> Script:
    return Script("contract", {Stage.ACTIVE}, act or told())


@pytest.mark.parametrize("rate", [0.5, 5.0, 100.0], ids=["slow", "default", "shared"])
def test_every_source_has_its_turn_whatever_the_limit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, rate: float
) -> None:
    started = time.monotonic()
    rundir, statuses = play(monkeypatch, tmp_path, contract(), suites(), plan=a_run(rate))
    assert statuses == {"a.gate": "passed", "a.both": "passed", "a.last": "passed"}
    assert rundir.read_seal() is not None
    assert time.monotonic() - started < 10, "nobody waits for a gate that stands behind it in the queue"


def test_below_the_limit_that_can_be_shared_sources_take_turns(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    running: list[str] = []

    def alone(source: Script, assignment: Assignment) -> None:
        running.append(source.name)
        assert running == [source.name]
        time.sleep(0.05)
        source.tell(assignment)
        running.remove(source.name)

    _, statuses = play(monkeypatch, tmp_path, contract(alone), suites(alone), plan=a_run(rate=5.0))
    assert set(statuses.values()) == {"passed"}


def test_a_failed_gate_stops_all_other_sources_and_the_stress(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def gate_fails(source: Script, assignment: Assignment) -> None:
        source.tell(replace(assignment, checks=[c for c in assignment.checks if c.stage is Stage.GATE]), Status.FAILED)

    first, second = suites(gate_fails), contract()
    _, statuses = play(monkeypatch, tmp_path, first, second)
    assert statuses["a.last"] == "not_run"
    assert second.asked == []
    assert "a.last" not in first.asked


def test_a_gate_that_died_without_a_word_stops_them_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first, second = suites(lambda source, assignment: None), contract()
    _, statuses = play(monkeypatch, tmp_path, first, second)
    assert statuses["a.gate"] == "silent"
    assert second.asked == []
    assert "a.last" not in first.asked


def test_a_source_that_crashes_says_so_and_takes_nobody_down(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def crash(source: Script, assignment: Assignment) -> None:
        raise HarnessError("the engine broke", ["its last words"])

    rundir, statuses = play(monkeypatch, tmp_path, contract(crash), suites())
    assert statuses["a.both"] == "errored"
    assert statuses["a.last"] == "passed"
    assert any("its last words" in outcome.note for outcome in rundir.outcomes())


def test_an_interrupted_record_is_sealed_after_the_last_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def go_on_until_stopped(source: Script, assignment: Assignment) -> None:
        while not source.stopped.wait(0.01):
            source.tell(assignment)
        time.sleep(0.1)
        source.tell(assignment)

    def interrupt(source: Script, assignment: Assignment) -> None:
        source.tell(assignment)

    real_join = recording._join

    def interrupted_join(thread: threading.Thread) -> None:
        if thread.name == "contract":
            time.sleep(0.1)
            raise KeyboardInterrupt
        real_join(thread)

    monkeypatch.setattr(recording, "_join", interrupted_join)
    rundir, _ = play(monkeypatch, tmp_path, contract(go_on_until_stopped), suites(interrupt))
    seal = rundir.read_seal()
    assert seal is not None
    assert seal["interrupted"] is True
    assert list(rundir.outcomes()), "every line that was written is counted"


def test_a_record_names_no_place_of_this_machine() -> None:
    plan = a_run()
    checks = tuple(replace(p, check=replace(p.check, file="/home/me/suites/auth/test_tokens.py")) for p in plan.checks)
    plan = replace(plan, checks=checks, contract=replace(plan.contract, source="/home/me/api.yaml"))
    found: Any = encode(portable(plan, [Path("/home/me/suites")]))
    assert "/home/me" not in str(found)
    assert found["checks"][0]["check"]["file"] == "auth/test_tokens.py"
    assert plan.started == NOW


def test_what_is_carried_over_is_recorded_by_a_writer_of_its_own_and_does_not_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    plan = replace(a_run(), carried=Carried("cert-1", "run-1", NOW + 1, ("a.last",)))
    source, heard = suites(), list[str]()
    over = (Outcome("a.last", Status.PASSED, carried="run-1"),)
    monkeypatch.setattr(recording, "sources", lambda: {"suites": source})
    scene = Scene(plan, PARTNER, Path("api.yaml"), [tmp_path], carried=over)
    rundir = record(scene, tmp_path / "run", lambda check, status: heard.append(check))
    assert source.asked == ["a.gate", "a.both"]
    assert heard == ["a.gate", "a.both"]
    lines = [json.loads(line) for line in (rundir.path / OUTCOMES).read_bytes().splitlines()]
    assert [(line["check"], line["carried"]) for line in lines if line["writer"] == "carried"] == [("a.last", "run-1")]
    assert condense(plan, rundir.outcomes())["a.last"].status == Status.PASSED
