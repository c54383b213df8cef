"""What a run is compared with where nobody names it: the last certified run of its partner that lies beside it.

A run that was signed comes first, because somebody stood behind it; among several the newest. What a report or a
certificate says only orders the candidates: each is judged again before it is taken, and one whose record does not give
*certified* is passed over, and told.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from certify.comparing.recorded import Recorded, read_run
from certify.errors import CertifyError, UsageError
from certify.model.certificate import CERTIFICATE
from certify.model.verdict import Verdict
from certify.report.recorded import FILE

LARGEST, LARGEST_REPORT = 1_000_000, 64_000_000
"""Bytes of a certificate and of a report beyond which nobody looks at them."""


@dataclass(frozen=True)
class Chosen:
    """A run, in words why it was taken, and which others were passed over."""

    run: Recorded
    why: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Candidate:
    path: Path
    started: float
    signed: bool


def last_certified(after: Recorded) -> Chosen:
    """The run to compare with. Raises :class:`UsageError` where the partner has no certified one beside it that
    started before: what came later is not what a run follows."""
    partner, passed_over = after.plan.partner.id, []
    for candidate in _candidates(after.path, partner, after.plan.started):
        try:
            recorded = read_run(candidate.path)
        except CertifyError as error:
            passed_over.append(f"{candidate.path.name} was passed over: {error.message}.")
            continue
        if recorded.report.verdict == Verdict.CERTIFIED:
            return Chosen(recorded, _why(candidate, partner), tuple(passed_over))
        passed_over.append(f"{candidate.path.name} calls itself certified, and its record does not give that.")
    raise UsageError(
        f"no certified run of {partner} lies beside {after.path}: there is nothing to compare with",
        [*passed_over, "name the other run as well: certify diff EARLIER LATER"],
    )


def _why(candidate: _Candidate, partner: str) -> str:
    what = "signed certified" if candidate.signed else "certified"
    return f"the last {what} run of {partner} beside it{'' if candidate.signed else '; none is signed'}"


def _candidates(path: Path, partner: str, before: float) -> list[_Candidate]:
    """Runs that say of themselves that they are certified, the best first. ``before`` is in seconds since the epoch."""
    found = [item for item in _beside(path, partner) if item.started < before]
    return sorted(found, key=lambda item: (item.signed, item.started), reverse=True)


def _beside(path: Path, partner: str) -> Iterator[_Candidate]:
    own = path.resolve()
    for other in sorted(own.parent.iterdir()):
        report = _object(other / FILE) if other != own else {}
        if _certified(report) and report["partner"].get("id") == partner:
            yield _Candidate(other, _started(report["run"]), _signed(other, partner))


def _started(run: dict[str, Any]) -> float:
    started = run.get("started")
    return float(started) if isinstance(started, (int, float)) else 0.0


def _object(file: Path) -> dict[str, Any]:
    """A JSON object, empty where it cannot be read: what lies beside a run may be anybody's."""
    try:
        value = json.loads(file.read_bytes()) if file.stat().st_size <= LARGEST_REPORT else None
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
