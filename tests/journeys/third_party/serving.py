"""A server of somebody else in a process of its own, on a free port of loopback, ended with its test."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

PATIENCE_S = 30.0


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def serving(
    words: Sequence[object], ready: str, log: Path, cwd: Path | None = None, **variables: str
) -> Iterator[None]:
    """Run a command until the block ends; the block begins when ``ready`` (a URL) answers anything at all."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(word) for word in words],
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env={**os.environ, **variables},
            start_new_session=True,
        )
        try:
            _await(ready, process, log)
            yield
        finally:
            _end(process)


def _await(ready: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < until:
        try:
            httpx.get(ready, timeout=2, trust_env=False, verify=False)  # whoever answers is ours
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    pytest.fail(f"{process.args!r} does not answer at {ready}:\n{log.read_text(errors='replace')[-2000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """The whole group: npm's and nginx's workers are children of what was started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(5)
            return
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def python(module: str) -> list[object]:
    """A Python program out of a cache folder, which PYTHONPATH names."""
    return [sys.executable, "-m", module]
