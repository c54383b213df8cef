"""Peak memory of the parent while 100,000 exchanges are recorded, judged and rendered, and the size of the HTML.

The work is done in a child of its own, so that its peak is its own: it starts, imports everything, notes its peak, then
records, judges and renders, and prints how much the peak rose.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.table import Figure

EXCHANGES = 100_000


def run() -> list[Figure]:
    ended = subprocess.run([sys.executable, "-m", "tests.bench.memory"], capture_output=True, text=True, check=True)
    found = json.loads(ended.stdout)
    how = f"{EXCHANGES:,} exchanges of 2 KB, one child"
    return [
        Figure("memory above start: record, judge, render", found["megabytes"], 150, "MB", how),
        Figure("size of `report.html` of that run", found["html"], 5, "MB", how),
        Figure("judge and render that run", found["seconds"], 60, "s", how),
    ]


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _record(path: Path) -> None:
    from certify.http.recorder import Recorder
    from certify.http.redaction import Redactor
    from certify.model.codec import encode
    from certify.model.exchange import ReceivedResponse, SentRequest
    from certify.rundir import OUTCOMES, RunDirectory, Writer
    from tests.unit.facts import a_criterion, a_milestone, a_plan, failed, passed

    names = [f"area.check-{number}" for number in range(30)]
    plan = a_plan(a_milestone("first", *(a_criterion(name, name) for name in names)))
    rundir = RunDirectory.create(path, plan)
    recorder = Recorder(path, "s", Redactor())
    headers = tuple((f"X-Header-{number}", "a value of some length") for number in range(12))
    response = ReceivedResponse(200, headers, json.dumps({"items": [{"id": n, "name": "x" * 40} for n in range(12)]}))
    for number in range(EXCHANGES):
        sent = SentRequest("GET", f"http://127.0.0.1:1/things/{number}", headers)
        recorder.record(sent, response, identity="primary", operation="getThing", started=1.0)
    writer = Writer(path / OUTCOMES, "suites")
    for number, name in enumerate(names):
        writer.append(encode(failed(name) if number % 5 == 0 else passed(name)))
    rundir.seal(time.time())


def main() -> None:
    import certify.pipeline
    import certify.sources.suites  # noqa: F401
    from certify.formats.registry import formats
    from certify.pipeline import conclude
    from certify.rundir import RunDirectory

    formats()
    before = _peak()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run"
        _record(path)
        started = time.perf_counter()
        conclude(RunDirectory.open(path))
        seconds = time.perf_counter() - started
        html = (path / "report.html").stat().st_size / 1_000_000
    print(json.dumps({"megabytes": _peak() - before, "html": html, "seconds": seconds}))


if __name__ == "__main__":
    main()
