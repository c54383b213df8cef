"""How long the demo and the self test take."""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from tests.bench.table import Figure, quietly, seconds_of

CERTIFY = str(Path(sys.executable).with_name("certify"))


def _demo() -> None:
    with tempfile.TemporaryDirectory() as folder:
        quietly(CERTIFY, "demo", "--out", str(Path(folder) / "run"))


def run() -> list[Figure]:
    demo = statistics.median(seconds_of(_demo) for _ in range(3))
    selftest = seconds_of(lambda: quietly(CERTIFY, "selftest"))
    return [
        Figure("`certify demo`, thirty checks", demo, 45, "s", "median of 3"),
        Figure("`certify selftest`, thirty checks and all faults", selftest, 60, "s", "one run"),
    ]
