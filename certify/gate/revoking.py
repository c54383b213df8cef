"""Keeping the list of what was revoked: ``revocations.jws``, one signed list that only grows.

    revoke(certificate, "a fault was found in production", Book(Path("reports/revocations.jws"), key, keys), now=now)

A list is extended only where its own signature holds: else whoever can write the file could have an honest key sign
whatever they put there. ``number`` grows by one with each list. The new one replaces the old one in a single step, and
of two who revoke at once the second waits for the first. Revoking again what is revoked already changes nothing.

What is revoked may be unverifiable itself: revoking takes away and never gives. It is entered with what it says of
itself, its run's start not later than now, so that a forged one cannot outrank the runs to come.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from certify.certificate.authentic import certificate_in, read_token
from certify.certificate.claims import from_claims
from certify.certificate.revoked import MEMBER, read_revocations
from certify.errors import OutputError, UsageError
from certify.model.certificate import AUDIENCE, Certificate, Revocation, RevocationList
from certify.model.codec import encode
from certify.signing.jws import Kind, peek, sign, trusted_key
from certify.signing.key_set import KeySet, TrustedKey, Use
from certify.signing.keyring import SigningKey

PATIENCE_S = 10.0
"""Seconds to wait for somebody else who is revoking."""


@dataclass(frozen=True)
class Book:
    """Where the list is, who signs it, and whom to believe that signed it before."""

    path: Path
    key: SigningKey
    keys: KeySet


def certificate_to_revoke(place: Path) -> Certificate:
    """The certificate in a file or in a run directory, unverified. Raises a :class:`certify.errors.CertifyError`."""
    return from_claims(peek(read_token(certificate_in(place))))


def book(path: Path, key: SigningKey, keys: KeySet | None) -> Book:
    """Without a key set, the list is believed only if this very key signed it.

    Raises :class:`certify.signing.refusal.SignatureRefused` where the key set does not trust the key with revocations:
    nobody would believe the list that it signs.
    """
    if keys is None:
        own = TrustedKey(key.kid, key.alg, key.private.public_key(), key.owner, (Use.REVOCATION,))
        return Book(path, key, KeySet((own,), "the key that signs"))
    known = trusted_key(keys, key.kid, Use.REVOCATION)
    return Book(path, SigningKey(key.kid, key.alg, key.private, known.owner), keys)


def revoke(certificate: Certificate, reason: str, kept: Book, *, now: float) -> tuple[RevocationList, bool]:
    """Enter a certificate into the list. Gives the list, and whether it is new there.

    Raises :class:`UsageError` without a reason, :class:`OutputError` where the list cannot be written, and
    :class:`certify.signing.refusal.SignatureRefused` where the one that is there cannot be believed.
    """
    if not reason.strip():
        raise UsageError("without a --reason nothing is revoked: whoever is refused has to be told why")
    with _alone(kept.path):
        there = _there(kept, now)
        if any(item.certificate == certificate.id for item in there.revoked):
            return there, False
        return _extended(there, (_entry(certificate, reason, kept, now),), kept, now), True


def sign_again(kept: Book, *, now: float) -> RevocationList:
    """Begin a list in which nothing is revoked yet, or sign the one that is there once more, with this key."""
    with _alone(kept.path):
        return _extended(_there(kept, now), (), kept, now)


def _there(kept: Book, now: float) -> RevocationList:
    return read_revocations(kept.path, kept.keys, now=now) if kept.path.exists() else RevocationList(0, 0.0)


def _extended(there: RevocationList, entries: tuple[Revocation, ...], kept: Book, now: float) -> RevocationList:
    issued = float(int(max(now, there.issued)))
    longer = RevocationList(there.number + 1, issued, (*there.revoked, *entries))
    _replace(kept.path, sign(_claims(longer, kept), kept.key, Kind.REVOCATIONS))
    return longer


def _entry(certificate: Certificate, reason: str, kept: Book, now: float) -> Revocation:
    return Revocation(
        certificate=certificate.id,
        partner=certificate.partner.id,
        reason=" ".join(reason.split()),
        at=float(int(now)),
        by=_name(kept.key),
        run=certificate.run,
        started=min(certificate.started, now),
        milestones=tuple(item.id for item in certificate.milestones),
        program=certificate.program.id,
        provenance=certificate.provenance,
    )


def _claims(longer: RevocationList, kept: Book) -> dict[str, object]:
    return {"iss": _name(kept.key), "aud": AUDIENCE, "iat": int(longer.issued), MEMBER: encode(longer)}


def _name(key: SigningKey) -> str:
    return key.owner or f"key {key.short}"


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock beside a list. It stays there: whoever removed it could remove one that somebody waits for."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}", [_ELSEWHERE]) from None
    try:
        _lock(descriptor, path)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, path: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError:
            if time.monotonic() > deadline:
                message = f"somebody else has been writing {path} for {PATIENCE_S:.0f} seconds"
                raise OutputError(message, ["see who holds the .lock file beside it, and try again"]) from None
            time.sleep(0.05)


def _replace(path: Path, token: str) -> None:
    """The old list or the new one, whatever happens; never a part of one."""
    name = ""
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as file:
            file.write(token.encode())
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)  # it holds no secret, and a pipeline has to read it
        os.replace(name, path)
    except OSError as error:
        with suppress(OSError):
            os.unlink(name)
        raise OutputError(f"{path} cannot be written: {error.strerror}", [_ELSEWHERE]) from None


_ELSEWHERE = "name a place that can be written with --list"
