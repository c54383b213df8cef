"""A recorded run to certify, and the certificate of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from certify.certificate.issue import Issuing, compose_certificate
from certify.model.certificate import Certificate
from certify.pipeline import conclude
from certify.rundir import RunDirectory

GOLDEN = Path(__file__).parents[2] / "golden" / "expired-token"
STARTED: float = json.loads((GOLDEN / "run.json").read_bytes())["started"]
NOW = float(int(STARTED) + 3600)
ISSUING = Issuing("Integration desk", "20261103-100000-abcd-9f86d081", NOW)


def a_run(folder: Path, name: str = "run") -> RunDirectory:
    """A copy of the golden run, judged."""
    rundir = RunDirectory.open(Path(shutil.copytree(GOLDEN, folder / name)))
    conclude(rundir)
    return rundir


def a_certificate(folder: Path) -> Certificate:
    return compose_certificate(a_run(folder), ISSUING)
