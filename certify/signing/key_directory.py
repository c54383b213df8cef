"""A folder of keys of one's own: what ``certify keys new``, ``list``, ``rotate``, ``retire`` and ``revoke`` keep.

    $XDG_CONFIG_HOME/certify/keys, else ~/.config/certify/keys        mode 0700
        key-<short kid>.pem      a private key, PKCS#8 in PEM, mode 0600; written once and never read but to sign
        keys.jwks.json           the public halves of all of them, and what became of each: nothing secret

The key set is replaced whole, under a lock, so that two commands at once lose nothing and nobody reads half of it.
"""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from certify.errors import KeyMaterialError, OutputError, UsageError
from certify.model.certificate import Provenance
from certify.signing.algorithms import EDDSA, PrivateKey
from certify.signing.jwk import thumbprint
from certify.signing.key_set import MAX_TEXT, TrustedKey, Use, as_text, is_text, load_key_set
from certify.signing.keyring import KEY_SET, outside_of_runs


@dataclass(frozen=True)
class Purpose:
    """Whose a new key is to be, what it may sign, and how."""

    owner: str
    uses: tuple[Use, ...]
    roles: tuple[str, ...] = ()
    provenance: Provenance = Provenance.PRACTICE
    alg: str = EDDSA


@dataclass(frozen=True)
class NewKey:
    """A key that was made, and the file of its private half."""

    key: TrustedKey
    file: Path


