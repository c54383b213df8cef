"""Running the sandbox: in a thread of this process for tests, or in a process of its own, which has a core of its own.

    with serve(faults=["bola-read"]) as sandbox:           # a thread
        httpx.get(f"{sandbox.base_url}/health")

    with start_process(faults=["bola-read"]) as sandbox:   # a child; it ends with us, however we end
        httpx.get(f"{sandbox.base_url}/health")

Both are ready when they are returned: the socket listens before anything is said about it.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self

from certify.errors import HarnessError, OutputError

if TYPE_CHECKING:
    from uvicorn import Server

    from certify.sandbox.assembly import Sandbox

HOST = "127.0.0.1"
START_TIMEOUT_S = 20.0
STOP_TIMEOUT_S = 5.0


class RunningSandbox:
    """A sandbox in a daemon thread. ``sandbox`` is the assembled thing itself, for tests that look inside."""

    def __init__(self, sandbox: Sandbox, server: Server, listener: socket.socket) -> None:
        self.sandbox = sandbox
        self.base_url = sandbox.base_url
        self._server = server
        self._thread = threading.Thread(target=server.run, args=([listener],), name="certify-sandbox", daemon=True)
        self._thread.start()
        _wait_until(lambda: server.started or not self._thread.is_alive())

    def stop(self) -> None:
        """End it; open connections are dropped. Stopping twice is harmless."""
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(STOP_TIMEOUT_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class SandboxProcess:
    """A sandbox in a child process. It ends when the pipe to its standard input is closed: also when we are killed."""

    def __init__(self, child: subprocess.Popen[bytes], base_url: str) -> None:
        self.base_url = base_url
        self.pid = child.pid
        self._child = child

    def stop(self) -> None:
        """Close the pipe and wait; insist if need be. Stopping twice is harmless."""
        for pipe in (self._child.stdin, self._child.stdout):
            with suppress(OSError):
                pipe and pipe.close()
        try:
            self._child.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def serve(faults: Sequence[str] = (), port: int = 0) -> RunningSandbox:
    """Start a sandbox in a thread of this process. Port 0 takes a free one."""
    listener = listen(port)
    sandbox, server = prepare(listener, faults)
    return RunningSandbox(sandbox, server, listener)


def start_process(faults: Sequence[str] = (), port: int = 0) -> SandboxProcess:
    """Start a sandbox in a child process, in a session of its own so that Ctrl-C reaches us first."""
    command = [sys.executable, "-m", "certify.sandbox", "--port", str(port), "--until-stdin-closes"]
    command += [option for name in faults for option in ("--fault", name)]
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    assert child.stdout is not None
    told = child.stdout.readline()
    if not told:
        raise _did_not_start(child)
    return SandboxProcess(child, json.loads(told)["base_url"])


def _did_not_start(child: subprocess.Popen[bytes]) -> HarnessError:
    _out, errors = child.communicate(timeout=STOP_TIMEOUT_S)
    reason = errors.decode("utf-8", "replace").strip().splitlines()[-1:] or ["it said nothing"]
    return HarnessError(f"The reference sandbox did not start: {reason[0]}")


def listen(port: int = 0) -> socket.socket:
    """A listening socket on loopback. Connections wait in its queue until the server takes them."""
    # NOTE: asyncio turns Nagle's delay off only where the protocol is named; without it each answer takes 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise OutputError(
            f"Port {port} cannot be used: {error.strerror}.", ["Leave the port out to get a free one."]
        ) from error
    listener.listen(512)
    return listener


def prepare(listener: socket.socket, faults: Sequence[str] = ()) -> tuple[Sandbox, Server]:
    """The sandbox and the server for a socket that already listens, so that the issuer can be named after its port."""
    from uvicorn import Config, Server

    from certify.sandbox.app import build_app
    from certify.sandbox.assembly import assemble
    from certify.sandbox.protocol import ProblemProtocol

    sandbox = assemble(f"http://{HOST}:{listener.getsockname()[1]}", faults)
    config = Config(
        build_app(sandbox),
        http=ProblemProtocol,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=1,
    )
    return sandbox, Server(config)


def _wait_until(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while not ready():
        if time.monotonic() > deadline:
            raise HarnessError("The reference sandbox did not start in time.")
        time.sleep(0.002)
