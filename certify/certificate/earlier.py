"""Earlier runs of the same partner, found beside a run: whoever retried until it was green says so by signing.

What they say stands in files that anybody could edit or delete, and is told as found, not vouched for. Reading is
bounded, and foreign files are passed over.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from certify.model.certificate import DIGESTED, EarlierRun

LOOKED_AT = 200
"""Folders looked at, the newest names first: run ids begin with the time."""
TOLD = 50
"""Runs named on a certificate, the newest."""
MAX_BYTES = 64 * 1024 * 1024
NOT_JUDGED = "not-judged"


def earlier_runs(run: Path, partner: str) -> tuple[EarlierRun, ...]:
    """The other runs of that partner in the folder in which a run lies, oldest first."""
    try:
        beside = sorted((item for item in run.resolve().parent.iterdir() if _is_run(item)), reverse=True)
    except OSError:
        return ()
    others = (item for item in beside[:LOOKED_AT] if item.name != run.resolve().name)
    found = sorted(item for folder in others for item in _of(folder, partner))
    return tuple(EarlierRun(name, started, _verdict(folder)) for started, name, folder in found[-TOLD:])


def _is_run(folder: Path) -> bool:
    return folder.is_dir() and not folder.is_symlink() and (folder / DIGESTED["plan"]).is_file()


def _of(folder: Path, partner: str) -> Iterator[tuple[float, str, Path]]:
    """When a run of that partner started, its id and its folder; nothing where the folder holds none."""
    plan = _read(folder / DIGESTED["plan"])
    try:
        started, name = float(plan["started"]), str(plan["run_id"])[:100]
        if plan["partner"]["id"] == partner and math.isfinite(started):
            yield started, name, folder
    except (KeyError, TypeError, ValueError, OverflowError):
        return


def _verdict(folder: Path) -> str:
    verdict = _read(folder / DIGESTED["report"]).get("verdict")
    return verdict[:40] if isinstance(verdict, str) else NOT_JUDGED


def _read(file: Path) -> dict[str, Any]:
    """An object of JSON, or an empty one where there is none to be read."""
    try:
        value = json.loads(file.read_bytes()) if file.stat().st_size <= MAX_BYTES else None
    except (OSError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
