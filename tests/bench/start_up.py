"""How long ``certify --help`` takes, in starts of an empty Python."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.bench.table import Figure, alternating, quietly

CERTIFY = str(Path(sys.executable).with_name("certify"))


def run() -> list[Figure]:
    ratio = alternating(lambda: quietly(CERTIFY, "--help"), lambda: quietly(sys.executable, "-c", "pass"), rounds=21)
    return [Figure("`certify --help`", ratio, 4, "× `python -c pass`", "median of 21 alternating pairs")]
