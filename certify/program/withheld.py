"""What no profile may reach: private keys that sign certificates, and, where its author is not trusted, commands.

A profile is written by whoever is to be certified, and its secrets are sent to addresses of theirs. So the key that
signs is taken out of the environment before a profile is read, and a reference to it is refused in each of its forms:
the variable, the file, the directory in which `certify keys` keeps keys, what the kernel tells of a process, and the
key itself, wherever it came from. A private key of the partner's own is for the members that sign with it; in one
whose value is sent (``client_secret``, ``password`` …) it is a mistake or a theft, and is refused too.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from certify.model.partner import SecretRef

NO_COMMANDS = "CERTIFY_NO_COMMANDS"
"""Set to anything but 0 or nothing: a secret does not come from a command, which is code that a profile brings."""
_VARIABLE = "env:"


@dataclass(frozen=True)
class Withheld:
    """The key that this process signs with: where it came from (``env:NAME`` or a file), and its thumbprint."""

    reference: str
    kid: str


_HELD: list[Withheld] = []
"""For as long as this process lives: what signs at the end of a run is withheld for all of it."""


class WithheldError(Exception):
    """Why a profile does not get what it names, and what to do; without the value."""


def withhold(reference: str, kid: str) -> None:
    """Keep a signing key from every profile that is read from now on, and from every child that is started."""
    if reference.startswith(_VARIABLE):
        os.environ.pop(reference.removeprefix(_VARIABLE), None)
    _HELD.append(Withheld(reference, kid))


def forbid_commands() -> None:
    """No secret of this process comes from a command."""
    os.environ[NO_COMMANDS] = "1"


def refuse_place(ref: SecretRef, base: Path) -> None:
    """Raise :class:`WithheldError` where a profile names a place that is not for it. Nothing is read."""
    match ref.kind, ref.value:
        case "env", str(name) if any(held.reference == f"{_VARIABLE}{name}" for held in _HELD):
            raise WithheldError(f"variable {name!r} holds the key that signs this run: no profile gets it", _OWN)
        case "file", str(name):
            _refuse_file(base / name)
        case "command", _ if os.environ.get(NO_COMMANDS, "0") not in ("", "0"):
            message = "a secret from a command is refused here: it is code that the profile brings"
            raise WithheldError(message, f"use env or file, or run without --no-commands and {NO_COMMANDS}")


def refuse_value(ref: SecretRef, secret: str) -> None:
    """Raise :class:`WithheldError` where a private key is to be sent, or is the one that signs this run."""
    if "PRIVATE KEY-----" not in secret:
        return
    if not ref.signs:
        message = f"the secret from {ref.kind} is a private key, and this member is sent to the partner"
        raise WithheldError(message, "a private key never leaves: name the secret itself")
    if _HELD and _thumbprint(secret) in {held.kid for held in _HELD}:
        raise WithheldError(f"the secret from {ref.kind} is the key that signs this run: no profile gets it", _OWN)


_OWN = "give the partner secrets and keys of its own"


def _refuse_file(path: Path) -> None:
    from certify.signing.keyring import KEY_SET  # slow to import, and only wanted where a file is named

    real = Path(os.path.realpath(path))
    if any(_same(held.reference, real) for held in _HELD):
        raise WithheldError(f"secret file {path} is the key that signs this run: no profile gets it", _OWN)
    if any((folder / KEY_SET).is_file() for folder in {path.parent, real.parent}):
        message = f"secret file {path} lies in a directory of signing keys (there is {KEY_SET}): no profile gets one"
        raise WithheldError(message, f"{_OWN}, and keep them elsewhere")
    if real.is_relative_to("/proc"):
        raise WithheldError(f"secret file {path} is what the kernel tells of a process, and no file", _OWN)


def _same(reference: str, file: Path) -> bool:
    try:
        return not reference.startswith(_VARIABLE) and os.path.samefile(reference, file)
    except (OSError, ValueError):
        return False


def _thumbprint(pem: str) -> str:
    """The name of a private key among ours; empty for what cannot be one of them."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    from certify.signing.algorithms import algorithm_of
    from certify.signing.jwk import thumbprint

    try:
        private = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return ""
    return thumbprint(private.public_key()) if algorithm_of(private) else ""  # type: ignore[arg-type]
