"""The run directory: one raw record, from which every judgement and every view is made.

    run.json            the plan: what was asked for, from what, with which seed (no secrets)
    outcomes.ndjson     what happened to each check, appended as it happens
    exchanges.ndjson    every request and response, redacted when captured
    roles.json          which operation served as what (where the run scouted)
    contract.json       the contract as it was tested: one self-contained document
    cleanup.json        what was created, and what became of it (where the run may write)
    seal.json           written last: how many lines each writer wrote, and the digest of run.json

Several processes append at once. Each writer has a name, numbers its lines and chains them: a line carries ``writer``,
``seq`` and ``digest``, the first 16 hex digits of SHA-256 over the writer's previous digest
and the line's bytes before its own.
So a reader can say which line was edited or is missing, and without the seal a run is known to be unfinished.
The chain guards against accidents and careless edits; a signature over the report guards against intent.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from certify.errors import OutputError, RunDirectoryError
from certify.model.cleanup import CleanUp
from certify.model.codec import decode, encode
from certify.model.exchange import Exchange
from certify.model.outcome import Outcome
from certify.model.plan import Plan
from certify.model.role import RoleFound

_DAMAGED = "the file was truncated or edited after it was written: judge an untouched copy of the run, or run again"
RUN, OUTCOMES, EXCHANGES, SEAL = "run.json", "outcomes.ndjson", "exchanges.ndjson", "seal.json"
ROLES, CLEANUP, CONTRACT = "roles.json", "cleanup.json", "contract.json"


class Writer:
    """Appends chained lines to one NDJSON file. Not shared between threads without a lock; many may share a file.

    One ``write`` on a descriptor opened with ``O_APPEND`` puts a line in whole, also beside other processes
    (POSIX ``write``: the offset is set to the end and the write happens as one step). A line survives ``kill -9`` as
    soon as :meth:`append` returns.
    """

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._digest, self.count = _tail(path, name)

    def append(self, record: Mapping[str, Any]) -> None:
        """Write one record as one line."""
        self.hand_over(self.line(record))

    def line(self, record: Mapping[str, Any]) -> bytes:
        """The next line of the chain. It has to be handed over before the one that comes after it."""
        self.count += 1
        content = {**record, "writer": self.name, "seq": self.count}
        text = _JSON.encode(content).encode("utf-8", "replace")
        self._digest = chain(self._digest, text)
        return text[:-1] + _DIGEST % self._digest.encode()

    def hand_over(self, lines: bytes) -> None:
        """Give whole lines to the kernel. Raises :class:`OutputError` where it does not take all of them."""
        if os.write(self._descriptor, lines) != len(lines):
            raise OutputError("the run directory's disk is full", ["free some space and run again"])

    def close(self) -> None:
        os.close(self._descriptor)


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_DIGEST = b',"digest":"%s"}\n'
"""How a line ends: its digest comes last, so that what it covers is everything before it, byte for byte."""
_ENDING = len(_DIGEST % bytes(16))


def chain(previous: str, content: bytes) -> str:
    """The digest of a line: 16 hex digits of SHA-256 over the previous digest and the line's content."""
    return hashlib.sha256(previous.encode() + content).hexdigest()[:16]


def _tail(path: Path, name: str) -> tuple[str, int]:
    """Where a writer of that name stopped, so that a resumed run goes on with its chain."""
    digest, count = "", 0
    with path.open("rb") as stream:
        for line in stream:
            # Another process may be writing the last line this very moment: readers can see a part of it.
            if line.endswith(b"\n") and (record := json.loads(line)).get("writer") == name:
                digest, count = str(record["digest"]), int(record["seq"])
    return digest, count


def _remove(place: Path) -> None:
    """A folder with all that is in it; a link or a file itself, and nothing where there is nothing."""
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


