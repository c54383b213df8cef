"""Finding certificates below a directory, quickly: a thousand of them take a tenth of a second.

What is found has been verified by nobody. It says where to look closer (``verify.examine``), and nothing is ever
granted on it. Only the beginning of each payload is read, where the registered claims, the partner and the run stand.

The directory may hold anything: other files, folders named like a certificate, huge or unreadable ones, links to
elsewhere. None of it stops the search; what looks like a certificate and is none is told in a note.
"""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from certify.certificate.claims import LATEST
from certify.model.certificate import APPROVALS, CERTIFICATE
from certify.signing.jws import MAX_BYTES

BEGINNING = 2 * 1024
"""Bytes of a certificate that are read at first."""
DEEPEST = 8
"""Folders below the directory that are walked into."""
OURS = {APPROVALS, "allure-results"}
"""Folders that certify makes inside a run directory: they hold many files, and no certificate."""
TOLD = 20
"""Notes that are told one by one; of more it is said how many there are."""


@dataclass(frozen=True)
class Found:
    """What a file says of itself, unverified. ``issued`` is seconds since the epoch; ``claims`` are what was read."""

    path: Path
    partner: str
    run: str
    id: str
    issued: float
    claims: Mapping[str, Any]


@dataclass(frozen=True)
class Search:
    """What was found, newest first, and what looked like a certificate and is none."""

    found: tuple[Found, ...]
    notes: tuple[str, ...] = ()


def find(reports: Path) -> Search:
    """All certificates below a directory. A directory that is not there holds none, and a note says so."""
    found: list[Found] = []
    notes: list[str] = []
    for item in _walk(reports, 0):
        seen = item if isinstance(item, str) else _look(item)
        notes.append(seen) if isinstance(seen, str) else found.append(seen)
    newest_first = sorted(found, key=lambda item: (-item.issued, str(item.path)))
    return Search(tuple(newest_first), _few(notes))


def _few(notes: list[str]) -> tuple[str, ...]:
    more = len(notes) - TOLD
    return (*notes[:TOLD], *([f"{more} more of this kind"] if more > 0 else []))


# — walking —


def _walk(folder: Path, depth: int) -> Iterator[Path | str]:
    """Files that are called like a certificate, and notes.

    What else lies in a folder never keeps it from being looked into: else whoever may only add files could hide what
    is there, by making a folder look like a run directory.
    """
    try:
        with os.scandir(folder) as listing:
            entries = {entry.name: entry for entry in listing}
    except OSError as error:
        yield f"{folder}: cannot be looked into: {error.strerror}"
        return
    if (entry := entries.pop(CERTIFICATE, None)) is not None:
        yield _candidate(entry)
    for name in sorted(entries.keys() - OURS):
        yield from _enter(entries[name], depth + 1)


def _enter(entry: os.DirEntry[str], depth: int) -> Iterator[Path | str]:
    if entry.is_dir(follow_symlinks=False):
        if depth > DEEPEST:
            yield f"{entry.path}: is not looked into: it lies more than {DEEPEST} folders deep"
        else:
            yield from _walk(Path(entry.path), depth)
    elif entry.is_symlink() and entry.is_dir():
        yield f"{entry.path}: is a symbolic link, which is not followed"


def _candidate(entry: os.DirEntry[str]) -> Path | str:
    if entry.is_symlink():
        return f"{entry.path}: is a symbolic link, which is not followed"
    if not entry.is_file(follow_symlinks=False):
        return f"{entry.path}: is not a file"
    return Path(entry.path)


# — reading the beginning —


def _look(path: Path) -> Found | str:
    """What a file says of itself, or why it is no certificate."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            return f"{path}: has {size:,} bytes, which no certificate has"
        with path.open("rb") as stream:
            start = stream.read(BEGINNING)
            found = _found(path, start)
            if found is None and _HEADER.match(start):  # nothing else is worth reading whole
                found = _found(path, start + stream.read())
            return found or f"{path}: is not a certificate"
    except OSError as error:
        return f"{path}: cannot be read: {error.strerror}"


def _found(path: Path, token: bytes) -> Found | None:
    """None where the bytes do not say what has to be known: they are cut, or this is something else."""
    claims = _claims(token)
    body = claims.get("certificate")
    run = body.get("run") if isinstance(body, dict) else None
    partner, name, issued = claims.get("sub"), claims.get("jti"), claims.get("iat")
    if not (isinstance(partner, str) and isinstance(run, str) and isinstance(name, str)):
        return None
    if not isinstance(issued, int | float) or not 0 <= issued <= LATEST:
        return None
    return Found(path, partner, run, name, float(issued), claims)


def _claims(token: bytes) -> dict[str, Any]:
    """As many members of the payload as a JWS, or its beginning, has."""
    payload = token.split(b".", 2)[1:2]
    if not payload:
        return {}
    whole = payload[0][: len(payload[0]) // 4 * 4] if token.count(b".") < 2 else payload[0]
    try:
        text = base64.urlsafe_b64decode(whole + b"=" * (-len(whole) % 4)).decode("utf-8", "replace")
    except ValueError:
        return {}
    return beginning(text)


_HEADER = re.compile(rb"eyJ[A-Za-z0-9_-]{10,1024}\.")
"""How a token with a header begins: ``{"``, in base64url."""
_DECODER = json.JSONDecoder()
_OPEN = re.compile(r"\s*\{")
_NAME = re.compile(r'\s*"([^"\\]*)"\s*:\s*')
_COMMA = re.compile(r"\s*,")


def beginning(text: str, levels: int = 2) -> dict[str, Any]:
    """The members of a JSON object that is cut somewhere; those of a member that is cut itself, ``levels`` deep.

    >>> beginning('{"sub": "acme", "certificate": {"run": "r1", "checks": [{"id": "auth.al')
    {'sub': 'acme', 'certificate': {'run': 'r1'}}
    """
    found: dict[str, Any] = {}
    place = _OPEN.match(text)
    while place is not None and (name := _NAME.match(text, place.end())) is not None:
        try:
            value, end = _DECODER.raw_decode(text, name.end())
        except (ValueError, RecursionError):
            if levels > 1:
                found[name[1]] = beginning(text[name.end() :], levels - 1)
            break
        if end == len(text):  # a number may go on behind the cut
            break
        found[name[1]] = value
        place = _COMMA.match(text, end)
    return found
