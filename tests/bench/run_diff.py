"""What ``certify diff`` takes for two runs of 100,000 exchanges each, from starting Python to the last line.

The runs differ as runs do: checks newly fail, pass and fail on with other evidence, and their findings cite exchanges
that have to be found in the record. Lines are written straight into the run directories, and the reports made as a run
makes them, outside of what is measured. Peak memory is the child's own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from certify.model.codec import encode
from certify.model.outcome import Finding, Outcome, Status
from certify.model.plan import Plan
from certify.pipeline import conclude
from certify.rundir import EXCHANGES, OUTCOMES, RunDirectory, Writer
from tests.bench.table import Figure
from tests.unit.facts import a_criterion, a_milestone, a_plan

CERTIFY = str(Path(sys.executable).with_name("certify"))
EXCHANGES_OF_A_RUN, CHECKS, ROUNDS = 100_000, 30, 3
HEADERS = [[f"x-header-{number}", "a value of some length"] for number in range(12)]
BODY = json.dumps({"items": [{"id": number, "name": "x" * 40} for number in range(20)]})


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        runs = [_write(Path(folder) / name, later=later) for later, name in enumerate(("before", "after"))]
        laps = [_lap(runs) for _ in range(ROUNDS)]
    how = f"two runs of {EXCHANGES_OF_A_RUN:,} exchanges of 2 KB, the slowest of {ROUNDS}"
    return [
        Figure("`certify diff` of two runs", max(seconds for seconds, _ in laps), 5, "s", how),
        Figure("peak memory of that process", max(megabytes for _, megabytes in laps), 200, "MB", "imports included"),
    ]


def _lap(runs: list[Path]) -> tuple[float, float]:
    """Seconds and megabytes of one comparison."""
    started = time.perf_counter()
    with subprocess.Popen([CERTIFY, "diff", *map(str, runs), "--json"], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        told = json.loads(child.stdout.read())
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    witnessed = sum(check["witness"] is not None for check in told["checks"])
    if child.returncode != 1 or told["notes"] or not witnessed or told["after"]["requests"] != EXCHANGES_OF_A_RUN:
        raise RuntimeError(f"the comparison is not the one that was to be measured: {told['notes']}, {witnessed}")
    return seconds, usage.ru_maxrss / 1024


def _write(path: Path, *, later: int) -> Path:
    """A run directory with its report. Every third check fails in one of the runs, and one in both."""
    names = [f"area.check-{number}" for number in range(CHECKS)]
    rundir = RunDirectory.create(path, _plan(names, later))
    writer = Writer(path / EXCHANGES, "s")
    batch: list[bytes] = []
    for record in _exchanges(names, later):
        batch.append(writer.line(record))
        if len(batch) == 500:
            writer.hand_over(b"".join(batch))
            batch.clear()
    writer.hand_over(b"".join(batch))
    writer.close()
    outcomes = Writer(path / OUTCOMES, "suites")
    for number, name in enumerate(names):
        outcomes.append(encode(_outcome(name, number, later)))
    outcomes.close()
    rundir.seal(time.time())
    conclude(rundir, ("json",))
    return path


def _plan(names: list[str], later: int) -> Plan:
    plan = a_plan(a_milestone("first", *(a_criterion(name, name) for name in names)))
    return replace(plan, run_id=f"run-{later}", started=plan.started + later)


def _failing(number: int, later: int) -> bool:
    return number % 3 == later or number == CHECKS - 1


def _outcome(name: str, number: int, later: int) -> Outcome:
    if not _failing(number, later):
        return Outcome(name, Status.PASSED)
    cited = tuple(f"s-{number + CHECKS * place:06}" for place in (900, 901, 902))
    finding = Finding("401", f"20{later} OK", exchanges=cited, operations=("getThing",), cause="401|200")
    return Outcome(name, Status.FAILED, findings=(finding,))


def _exchanges(names: list[str], later: int) -> Iterator[dict[str, Any]]:
    """As the recorder writes them. What a failing check sent was answered otherwise than in the other run."""
    for number in range(EXCHANGES_OF_A_RUN):
        check, url = number % CHECKS, f"http://127.0.0.1:1/things/{number}"
        status = 200 if _failing(check, later) else 401
        yield {
            "id": f"s-{number:06}", "check": names[check], "operation": "getThing", "identity": "primary",
            "purpose": "probe",
            "request": {"method": "GET", "url": url, "headers": HEADERS, "body": None},
            "started": 1.0,
            "response": {"status": status, "headers": HEADERS, "body": BODY, "seconds": 0.01, "truncated": False},
            "error": None, "tags": [], "signed": "primary",
        }  # fmt: skip


if __name__ == "__main__":
    from tests.bench.table import markdown

    print(markdown(run()))
