"""A run of 100,000 exchanges, written straight into a run directory, with its report, in seconds.

write_run(path)              # every third check fails, and cites exchanges
write_run(other, later=1)    # a day later: other checks fail, and one of the first still does
"""

from __future__ import annotations

import json
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
from tests.unit.facts import a_criterion, a_milestone, a_plan

EXCHANGES_OF_A_RUN, CHECKS = 100_000, 30
HEADERS = [[f"x-header-{number}", "a value of some length"] for number in range(12)]
BODY = json.dumps({"items": [{"id": number, "name": "x" * 40} for number in range(20)]})


def write_run(path: Path, *, later: int = 0) -> Path:
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
