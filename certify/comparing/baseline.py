"""What a run is compared with where nobody names it: the last certified run of its partner that lies beside it.

A run that was signed comes first, because somebody stood behind it; among several the newest. Where none is signed, the
newest that its own report calls certified; whoever compares judges it again anyway.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from certify.errors import UsageError
from certify.model.certificate import CERTIFICATE
from certify.model.verdict import Verdict
from certify.report.recorded import FILE
from certify.rundir import RUN

LARGEST = 1_000_000
"""Bytes of a certificate that are looked at."""


@dataclass(frozen=True)
class Chosen:
    """A run directory, and in words why it was taken."""

    path: Path
    why: str


@dataclass(frozen=True)
class _Candidate:
    path: Path
    started: float
    signed: bool


def last_certified(path: Path, partner: str, before: float) -> Chosen:
    """The run to compare ``path`` with. Raises :class:`UsageError` where the partner has no certified one beside it.

    ``before`` is when the run started (seconds since the epoch): what came after it is not what it follows.
    """
    found = [item for item in _candidates(path, partner) if item.started < before]
    if not found:
        raise UsageError(
            f"no certified run of {partner} lies beside {path}: there is nothing to compare with",
            ["name the other run as well: certify diff EARLIER LATER"],
        )
    best = max(found, key=lambda item: (item.signed, item.started))
    what = "signed certified" if best.signed else "certified"
    told = "" if best.signed else "; none is signed"
    return Chosen(best.path, f"the last {what} run of {partner} beside it{told}")


def _candidates(path: Path, partner: str) -> Iterator[_Candidate]:
    own = path.resolve()
    for other in sorted(own.parent.iterdir()):
        if other == own or not (other / RUN).is_file():
            continue
        report = _object(other / FILE)
        if _certified(report) and report["partner"].get("id") == partner:
            yield _Candidate(other, float(report["run"].get("started") or 0), _signed(other, partner))


def _object(file: Path) -> dict[str, Any]:
    """A JSON object, empty where it cannot be read: what lies beside a run may be anybody's."""
    try:
        value = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _certified(report: dict[str, Any]) -> bool:
    shaped = isinstance(report.get("partner"), dict) and isinstance(report.get("run"), dict)
    return shaped and report.get("verdict") == Verdict.CERTIFIED and report["run"].get("complete") is True


def _signed(path: Path, partner: str) -> bool:
    """Whether a certificate lies in the run that says *certified* of the partner. Nobody verifies it here: it only
    decides which run is taken, and the comparison rests on the record."""
    file = path / CERTIFICATE
    try:
        if file.stat().st_size > LARGEST:
            return False
        payload = file.read_text("ascii").split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return bool(claims["sub"] == partner and claims["certificate"]["verdict"] == Verdict.CERTIFIED)
    except (OSError, ValueError, IndexError, KeyError, TypeError, RecursionError):
        return False
