"""How long ``certify replay`` takes: a finding that one answer decides, and one whose whole check is run again."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from certify.sandbox.profile import render_profile
from certify.sandbox.server import start_process
from tests.bench.table import Figure, quietly, seconds_of

CERTIFY = str(Path(sys.executable).with_name("certify"))
ROUNDS = 5
KINDS = {
    "contract.status-documented": "`certify replay`, one request",
    "auth.expired-token-rejected": "`certify replay`, the whole check again",
}


def run() -> list[Figure]:
    with start_process(("undocumented-202", "jwt-skip-exp")) as sandbox, tempfile.TemporaryDirectory() as folder:
        profile, path = Path(folder) / "partner.yaml", Path(folder) / "run"
        profile.write_text(render_profile(sandbox.base_url), encoding="utf-8")
        asked = [word for check in KINDS for word in ("--check", check)]
        quietly(CERTIFY, "run", "--partner", str(profile), "--out", str(path), "--max-examples", "1", *asked)
        return [_figure(path, check, what) for check, what in KINDS.items()]


def _figure(path: Path, check: str, what: str) -> Figure:
    findings = json.loads((path / "certification.json").read_bytes())["findings"]
    name = next(item["id"] for item in findings if item["check"] == check)

    def replay() -> None:
        ended = subprocess.run([CERTIFY, "replay", str(path), name], capture_output=True, check=False)
        assert ended.returncode == 1, ended.stdout + ended.stderr

    median = statistics.median(seconds_of(replay) for _ in range(ROUNDS))
    return Figure(what, median, 1.5, "s", f"median of {ROUNDS}, on a finding that is still failing")


if __name__ == "__main__":
    from tests.bench.table import markdown

    print(markdown(run()))
