"""Who says so: the certificate in a file, if its signature holds and it says one thing only.

    authentic(Path("certificate.jws"), load_key_set("jwks.json"), now=time.time()).certificate.verdict

What it says may still be wrong, over, or about something else: ``verify.examine`` looks at that.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from certify.certificate.claims import from_claims
from certify.errors import CertifyError, UsageError
from certify.model.certificate import CERTIFICATE, Certificate
from certify.model.gate import Answer
from certify.rundir import RUN
from certify.signing.jws import MAX_BYTES, Kind, verify
from certify.signing.key_set import KeySet, TrustedKey, Use


class UnreadableError(CertifyError):
    """There is no file, or it cannot be read; nothing is known of what it says."""

    exit_code = Answer.UNTRUSTED.exit_code


@dataclass(frozen=True)
class Authentic:
    """A certificate, the key that vouches for it, and the digest of its file: approvals name it."""

    certificate: Certificate
    key: TrustedKey
    digest: str


def authentic(path: Path, keys: KeySet, *, now: float) -> Authentic:
    """The certificate in a file.

    Raises :class:`UnreadableError`, :class:`certify.signing.refusal.SignatureRefused` or
    :class:`certify.certificate.claims.ClaimsError`. Expiry is not looked at.
    """
    token = read_token(path)
    verified = verify(token, keys, Kind.CERTIFICATE, Use.CERTIFICATE, now=now)
    return Authentic(from_claims(verified.claims), verified.key, digest_of(token))


def digest_of(token: bytes) -> str:
    """How an approval names the certificate that it is about."""
    return f"sha256:{hashlib.sha256(token).hexdigest()}"


def certificate_in(place: Path) -> Path:
    """The certificate's file: as it is named, or in the run directory that is.

    Raises :class:`UsageError` where nothing is there that could be one: a slip of whoever types is no word about a
    certificate.
    """
    path = place / CERTIFICATE if place.is_dir() else place
    if path.is_file():
        return path
    if os.path.lexists(path):
        raise UsageError(f"{path} is not a file that could be read", [_NAME_IT])
    if path == place:
        raise UsageError(f"there is no certificate {path}", [_NAME_IT])
    raise UsageError(f"{place} holds no {CERTIFICATE}", [_SIGN_IT if (place / RUN).is_file() else _NAME_IT])


def read_token(path: Path) -> bytes:
    """The bytes of a signed file, one more than any may have at most. Raises :class:`UnreadableError`."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise UnreadableError(f"{path} is a directory", [f"name the file in it: {path / CERTIFICATE}"])
        if not stat.S_ISREG(mode):  # reading a pipe could wait for ever
            raise UnreadableError(f"{path} is not a file", [_NAME_IT])
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror}", [_NAME_IT]) from None


_SIGN_IT = "the run there was not signed: `certify sign RUN_DIR --key FILE` does"
_NAME_IT = "name the file itself, for instance RUN_DIR/certificate.jws, and see that you may read it"
