"""How long ``certify doctor`` takes against a responsive sandbox on loopback, from starting Python to the last line."""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from certify.sandbox.profile import render_profile
from certify.sandbox.server import start_process
from tests.bench.table import Figure, quietly, seconds_of

CERTIFY = str(Path(sys.executable).with_name("certify"))
ROUNDS = 5


def run() -> list[Figure]:
    with start_process() as sandbox, tempfile.TemporaryDirectory() as folder:
        profile = Path(folder) / "partner.yaml"
        profile.write_text(render_profile(sandbox.base_url), encoding="utf-8")
        times = [seconds_of(lambda: _healthy(profile)) for _ in range(ROUNDS)]
    how = f"median of {ROUNDS}, every examination, writes allowed"
    return [Figure("`certify doctor`, local sandbox", statistics.median(times), 3, "s", how)]


def _healthy(profile: Path) -> None:
    ended = quietly(CERTIFY, "doctor", "--partner", str(profile))
    if ended.returncode:
        raise RuntimeError(f"the doctor ended with exit code {ended.returncode}, so nothing was measured")
