"""The child's side: import the engine once, then fork the workers (``python -P -m …worker FD``).

The engine takes about a second to import and a tenth to fork; so one process imports, and never runs anything itself.
It has no threads when it forks. It leads its own process group, and dies with its parent: when the control socket
closes it ends the whole group, and should it be killed itself, its children are told by the kernel (Linux).
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import os
import pkgutil
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from certify.link import Link
from certify.model.codec import decode, encode
from certify.sources.contract.config import Settings, arguments, write_config
from certify.sources.contract.jobs import Job
from certify.sources.contract.signing import trust_file

HOOKS = "certify.sources.contract.hooks"
_PR_SET_PDEATHSIG = 1
_WHOLE = ("schemathesis.engine", "schemathesis.generation", "schemathesis.specs.openapi", "schemathesis.transport",
          "hypothesis.strategies._internal")  # fmt: skip
_SINGLE = ("schemathesis.cli", "schemathesis.cli.commands.run.executor", "requests", "rich.progress", "rich.live",
           "pyrate_limiter", HOOKS)  # fmt: skip


def main() -> None:
    """Fork a worker for each link that comes, until the control socket closes; then end every child that is left."""
    control = socket.socket(fileno=int(sys.argv[1]))
    _die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps: the parent learns of an end by its socket
    _import_engine()
    while (descriptor := _next_link(control)) is not None:
        if os.fork() == 0:
            control.close()
            _child(descriptor)
        os.close(descriptor)
    os.killpg(0, signal.SIGKILL)


def _import_engine() -> None:
    gc.disable()  # most of what an import makes lives on; looking for garbage in it doubles the time
    for name in _WHOLE:
        _import_below(name)
    for name in _SINGLE:
        _import(name)
    gc.freeze()  # keeps the pages shared with the children, and out of their collections
    gc.enable()


def _import_below(name: str) -> None:
    """A package and everything in it: what the engine imports when it first needs it, each job would import again."""
    package = _import(name)
    for module in pkgutil.walk_packages(getattr(package, "__path__", []), f"{name}.", onerror=lambda _: None):
        _import(module.name)


def _import(name: str) -> Any:
    # What is not there, or needs an extra that is not installed, the engine will not need either.
    with contextlib.suppress(Exception):
        return importlib.import_module(name)
    return None


def _next_link(control: socket.socket) -> int | None:
    try:
        message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
    except ConnectionError:
        return None
    return descriptors[0] if message else None


def _child(descriptor: int) -> None:
    """Serve one link and leave without a trace of the parent's state: no handlers, no buffers, no ``atexit``."""
    _die_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        serve(Link(socket.socket(fileno=descriptor)))
    finally:
        os._exit(0)


def serve(link: Link) -> None:
    """Run one job after another, each as its own run of the command line, until the link closes.

    They share a process because the engine's first run in a process costs a third more than the next ones: it fills
    caches of strategies and sources. What it learns of a server, it keeps in the run, and forgets.
    """
    start = link.hear()
    if start is None:
        return
    settings, folder = decode(Settings, start["settings"]), Path(start["folder"])
    hooks: Any = importlib.import_module(HOOKS)
    desk, certificate = hooks.Desk(settings, link), ""
    while (order := link.hear()) is not None:
        job = decode(Job, order["job"])
        _settle_in(folder / job.name)
        reporter = desk.begin(job)
        with contextlib.suppress(RuntimeError):  # who cannot sign in is told by the engine, in its report
            certificate = certificate or desk.signing.certificate()
        trust = trust_file(settings.ca_file, folder / job.name)
        config = write_config(settings, folder / job.name, trust=trust, certificate=certificate)
        code = _run_engine(arguments(settings, job, config))
        link.say({"report": encode(reporter.report(code, desk.steps))})


def _settle_in(folder: Path) -> None:
    """A fresh working folder, and a log in place of the terminal."""
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    log = os.open("engine.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    gc.set_threshold(50_000, 20, 50)


def _run_engine(argv: list[str]) -> int:
    command = getattr(importlib.import_module("schemathesis.cli"), "schemathesis")  # noqa: B009
    try:
        command.main(args=argv, prog_name="st")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0


def _die_with_parent() -> None:
    """Ask the kernel for SIGKILL when the parent dies. Elsewhere than on Linux, the closed sockets must do."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    main()
