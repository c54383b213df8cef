"""The command line as a person uses it: words in, exit code and text out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from certify.sandbox.profile import render_profile
from certify.sandbox.server import start_process

CERTIFY = str(Path(sys.executable).with_name("certify"))


@dataclass(frozen=True)
class Ended:
    """How a command ended. ``text`` is all that a person saw."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


def certify(*words: object, folder: Path | None = None, **variables: str) -> Ended:
    """Run ``certify`` and wait for its end. Colours are off, as in a pipeline."""
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100", **variables}
    ended = subprocess.run(
        [CERTIFY, *map(str, words)],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        timeout=150,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


@contextmanager
def sandbox_profile(folder: Path, faults: Sequence[str] = ()) -> Iterator[Path]:
    """A running reference sandbox, and the profile that points at it."""
    with start_process(faults) as sandbox:
        profile = folder / "partner.yaml"
        profile.write_text(render_profile(sandbox.base_url), encoding="utf-8")
        yield profile


def heed_ctrl_c() -> None:
    """What a shell starts in the background ignores Ctrl-C, and so does all that it starts: also these tests."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def write_waiver(folder: Path, check: str) -> Path:
    """A file that excuses a check of the reference partner for a month."""
    today = datetime.now(UTC).date()
    file = folder / "waivers.yaml"
    file.write_text(
        f"schema: certify/waivers/1\nwaivers:\n  - check: {check}\n    partner: reference\n"
        "    reason: The clock is set by hand until its service is back, which is planned for this month.\n"
        f"    approver: {{name: Ada Byron, role: solution-engineer}}\n    granted: {today}\n"
        f"    expires: {today + timedelta(days=30)}\n    link: https://platform.example/waivers/31\n",
        encoding="utf-8",
    )
    return file
