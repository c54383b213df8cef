"""What the reports of a run of 100,000 exchanges take: composed from the record, and in every format that there is.

``certify judge`` reads the record, judges, composes the report and renders it in all formats; ``certify render`` makes
the files again from the report. Each is a process of its own, from starting Python to its end; peak memory is its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from certify.formats import formats
from tests.bench.big_run import EXCHANGES_OF_A_RUN, write_run
from tests.bench.table import Figure

CERTIFY = str(Path(sys.executable).with_name("certify"))
ROUNDS = 3


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        made = write_run(Path(folder) / "run")
        judged = [_lap("judge", made, expected=1) for _ in range(ROUNDS)]
        rendered = [_lap("render", made, expected=0) for _ in range(ROUNDS)]
    how = f"{EXCHANGES_OF_A_RUN:,} exchanges of 2 KB, {len(formats())} formats, the slowest of {ROUNDS}"
    return [
        Figure("`certify judge`: read, judge, compose, render all", max(s for s, _ in judged), 20, "s", how),
        Figure("peak memory of that process, all formats", max(mb for _, mb in judged), 150, "MB", "imports included"),
        Figure("`certify render`: all formats again", max(s for s, _ in rendered), 20, "s", how),
    ]


def _lap(verb: str, made: Path, *, expected: int) -> tuple[float, float]:
    """Seconds and megabytes of one process; it has to end as expected, with every format written anew."""
    began = time.time()
    with subprocess.Popen([CERTIFY, verb, str(made)], stdout=subprocess.DEVNULL) as child:
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.time() - began
    old = [name for name in ("report.html", "checks.csv", "junit.xml") if (made / name).stat().st_mtime < began - 1]
    if child.returncode != expected or old:
        raise RuntimeError(f"certify {verb} ended with {child.returncode} and left {old} as they were")
    return seconds, usage.ru_maxrss / 1024
