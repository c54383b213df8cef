"""Watching a run directory fill: tells who listens as soon as an outcome is written, by whichever process."""

from __future__ import annotations

import json
import threading
from types import TracebackType

from certify.rundir import OUTCOMES, RunDirectory
from certify.sources.interface import Progress

INTERVAL = 0.1


class Watch:
    """Follows ``outcomes.ndjson`` from a thread. ``notes`` are what sources had to say about themselves."""

    def __init__(self, rundir: RunDirectory, progress: Progress) -> None:
        self.notes: list[str] = []
        self._file = rundir.path / OUTCOMES
        self._progress = progress
        self._statuses: dict[str, str] = {}
        self._offset = 0
        self._reading = threading.Lock()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()
        self.catch_up()

    def status(self, check: str) -> str | None:
        """The last status of a check, or None."""
        return self._statuses.get(check)

    def note(self, text: str) -> None:
        """Keep what a source said, and tell it."""
        self.notes.append(text)
        self._progress("", text)

    def _follow(self) -> None:
        while not self._done.wait(INTERVAL):
            self.catch_up()

    def catch_up(self) -> None:
        """Read what has been written up to now."""
        with self._reading, self._file.open("rb") as stream:
            stream.seek(self._offset)
            for line in stream:
                if not line.endswith(b"\n"):
                    return
                self._offset += len(line)
                self._tell(line)

    def _tell(self, line: bytes) -> None:
        try:
            record = json.loads(line)
            check, status = record["check"], record["status"]
        except (ValueError, KeyError, TypeError):
            return
        if record.get("carried"):
            return  # it happened in another run
        self._statuses[check] = status
        self._progress(check, status)
