"""Secrets, fetched when they are needed and from where the profile says: a variable, a file or a command.

A secret never stands in a profile, never in a message, and a trailing newline is not part of it. Other white space
around it is refused: nobody sees it, and no header can carry it. Around a PEM text it means nothing (RFC 7468 §2). A
command is a program with arguments, without a shell, and has ten seconds.
"""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path

from certify.errors import Problem, ProfileError
from certify.model.partner import SecretRef
from certify.nearest import did_you_mean
from certify.program.withheld import WithheldError, refuse_place, refuse_value

COMMAND_SECONDS = 10.0
MAX_BYTES = 1024 * 1024


class _UnavailableError(Exception):
    """Why a secret is not there, without the secret, and what to do."""


def resolve(ref: SecretRef, base: Path) -> str:
    """The secret itself. ``base`` is the profile's folder. Raises :class:`certify.errors.ProfileError`."""
    try:
        return _allowed(ref, base)
    except (_UnavailableError, WithheldError) as unavailable:
        message, advice = unavailable.args
        raise ProfileError(message, problems=[Problem(ref.file, message, ref.line, advice=advice)]) from None


def unavailable(ref: SecretRef, base: Path) -> tuple[str, str]:
    """Why a secret could not be fetched (message and advice), or two empty texts. Starts no command."""
    try:
        if ref.kind == "command":
            refuse_place(ref, base)
        else:
            _allowed(ref, base)
    except (_UnavailableError, WithheldError) as missing:
        message, advice = missing.args
        return message, advice
    return "", ""


def _allowed(ref: SecretRef, base: Path) -> str:
    """The secret, from a place that a profile may name, and nothing that it may not have."""
    refuse_place(ref, base)
    secret = _whole(ref, _fetch(ref, base))
    refuse_value(ref, secret)
    return secret


def _whole(ref: SecretRef, secret: str) -> str:
    """The secret, if it is one. It is not quoted, however wrong it is."""
    if not secret:
        raise _UnavailableError(f"the secret in {_spelt(ref)} is empty", "")
    if secret != secret.strip() and "-----BEGIN " not in secret:
        message = f"the secret in {_spelt(ref)} has white space around it"
        raise _UnavailableError(message, "take the spaces, tabs and line breaks before and after it away")
    return secret


def _fetch(ref: SecretRef, base: Path) -> str:
    match ref.kind, ref.value:
        case "env", str(name):
            return _from_env(name).rstrip("\r\n")
        case "file", str(name):
            return _from_file(base / name).rstrip("\r\n")
        case "command", tuple(argv):
            return _from_command(argv, base).rstrip("\r\n")
    raise _UnavailableError(f"a secret cannot come from {ref.kind!r}", "use env, file or command")


def _spelt(ref: SecretRef) -> str:
    return f"{ref.kind} {ref.value[0] if isinstance(ref.value, tuple) else ref.value}"


def _from_env(name: str) -> str:
    if name not in os.environ:
        similar = did_you_mean(name, os.environ)
        raise _UnavailableError(f"environment variable {name!r} is not set{similar}", f"export {name}=… and try again")
    return os.environ[name]


def _from_file(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise _UnavailableError(f"secret file {path} is larger than 1 MB", "name the file that holds the secret")
        return data.decode()
    except FileNotFoundError:
        raise _UnavailableError(f"secret file {path} does not exist", "paths start at the profile's folder") from None
    except UnicodeDecodeError:
        raise _UnavailableError(f"secret file {path} is not UTF-8 text", "") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise _UnavailableError(f"secret file {path} cannot be read: {reason}", "") from None


@cache
def _from_command(argv: tuple[str, ...], base: Path) -> str:
    """What a command prints; started once a process, because it may ask a vault or a person each time."""
    try:
        done = subprocess.run(
            argv, cwd=base, stdin=subprocess.DEVNULL, capture_output=True, timeout=COMMAND_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        message = f"secret command {argv[0]} did not end within {COMMAND_SECONDS:g} seconds"
        raise _UnavailableError(message, "does it wait for somebody to sign in?") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise _UnavailableError(f"secret command {argv[0]} cannot be started: {reason}", "") from None
    if done.returncode:
        message = f"secret command {argv[0]} ended with exit code {done.returncode}"
        raise _UnavailableError(message, "run it by hand to see what it says")
    return _text(done.stdout, argv[0])


def _text(output: bytes, program: str) -> str:
    try:
        return output.decode()
    except UnicodeDecodeError:
        raise _UnavailableError(f"secret command {program} did not print UTF-8 text", "") from None