@dataclass(frozen=True)
class RunDirectory:
    """A run directory on disk. Reading streams; nothing is held in memory that need not be."""

    path: Path

    @classmethod
    def create(cls, path: Path, plan: Plan) -> RunDirectory:
        """Make the directory and write the plan, before anything is sent. Raises :class:`OutputError`."""
        try:
            path.mkdir(parents=True, exist_ok=True)
            if any(path.iterdir()):
                raise OutputError(f"{path} is not an empty directory", ["name a new directory with --out"])
            rundir = cls(path)
            rundir.write(RUN, json.dumps(encode(plan), indent=1, ensure_ascii=False).encode())
            for name in (OUTCOMES, EXCHANGES):
                (path / name).touch(mode=0o600)
        except OSError as error:
            raise OutputError(
                f"cannot write to {path}: {error.strerror}", ["name a writable directory with --out"]
            ) from None
        return rundir

    @classmethod
    def open(cls, path: Path) -> RunDirectory:
        """Open a finished (or abandoned) run. Raises :class:`RunDirectoryError` where it is not one."""
        if not (path / RUN).is_file():
            raise RunDirectoryError(
                f"{path} is not a run directory: it has no {RUN}",
                ["name the directory that `certify run` printed, reports/<partner>/<run>"],
            )
        return cls(path)

    def plan(self) -> Plan:
        """The plan as recorded. Raises :class:`RunDirectoryError` where it cannot be read."""
        file = self.path / RUN
        try:
            return decode(Plan, json.loads(file.read_bytes()))
        except json.JSONDecodeError as error:
            raise RunDirectoryError(f"{file}:{error.lineno}: not JSON: {error.msg}", [_DAMAGED]) from None
        except (ValueError, TypeError, KeyError, OSError, RecursionError, OverflowError) as error:
            raise RunDirectoryError(f"{file}: not a plan: {error}", [_DAMAGED]) from None

    def outcomes(self) -> Iterator[Outcome]:
        """Every outcome, in the order of writing, each line checked against its chain."""
        for number, record in self._verified(OUTCOMES):
            yield self._decode(Outcome, record, OUTCOMES, number)

    def exchanges(self) -> Iterator[Exchange]:
        """Every exchange, in the order of writing, each line checked against its chain."""
        for number, record in self._verified(EXCHANGES):
            yield self._decode(Exchange, record, EXCHANGES, number)

    def roles(self) -> tuple[RoleFound, ...]:
        """Which operation served as what; empty where nobody scouted."""
        return self._read(ROLES, tuple[RoleFound, ...]) or ()

    def cleanup(self) -> CleanUp | None:
        """What was created and what became of it; None where nothing could be."""
        found: CleanUp | None = self._read(CLEANUP, CleanUp)
        return found

    def _read(self, name: str, kind: Any) -> Any:
        file = self.path / name
        if not file.is_file():
            return None
        try:
            return decode(kind, json.loads(file.read_bytes()))
        except (ValueError, TypeError, KeyError) as error:
            raise RunDirectoryError(f"{file}: cannot be read: {error}", ["judge a run that was not edited"]) from None

    def write(self, name: str, data: bytes) -> Path:
        """Write a file whole or not at all: a temporary sibling is renamed over it."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_name(f".{file.name}.tmp")
        temporary.write_bytes(data)
        temporary.replace(file)
        return file

    def replace_folder(self, name: str, files: Mapping[str, bytes]) -> list[Path]:
        """Write a folder as a whole: what an earlier one held, and this one does not, is gone. Paths are within it.

        It is made beside and takes the other's place, so that nobody reads a half-written one.
        """
        folder, made, old = (self.path / place for place in (name, f".{name}.tmp", f".{name}.old"))
        for leftover in (made, old):  # of somebody who was stopped half-way
            _remove(leftover)
        for place, data in files.items():
            self.write(str(Path(made.name) / place), data)
        if folder.is_symlink() or folder.exists():
            folder.rename(old)
        made.rename(folder)
        _remove(old)
        return [folder / place for place in files]

    def seal(self, finished: float, *, interrupted: bool = False) -> None:
        """Close the record: count each writer's lines and say how the run ended."""
        content = {
            "finished": finished,
            "interrupted": interrupted,
            "run": file_digest(self.path / RUN),
            "lines": {name: self._counts(name) for name in (OUTCOMES, EXCHANGES)},
        }
        self.write(SEAL, json.dumps(content, indent=1).encode())

    def read_seal(self) -> Mapping[str, Any] | None:
        """The seal, or None where the run never finished. Raises :class:`RunDirectoryError` where it does not fit.

        The lines that it counts are compared when they are read: each stream checks itself at its end.
        """
        file = self.path / SEAL
        if not file.is_file():
            return None
        try:
            seal: dict[str, Any] = json.loads(file.read_bytes())
            recorded, lines = seal["run"], seal["lines"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise RunDirectoryError(f"{file}: the seal cannot be read", ["judge a run that was not edited"]) from None
        if recorded != file_digest(self.path / RUN):
            raise RunDirectoryError(f"{self.path / RUN}: changed after the run was sealed", [_DAMAGED])
        if not isinstance(lines, dict) or not all(isinstance(item, dict) for item in lines.values()):
            raise RunDirectoryError(f"{file}: the seal cannot be read", ["judge a run that was not edited"])
        return seal

    def _compare(self, name: str, found: Mapping[str, int]) -> None:
        """Hold the number of lines of each writer against the seal, where there is one."""
        seal = self.read_seal()
        sealed = seal["lines"].get(name, {}) if seal is not None else found
        for writer in sorted({*sealed, *found}):
            sealed_count, count = sealed.get(writer, 0), found.get(writer, 0)
            if sealed_count != count:
                raise RunDirectoryError(
                    f"{self.path / name}: {sealed_count} lines of {writer!r} were sealed, {count} are there",
                    ["the file was truncated or edited after the run; run again"],
                )

    def _counts(self, name: str) -> dict[str, int]:
        counts: Counter[str] = Counter(record["writer"] for _, record in self._chained(name))
        return dict(counts)

    def _verified(self, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The lines of a file; at the end of the stream their number is held against the seal."""
        counts: Counter[str] = Counter()
        for number, record in self._chained(name):
            counts[record["writer"]] += 1
            yield number, record
        self._compare(name, counts)

    def _chained(self, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The lines of a file, each held against its writer's chain."""
        file = self.path / name
        if not file.is_file():
            raise RunDirectoryError(f"{file} is missing", ["the run directory is damaged; run again"])
        last: dict[str, tuple[str, int]] = {}
        for number, line, record in _lines(file):
            writer, digest = str(record.get("writer", "")), str(record.get("digest", ""))
            previous, count = last.get(writer, ("", 0))
            content = line[:-_ENDING] + b"}"
            if record.get("seq") != count + 1 or digest != chain(previous, content):
                raise RunDirectoryError(
                    f"{file}:{number}: this line, or one before it, was edited or removed",
                    ["judge the directory as the run left it, or run again"],
                )
            last[writer] = (digest, count + 1)
            yield number, record

    def _decode(self, kind: type[Any], record: dict[str, Any], name: str, number: int) -> Any:
        try:
            return decode(kind, record)
        except (ValueError, TypeError, KeyError) as error:
            raise RunDirectoryError(f"{self.path / name}:{number}: not a valid record: {error}", [_DAMAGED]) from None


def file_digest(path: Path) -> str:
    """``sha256:`` and the hex digest of a file's bytes."""
    with path.open("rb") as stream:
        return "sha256:" + hashlib.file_digest(stream, "sha256").hexdigest()


def _lines(file: Path) -> Iterator[tuple[int, bytes, dict[str, Any]]]:
    with file.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            yield number, line, _parse(file, number, line)


def _parse(file: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line) if line.endswith(b"\n") else None
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        raise RunDirectoryError(
            f"{file}:{number}: not a whole line of JSON",
            ["the file was truncated or edited; judge an untouched run directory, or run again"],
        )
    return record
