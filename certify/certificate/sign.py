"""Signing a run: ``certificate.jws`` and ``certificate.dsse.json`` into its run directory.

    sign_run(RunDirectory.open(path), signatory("key.pem", Use.CERTIFICATE), now=time.time())

A certificate is never written over another one, unless that is asked for; the approvals of the earlier one are taken
away then, because they are of other bytes and would approve nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from certify.certificate.claims import to_claims
from certify.certificate.issue import Issuing, compose_certificate
from certify.certificate.signatory import Signatory
from certify.certificate.statement import statement
from certify.errors import OutputError, UsageError
from certify.model.certificate import APPROVALS, CERTIFICATE, STATEMENT, Certificate, Provenance
from certify.rundir import RunDirectory
from certify.signing import dsse
from certify.signing.jws import Kind, sign


@dataclass(frozen=True)
class Signed:
    """What was written. ``void`` are the roles whose approvals of an earlier certificate were taken away."""

    certificate: Certificate
    path: Path
    by: Signatory
    void: tuple[str, ...] = ()

    @property
    def doubt(self) -> str:
        """What a gate will not believe of it, by what the key set says now; empty where nothing is known against it."""
        if self.certificate.provenance is Provenance.PRACTICE or self.by.known is None or self.by.gated:
            return ""
        return (
            f"it claims to be gated, and key {self.by.key.short} is trusted for practice only: "
            "a gate that asks for gated runs refuses it"
        )


def sign_run(rundir: RunDirectory, by: Signatory, *, now: float, again: bool = False) -> Signed:
    """Certify a run. Raises :class:`certify.errors.RunDirectoryError` where it is not fit for it, and
    :class:`UsageError` where it is certified already."""
    path = rundir.path / CERTIFICATE
    if path.exists() and not again:
        raise UsageError(f"{path} is there already: the run is signed", [_AGAIN])
    name = f"{rundir.plan().run_id}-{secrets.token_hex(4)}"
    certificate = compose_certificate(rundir, Issuing(by.name, name, now, gated=by.gated))
    token = sign(to_claims(certificate), by.key, Kind.CERTIFICATE).encode()
    envelope = dsse.sign(statement(certificate, token), by.key)
    try:
        void = _take_away(rundir.path / APPROVALS)
        rundir.write(STATEMENT, envelope)
        rundir.write(CERTIFICATE, token)  # last: who finds it finds all of it
    except OSError as error:
        raise OutputError(
            f"cannot write to {rundir.path}: {error.strerror}", ["make it writable, and sign again"]
        ) from None
    return Signed(certificate, path, by, void)


def _take_away(approvals: Path) -> tuple[str, ...]:
    files = sorted(approvals.glob("*.jws"))
    for file in files:
        file.unlink()
    return tuple(file.stem for file in files)


_AGAIN = "look at it with `certify verify`; --again signs anew, and takes away the approvals of the earlier certificate"
