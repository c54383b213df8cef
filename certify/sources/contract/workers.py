"""The parent's side of the worker processes: start them, hand out jobs, answer for credentials, collect reports."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

from certify.errors import HarnessError
from certify.link import Link
from certify.model.codec import decode, encode
from certify.sources.contract.candidates import JobReport
from certify.sources.contract.config import Settings
from certify.sources.contract.jobs import Job
from certify.sources.contract.standing import LOST, Step
from certify.sources.contract.volume import BUDGET


class Credentials(Protocol):
    """Whoever signs the fuzzing identity in, and again before its credentials expire. Thread-safe."""

    def answer(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a worker asks of the credentials (:mod:`certify.http.broker`)."""
        ...

    def remember(self, control: Step) -> None:
        """A read that worked."""
        ...

    def standing(self, control: Step | None) -> str:
        """Whether the identity still stands."""
        ...


class Workers:
    """A pool of forked engine processes. ``close`` ends them all, at once and as often as one likes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        ours, theirs = socket.socketpair()
        self._control = ours
        self._lock = threading.Lock()
        with theirs:
            self._process = _start(theirs.fileno(), folder)

    def run(self, jobs: Sequence[Job], settings: Settings, credentials: Credentials, processes: int) -> list[JobReport]:
        """Run all jobs in this many processes; each takes the next job when it is done with one.

        Raises :class:`HarnessError` where a process dies without a report, after ending the others.
        """
        waiting = deque(jobs)
        count = min(max(1, processes), len(jobs))
        with ThreadPoolExecutor(max(1, count), thread_name_prefix="contract") as pool:
            lanes = [pool.submit(self._lane, waiting, settings, credentials) for _ in range(count)]
            try:
                return [report for lane in lanes for report in lane.result()]
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """End every process of the group; its leader is waited for, so that nothing is left behind."""
        with contextlib.suppress(OSError):
            self._control.close()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _lane(self, waiting: deque[Job], settings: Settings, credentials: Credentials) -> list[JobReport]:
        """One worker process, from its first job to its last."""
        ours, theirs = socket.socketpair()
        with contextlib.closing(Link(ours)) as link:
            with theirs:
                self._hand_over(theirs)
            with contextlib.suppress(OSError):
                link.say({"settings": encode(settings), "folder": str(self._folder)})
            reports: list[JobReport] = []
            for job in _taken(waiting):
                reports.append(self._run_one(link, job, credentials))
                if reports[-1].stop_reason == LOST:
                    waiting.clear()
                if reports[-1].stop_reason in (LOST, BUDGET):
                    break
            return reports

    def _run_one(self, link: Link, job: Job, credentials: Credentials) -> JobReport:
        with contextlib.suppress(OSError):
            link.say({"job": encode(job)})
        return self._listen(link, job, credentials)

    def _hand_over(self, end: socket.socket) -> None:
        with self._lock:
            try:
                socket.send_fds(self._control, [b"j"], [end.fileno()])
            except OSError:
                raise HarnessError("the contract engine's process ended early", _READ_LOG) from None

    def _listen(self, link: Link, job: Job, credentials: Credentials) -> JobReport:
        for message in link.messages():
            if "report" in message:
                return decode(JobReport, message["report"])
            if (answer := _answer(message, credentials)) is not None:
                with contextlib.suppress(OSError):
                    link.say(answer)
        raise HarnessError(f"the engine died in job {job.name} without a report{self._last_words(job)}", _READ_LOG)

    def _last_words(self, job: Job) -> str:
        with contextlib.suppress(OSError):
            lines = (self._folder / job.name / "engine.log").read_text("utf-8", "replace").strip().splitlines()
            return ": " + lines[-1][:300] if lines else ""
        return ""


_READ_LOG = ["run again; if it happens again, run `certify selftest` and report it with the run directory"]


def _taken(waiting: deque[Job]) -> Iterator[Job]:
    """Jobs from the front, for as long as there are any; several lanes may take at once."""
    with contextlib.suppress(IndexError):
        while True:
            yield waiting.popleft()


def _answer(message: Mapping[str, Any], credentials: Credentials) -> Mapping[str, Any] | None:
    """What to say to a worker's message; None where it only tells something."""
    control = decode(Step, message["control"]) if message.get("control") else None
    match message.get("ask"):
        case "standing":
            return {"standing": credentials.standing(control)}
        case None:
            if control:
                credentials.remember(control)
            return None
        case _:
            return credentials.answer(message)


def _start(descriptor: int, folder: Path) -> subprocess.Popen[bytes]:
    """The zygote: an environment of ours alone, a group of its own, and no working folder of anybody's."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "zygote.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "certify.sources.contract.worker", str(descriptor)],
            pass_fds=[descriptor],
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
        )


def _environment(folder: Path) -> dict[str, str]:
    """NOTE: requests reads proxies and ``~/.netrc`` from the environment for each request; here it finds neither."""
    return {
        "PATH": os.defpath,
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "SCHEMATHESIS_HOOKS": "certify.sources.contract.hooks",
    }
