"""What a suites child is told to do: a small file written by the parent, read by the pytest plugin."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from certify.model.codec import decode, encode


@dataclass(frozen=True)
class Job:
    """Paths as text. ``checks`` in the order in which they run; ``rate`` in requests per second, None for no bound.

    ``gate`` is the check that everything stands on; ``writer`` names the chains of lines; ``ledger`` is where creates
    are entered, empty where nothing may be written; ``meter`` the file of pace and budget that all processes share.
    ``scout`` says to record which operation serves as what.
    """

    partner: str
    contract: str
    run: str
    run_id: str
    checks: tuple[str, ...]
    gate: str
    writer: str
    rate: float | None = None
    ledger: str = ""
    scout: bool = False
    meter: str = ""

    def save(self, path: Path) -> Path:
        path.write_text(json.dumps(encode(self)), encoding="utf-8")
        return path

    @classmethod
    def load(cls, path: Path) -> Job:
        return decode(cls, json.loads(path.read_text(encoding="utf-8")))
