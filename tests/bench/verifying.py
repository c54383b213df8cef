"""How long `certify verify` takes: one of a thousand certificates, and the certificate of a very large run."""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from certify.model.codec import encode
from certify.pipeline import conclude
from certify.rundir import EXCHANGES, RunDirectory, Writer
from tests.bench.table import Figure, quietly, seconds_of
from tests.unit.certificate.signed import WAIVER, Signed, an_exchange, everything, write_certificate
from tests.unit.certificate.signing_hands import CI

CERTIFY = str(Path(sys.executable).with_name("certify"))
STARTED = time.time() - 7200
CERTIFICATES, EXCHANGED, ROUNDS = 1_000, 100_000, 7


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        until = datetime.fromtimestamp(STARTED, UTC).date() + timedelta(days=30)
        signed = everything(Path(folder), started=STARTED, waivers=(replace(WAIVER, expires=until),))
        many = _of_many(signed)
        how = f"median of {ROUNDS} processes, with the program derived from"
        large = _large(signed)
    return [
        Figure(f"`certify verify` beside {CERTIFICATES:,} certificates", many, 0.5, "s", how),
        Figure(f"`certify verify` of a run of {EXCHANGED:,} exchanges", large, 2.0, "s", "median of 3 processes"),
    ]


def _of_many(signed: Signed) -> float:
    for number in range(1, CERTIFICATES):
        shutil.copytree(signed.run, signed.run.with_name(f"copy{number}"), copy_function=_link)
    return _median(signed, ROUNDS)


def _link(source: str, target: str) -> None:
    """A thousand run directories need not be a gigabyte."""
    Path(target).hardlink_to(source)


def _large(signed: Signed) -> float:
    """The same run with that many exchanges more, judged and signed again."""
    shutil.rmtree(signed.run)
    shutil.copytree(signed.run.with_name("copy1"), signed.run)
    writer = Writer(signed.run / EXCHANGES, "many")
    for number in range(EXCHANGED):
        writer.append(encode(an_exchange(number)))
    writer.close()
    rundir = RunDirectory(signed.run)
    rundir.seal(STARTED + 60)
    conclude(rundir, ["json"])
    write_certificate(signed.run, CI[0], now=STARTED + 3600)
    return _median(signed, 3)


def _median(signed: Signed, rounds: int) -> float:
    words = (
        CERTIFY,
        "verify",
        str(signed.certificate),
        "--jwks",
        str(signed.jwks),
        "--program",
        str(signed.program.root),
    )
    assert quietly(*words).returncode == 0
    return statistics.median(seconds_of(lambda: quietly(*words)) for _ in range(rounds))
