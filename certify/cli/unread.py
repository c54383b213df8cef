"""When whoever reads the output goes away, as in ``certify explain … | head -3``: leave, and say nothing.

The exit code is then what a shell tells of a program that a closed pipe ended, 128 + SIGPIPE (POSIX ``write``, EPIPE).
It is no verb's answer, so nobody can take it for a verdict. The same error is raised for a sandbox that hangs up, which
is another matter; so the output itself is asked whether anybody reads it.
"""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

UNREAD = 141
_OUTPUTS = ("stdout", "stderr")


@contextmanager
def quiet_when_unread() -> Iterator[None]:
    """Leave quietly where what is done here, or the last of its output, finds no reader."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        if unread():
            leave()
        raise


def unread() -> bool:
    """Whether nobody reads standard output or standard error any more."""
    return any(_is_closed(name) for name in _OUTPUTS)


def _is_closed(name: str) -> bool:
    """The kernel knows: our buffers forget what could not be written."""
    poll = select.poll()
    try:
        poll.register(getattr(sys, name).fileno(), 0)
    except (OSError, ValueError):  # no file at all
        return False
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))


def leave() -> NoReturn:
    """End the process. What is still to be written goes nowhere, also what the interpreter flushes at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for name in _OUTPUTS:
        if _is_closed(name):
            os.dup2(nowhere, getattr(sys, name).fileno())
    sys.exit(UNREAD)
