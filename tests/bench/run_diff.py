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
from pathlib import Path

from tests.bench.big_run import EXCHANGES_OF_A_RUN, write_run
from tests.bench.table import Figure

CERTIFY = str(Path(sys.executable).with_name("certify"))
ROUNDS = 3


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        runs = [write_run(Path(folder) / name, later=later) for later, name in enumerate(("before", "after"))]
        laps = [_lap(runs) for _ in range(ROUNDS)]
    how = f"two runs of {EXCHANGES_OF_A_RUN:,} exchanges of 2 KB, the slowest of {ROUNDS}"
    return [
        Figure("`certify diff` of two runs", max(seconds for seconds, _ in laps), 5, "s", how),
        Figure("peak memory of `certify diff`", max(megabytes for _, megabytes in laps), 200, "MB", "imports included"),
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


if __name__ == "__main__":
    from tests.bench.table import markdown

    print(markdown(run()))