def default_place() -> Path:
    """Where keys are kept unless somebody says otherwise."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "certify" / "keys"


def purpose_of(key: TrustedKey) -> Purpose:
    """What a key is for, to make another for the same."""
    return Purpose(key.owner, key.uses, key.roles, key.provenance, key.alg)


def purpose_checked(purpose: Purpose) -> Purpose:
    """The same, if a key can be for that. Raises :class:`UsageError`."""
    for name, text in [("owner", purpose.owner), *(("role", role) for role in purpose.roles)]:
        if not is_text(text) or not text.strip():
            raise UsageError(f"--{name} {text[:60]!r} is not a name: 1 to {MAX_TEXT} printable characters")
    if purpose.roles and Use.APPROVAL not in purpose.uses:
        raise UsageError("a role is for approving, which the key is not to be used for", ["add --use approval"])
    if Use.APPROVAL in purpose.uses and not purpose.roles:
        raise UsageError("a key for approving needs the roles in which its owner approves", ["add --role ROLE"])
    if purpose.provenance is Provenance.GATED and Use.CERTIFICATE not in purpose.uses:
        raise UsageError("--gated is about certificates, which the key is not to sign", ["add --use certificate"])
    return purpose


class KeyDirectory:
    """The keys of a folder."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.key_set = place / KEY_SET

    def all(self) -> tuple[TrustedKey, ...]:
        """All of them, the oldest first. Raises :class:`KeyMaterialError`."""
        return load_key_set(str(self.key_set)).keys if self.key_set.exists() else ()

    def private(self, key: TrustedKey) -> Path:
        """Where the private half of a key is, if it is still there."""
        return self.place / f"key-{key.short}.pem"

    def new(self, purpose: Purpose, now: float) -> NewKey:
        """Make a key. Raises :class:`KeyMaterialError`, :class:`OutputError`."""
        with self._open(create=True) as keys:
            made = self._made(purpose, now)
            self._write((*keys, made.key))
        return made

    def rotate(self, kid: str, now: float, overlap: float = 0.0) -> tuple[TrustedKey, NewKey]:
        """The old key, which retires ``overlap`` seconds from now, and a new one for the same purpose."""
        with self._open() as keys:
            old = self._active(keys, kid)
            made = self._made(purpose_of(old), now)
            retired = replace(old, status="retired", retired=now + overlap)
            self._write((*_with(keys, retired), made.key))
        return retired, made

    def retire(self, kid: str, now: float) -> TrustedKey:
        """From now on nothing new counts that the key signs; what it signed before does."""
        with self._open() as keys:
            retired = replace(self._active(keys, kid), status="retired", retired=now)
            self._write(_with(keys, retired))
        return retired

    def revoke(self, kid: str, now: float) -> TrustedKey:
        """Nothing counts any more that the key ever signed."""
        with self._open() as keys:
            revoked = replace(named(keys, kid, str(self.key_set)), status="revoked", retired=now)
            self._write(_with(keys, revoked))
        return revoked

    def _active(self, keys: tuple[TrustedKey, ...], kid: str) -> TrustedKey:
        """The key of that name; without a name, the only one that is active."""
        active = tuple(key for key in keys if key.status == "active")
        if not kid and len(active) == 1:
            return active[0]
        if not kid:
            listed = ", ".join(f"{key.short} ({key.owner})" for key in active)
            raise KeyMaterialError(
                f"{self.place} has {len(active)} active keys: which one is meant?",
                [f"name one of them: {listed}" if active else "certify keys new makes one"],
            )
        key = named(keys, kid, str(self.key_set))
        if key.status != "active":
            raise KeyMaterialError(f"key {key.short} is {key.status} already", ["certify keys list shows all of them"])
        return key

    @contextmanager
    def _open(self, create: bool = False) -> Iterator[tuple[TrustedKey, ...]]:
        """The keys, to be changed: nobody else changes them meanwhile."""
        outside_of_runs(self.key_set)
        try:
            if create:
                self.place.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self.place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise KeyMaterialError(
                f"the key directory {self.place} cannot be used: {error.strerror}", ["certify keys new makes one"]
            ) from None
        try:
            if os.fstat(descriptor).st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                raise KeyMaterialError(
                    f"others may write into the key directory {self.place}", [f"chmod 700 {self.place}"]
                )
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield self.all()
        finally:
            os.close(descriptor)

    def _made(self, purpose: Purpose, now: float) -> NewKey:
        private, kid = generated(purpose.alg)
        key = TrustedKey(
            kid,
            purpose.alg,
            private.public_key(),
            purpose.owner,
            purpose.uses,
            purpose.roles,
            purpose.provenance,
            created=float(int(now)),
        )
        file = self.private(key)
        _written(file, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o600)
        return NewKey(key, file)

    def _write(self, keys: tuple[TrustedKey, ...]) -> None:
        waiting = self.key_set.with_suffix(".new")
        waiting.unlink(missing_ok=True)  # of a command that was killed; the lock is ours
        _written(waiting, as_text(keys).encode(), 0o644)
        waiting.replace(self.key_set)


def named(keys: Sequence[TrustedKey], kid: str, place: str) -> TrustedKey:
    """The key whose name begins so. Raises :class:`KeyMaterialError` unless there is exactly one."""
    found = [key for key in keys if kid and key.kid.startswith(kid)]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(f"{key.short} ({key.owner})" for key in (found or keys)[:20])
    which = "several keys whose names begin" if found else "no key whose name begins"
    raise KeyMaterialError(f"{place} has {which} with {kid[:50]!r}", [f"keys in it: {listed or 'none'}"])


def _with(keys: tuple[TrustedKey, ...], changed: TrustedKey) -> tuple[TrustedKey, ...]:
    return tuple(changed if key.kid == changed.kid else key for key in keys)


def generated(alg: str) -> tuple[PrivateKey, str]:
    """A new key and its name, which never looks like an option of a command line."""
    while True:
        private: PrivateKey = (
            ed25519.Ed25519PrivateKey.generate() if alg == EDDSA else ec.generate_private_key(ec.SECP256R1())
        )
        kid = thumbprint(private.public_key())
        if kid[0].isalnum():
            return private, kid


def _written(path: Path, data: bytes, mode: int) -> None:
    """A new file, with its mode from the first moment on, and on the disk before anybody relies on it."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, mode)
            file.write(data)
            file.flush()
            os.fsync(descriptor)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}") from None
