"""The private key that signs: from a file that only its owner can read, or from a variable of the environment.

A private key is read for the moment in which it is needed. It is never written anywhere but into its key directory,
never into a run directory, and appears in no message and no ``repr``.
"""

from __future__ import annotations

import os
import stat
import time
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from certify.errors import KeyMaterialError
from certify.rundir import RUN
from certify.signing.algorithms import PrivateKey, algorithm_of
from certify.signing.jwk import thumbprint
from certify.signing.key_set import TrustedKey, load_key_set

VARIABLE = "env:"
MAX_BYTES = 16 * 1024
KEY_SET = "keys.jwks.json"
"""The public halves of the keys of a directory, beside their private ones."""
_NEW = "certify keys new makes a key"


@dataclass(frozen=True)
class SigningKey:
    """A key that signs. ``owner`` is what the key set beside its file says, empty where there is none."""

    kid: str
    alg: str
    private: PrivateKey = field(repr=False)
    owner: str = ""

    @property
    def short(self) -> str:
        """Enough of the name for a person to tell keys apart."""
        return self.kid[:12]


def load_signing_key(reference: str) -> SigningKey:
    """The key of ``FILE`` or ``env:NAME``, in PEM. Raises :class:`KeyMaterialError`."""
    if "-----BEGIN" in reference or '"kty"' in reference:
        raise KeyMaterialError(
            "the key itself was given where FILE or env:NAME names where it is",
            ["command lines are seen by others and kept in histories: make a new key, and name its file"],
        )
    if reference.startswith(VARIABLE):
        return _key(_variable(reference.removeprefix(VARIABLE)), reference)
    path = Path(reference)
    outside_of_runs(path)
    key = _key(_private_file(path), reference)
    known = _beside(path, key.kid)
    if known is None:
        return key
    if known.status == "revoked":
        raise KeyMaterialError(
            f"key {key.short} in {path} was revoked: nobody believes what it signs", [_NEW, "certify keys list"]
        )
    if not known.in_force(time.time()):
        raise KeyMaterialError(
            f"key {key.short} in {path} is retired: what it signs now is refused",
            ["certify keys list names the others"],
        )
    return SigningKey(key.kid, key.alg, key.private, known.owner)


def outside_of_runs(path: Path) -> None:
    """Raise where a private key would lie in a run directory: these are sent around and published."""
    for folder in (*path.absolute().parents, *path.resolve().parents):
        if (folder / RUN).is_file():
            raise KeyMaterialError(
                f"{path} lies in the run directory {folder}, which is made to be handed around",
                ["keep private keys elsewhere: certify keys new writes into ~/.config/certify/keys"],
            )


def _variable(name: str) -> bytes:
    value = os.environ.get(name)
    if value is None:
        raise KeyMaterialError(f"the variable {name!r} is not set", [f"export {name} with the private key, in PEM"])
    if not value.strip():
        raise KeyMaterialError(f"the variable {name!r} is empty", ["it has to hold the private key, in PEM"])
    if "\\n" in value:
        raise KeyMaterialError(
            f"the variable {name!r} holds a backslash and an n where the lines of a PEM should end",
            [f'use real line breaks: export {name}="$(cat key.pem)"; many CI systems have a type of secret for files'],
        )
    return value.encode()


def _private_file(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise KeyMaterialError(f"there is no key file {path}", [_NEW]) from None
    except OSError as error:
        raise KeyMaterialError(f"the key file {path} cannot be read: {error.strerror}") from None
    try:
        _only_its_owners(path, os.fstat(descriptor).st_mode)
        return os.read(descriptor, MAX_BYTES + 1)  # of a regular file, all of it at once
    finally:
        os.close(descriptor)


def _only_its_owners(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise KeyMaterialError(f"{path} is not a file")
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyMaterialError(
            f"others than its owner may use the key file {path} (mode {stat.S_IMODE(mode):04o})",
            [f"chmod 600 {path}", "if it was so for long, make a new key: certify keys rotate"],
        )


def _key(data: bytes, place: str) -> SigningKey:
    if wrong := _not_a_private_key(data):
        raise KeyMaterialError(f"{place} {wrong[0]}", [wrong[1]])
    try:
        private = load_pem_private_key(data, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyMaterialError(
            f"{place} holds a private key that cannot be read whole",
            ["it was cut off, or its line breaks were lost on the way: copy it again, whole", _NEW],
        ) from None
    alg = algorithm_of(private)
    if not alg:
        raise KeyMaterialError(
            f"{place} is a key of another type ({_type(private)}); certify signs with Ed25519 or P-256", [_NEW]
        )
    return SigningKey(thumbprint(private.public_key()), alg, private)  # type: ignore[arg-type]


def _type(private: object) -> str:
    name = type(private).__name__.removesuffix("PrivateKey").lstrip("_")
    return f"{name}, {private.curve.name}" if isinstance(private, ec.EllipticCurvePrivateKey) else name


def _not_a_private_key(data: bytes) -> tuple[str, str] | None:
    """What something is that is no private key in PEM, and what to do; it is not quoted, however wrong it is."""
    if len(data) > MAX_BYTES:
        return f"is larger than {MAX_BYTES // 1024} KiB, so it is no private key", _NEW
    for mark, what, advice in _LOOKS:
        if mark in data:
            return what, advice
    if b"-----BEGIN " not in data:
        return "is not a private key in PEM: it has no line -----BEGIN PRIVATE KEY-----", _NEW
    return None


_LOOKS = (
    (
        b"ENCRYPTED",
        "is encrypted, and certify asks for no passphrase",
        "openssl pkey -in FILE -out key.pem; chmod 600 key.pem",
    ),
    (b"BEGIN PUBLIC KEY", "is a public key, and signing takes the private one", "name the file with its private half"),
    (
        b"BEGIN CERTIFICATE",
        "is an X.509 certificate, and signing takes a private key",
        "name the file of its private key",
    ),
    (b"BEGIN OPENSSH PRIVATE KEY", "is a key in the form of OpenSSH, and certify reads PKCS#8", _NEW),
    (b'"kty"', "is a JWK, and certify reads private keys in PEM (PKCS#8)", _NEW),
)


def _beside(path: Path, kid: str) -> TrustedKey | None:
    beside = path.parent / KEY_SET
    return load_key_set(str(beside)).of(kid) if beside.is_file() else None
