"""The clean-up ledger: what a run creates in a sandbox, on disk before the answer is looked at, until it is gone again.

    $CERTIFY_STATE, else $XDG_STATE_HOME/certify, else ~/.local/state/certify
        ledgers/<digest of the base URL>/<run>.ndjson

One file for each run, outside the run directory, so that the next run finds what a killed one left. All processes of a
run append to it, each line with one ``write``, so a line survives ``kill -9`` as soon as the call returns:

    {"do": "open", "run", "base_url", "partner", "pid", "time"}       the first line
    {"do": "try", "key", "operation", "identity", "path", "canary"}   before a create is sent: its answer may get lost
    {"do": "made", "key", …, "id", "place", "remove"}                 it succeeded; ``remove`` is the call that deletes
    {"do": "gone", "key", "how"}    {"do": "left", "key", "how"}      deleted or never there; could not be deleted

The process that opened a ledger holds a lock on it for as long as it lives; a ledger without its lock is abandoned,
and whoever takes the lock may settle it. It is locked before it gets its name, so that nobody sees it without; only
who opens it creates the file, so one that was settled and removed does not come back. No secret is ever in it: an
identity is a name of the partner profile.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from certify.errors import OutputError

STATE = "CERTIFY_STATE"
_APPENDING = os.O_RDWR | os.O_APPEND
NO_PLACE = "the contract has no path for what it makes, so it can be neither found nor deleted"
_TEXTS = ("operation", "identity", "path", "canary", "id", "place", "remove", "how")


@dataclass(frozen=True)
class Entry:
    """Something that was, or may have been, created. ``state`` is tried, made, gone or left; ``how`` says why.

    ``place`` is its path below the base URL, ``remove`` the call that deletes it (``DELETE /leads/7``); both are empty
    while unknown. ``attempts`` counts how often it could not be deleted.
    """

    key: str
    operation: str = ""
    identity: str = ""
    path: str = ""
    canary: str = ""
    id: str = ""
    place: str = ""
    remove: str = ""
    state: str = "tried"
    how: str = ""
    attempts: int = 0

    @property
    def open(self) -> bool:
        return self.state != "gone"

    @property
    def looked_for(self) -> bool:
        """Whether its id is known, or was looked for in vain."""
        return bool(self.id) or self.state == "left"


@dataclass(frozen=True)
class Owner:
    """Who opened a ledger."""

    run: str = ""
    base_url: str = ""
    partner: str = ""
    pid: int = 0
    time: float = 0.0


class Ledger:
    """One ledger, as one process sees it. ``name`` tells the processes of a run apart. Safe between threads.

    Raises ``OSError`` where there is none. A ``descriptor`` is of the file already, and is closed with the ledger.
    """

    def __init__(self, path: Path, name: str, *, descriptor: int | None = None) -> None:
        self.path, self._name, self._count = path, f"{name}-{os.getpid()}", 0
        self._descriptor = os.open(path, _APPENDING) if descriptor is None else descriptor
        self._torn = False

    def trying(self, operation: str, identity: str, path: str, canary: str = "") -> str:
        """Note that a create is about to be sent, and give the key by which its answer is noted."""
        self._count += 1
        key = f"{self._name}-{self._count}"
        self._append(
            {"do": "try", "key": key, **_told(operation=operation, identity=identity, path=path, canary=canary)}
        )
        return key

    def made(self, key: str, identifier: str, place: str, remove: str) -> None:
        """Note what a create made; empty where that cannot be told."""
        self._append({"do": "made", "key": key, **_told(id=identifier, place=place, remove=remove)})

    def gone(self, key: str, how: str = "") -> None:
        """Note that it is not there: deleted, or never created."""
        self._append({"do": "gone", "key": key, **_told(how=how)})

    def left(self, key: str, how: str, *, final: bool = False) -> None:
        """Note that it could not be deleted, and why. ``final``: there is no call that deletes it after all."""
        self._append({"do": "left", "key": key, "how": how, **({"remove": ""} if final else {})})

    def entries(self, name: str = "") -> list[Entry]:
        """Everything that this process, or (``name`` empty) any process has noted, in the order of creation."""
        found = read_entries(self.path).values()
        return [entry for entry in found if not name or entry.key.startswith(f"{name}-")]

    @property
    def descriptor(self) -> int:
        return self._descriptor

    @property
    def name(self) -> str:
        """How the keys of this process begin."""
        return self._name

    def close(self, *, discard: bool = False) -> None:
        """Let go of the ledger; ``discard`` removes the file, because nothing on it is open any more."""
        if discard:
            self.path.unlink(missing_ok=True)
        os.close(self._descriptor)

    def _append(self, record: Mapping[str, Any]) -> None:
        data = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
        data = b"\n" + data if self._torn else data  # ends a line that was cut, so that it spoils no other
        try:
            written = os.write(self._descriptor, data)
        except OSError as error:
            raise self._unwritten(error.strerror or str(error)) from None
        self._torn = written != len(data)
        if self._torn:
            raise self._unwritten("its disk is full")

    def _unwritten(self, why: str) -> OutputError:
        return OutputError(
            f"the clean-up ledger cannot be written: {why}", [f"free some space at {self.path.parent}, and run again"]
        )


def open_ledger(base_url: str, run: str, partner: str) -> Ledger:
    """A new ledger, locked for as long as this process lives. Raises :class:`OutputError` where none can be kept."""
    folder = folder_for(base_url)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        ledger = _created(folder, run)
    except OSError as error:
        raise OutputError(
            f"the clean-up ledger cannot be kept in {folder}: {error.strerror}",
            [f"name a writable folder in the variable {STATE}", "or set permissions.allow_writes to false"],
        ) from None
    ledger._append(
        {"do": "open", "run": run, "base_url": base_url, "partner": partner, "pid": os.getpid(), "time": time.time()}
    )
    return ledger


def _created(folder: Path, run: str) -> Ledger:
    """A new ledger, locked before anybody can see it; a further one where the run has one already (a replay has)."""
    waiting = folder / f".{run}.{os.getpid()}.{threading.get_ident()}.new"
    descriptor = os.open(waiting, _APPENDING | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path = _named(
            waiting, [folder / f"{run}{further}.ndjson" for further in ("", *(f".{n}" for n in range(2, 99)))]
        )
    except OSError:
        os.close(descriptor)
        raise
    finally:
        waiting.unlink(missing_ok=True)
    return Ledger(path, "main", descriptor=descriptor)


def _named(waiting: Path, places: Sequence[Path]) -> Path:
    """Give a file the first of these names that is free. A link never takes the place of another file."""
    for path in places:
        try:
            os.link(waiting, path)
        except FileExistsError:
            continue
        except OSError:  # a file system without hard links
            if path.exists():
                continue
            waiting.rename(path)
        return path
    raise FileExistsError(errno.EEXIST, "too many ledgers of this run are waiting to be settled")


def abandoned(base_url: str, tell: Callable[[str], None] = lambda text: None) -> Iterator[tuple[Owner, Ledger]]:
    """The ledgers of runs against a base URL whose process is gone, each locked by us while it is looked at.

    One that cannot be read is told and passed over: it must not keep every later run from starting.
    """
    for path in kept(base_url):
        try:
            ledger = _taken(path)
        except (BlockingIOError, FileNotFoundError):
            continue  # its run is alive, or somebody else has settled it
        except OSError as error:
            tell(f"the clean-up ledger {path} cannot be read, so it is left as it is: {error.strerror}")
            continue
        yield owner_of(path), ledger


def _taken(path: Path) -> Ledger:
    """A ledger, locked by us. Raises ``OSError``; ``FileNotFoundError`` where it was removed while we took it."""
    ledger = Ledger(path, "settler")
    try:
        fcntl.flock(ledger.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(os.fstat(ledger.descriptor), os.stat(path)):
            raise FileNotFoundError(errno.ENOENT, "another file took its place")
    except OSError:
        ledger.close()
        raise
    return ledger


def kept(base_url: str) -> list[Path]:
    """Every ledger for a base URL, of living runs too."""
    return sorted(folder_for(base_url).glob("*.ndjson"))


def folder_for(base_url: str) -> Path:
    """Where the ledgers for a base URL are."""
    digest = hashlib.sha256(base_url.rstrip("/").encode()).hexdigest()[:16]
    return state_folder() / "ledgers" / digest


def state_folder() -> Path:
    """The user's folder for what outlives a run (XDG Base Directory Specification, ``XDG_STATE_HOME``)."""
    if named := os.environ.get(STATE):
        return Path(named)
    home = os.environ.get("XDG_STATE_HOME")
    return (Path(home) if home else Path.home() / ".local" / "state") / "certify"


def read_entries(path: Path) -> dict[str, Entry]:
    """The entries of a ledger by key. A line that was cut by a kill is skipped: its create was not sent yet."""
    found: dict[str, Entry] = {}
    for record in _records(path):
        key = str(record.get("key", ""))
        if key:
            found[key] = _applied(found.get(key, Entry(key)), record)
    return found


def owner_of(path: Path) -> Owner:
    """Who opened a ledger; empty where the first line was cut."""
    for record in _records(path):
        if record.get("do") == "open":
            return Owner(**{name: record[name] for name in Owner.__dataclass_fields__ if name in record})
    return Owner()


def _applied(entry: Entry, record: Mapping[str, Any]) -> Entry:
    told: dict[str, Any] = {name: str(record[name]) for name in _TEXTS if name in record}
    match record.get("do"):
        case "made":
            return replace(entry, **told, state="made")
        case "gone":
            return replace(entry, **told, state="gone")
        case "left":
            return replace(entry, **told, state="left", attempts=entry.attempts + 1)
        case _:
            return replace(entry, **told)


def _records(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict):
            yield record


def _told(**members: str) -> dict[str, str]:
    return {name: value for name, value in members.items() if value}
