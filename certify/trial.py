"""Suites children that are forked from a process that has imported everything: for the self test, which needs dozens,
and for seeing one check again, where somebody waits.

The fork server of the standard library has one thread and no state of ours; each child leaves it as fresh as a new
interpreter would be, with the same arguments, folder and environment as the suites source gives.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import forkserver
from pathlib import Path

from _pytest.config import default_plugins

from certify.errors import HarnessError
from certify.sources.interface import Assignment
from certify.sources.suites import arguments, environment, patience

PRELOADED = ["certify.suite.bench", "certify.suite.fixtures", "certify.mutations", "certify.http.signin.interface"]
PRELOADED += [f"_pytest.{name}" for name in default_plugins]
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(PRELOADED)


def prepare() -> None:
    """Let the process that children are forked from import everything, while we do something else."""
    forkserver.ensure_running()


def trial(assignment: Assignment) -> None:
    """Run the suites on an assignment. Raises :class:`HarnessError` where they could not do their work."""
    argv = (arguments(assignment), assignment.scratch, environment(assignment))
    child = _FORKS.Process(target=_run, args=argv, daemon=True)
    child.start()
    child.join(patience(assignment))
    if child.is_alive():
        child.kill()
    if child.exitcode not in (0, 1):
        log = (assignment.scratch / "child.log").read_text("utf-8", "replace")
        raise HarnessError(f"a trial ended with {child.exitcode}", [log[-2_000:]])


def _run(argv: Sequence[str], folder: Path, variables: Mapping[str, str]) -> None:
    import pytest

    gc.freeze()  # what was inherited is nobody's garbage: pytest alone would go through it four times
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    log = os.open(folder / "child.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    sys.exit(int(pytest.main(list(argv))))
