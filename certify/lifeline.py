"""A child ends with its parent, however the parent ends.

The parent holds one end of a pipe, the child the other. When the parent dies, even by ``kill -9``, the kernel closes
its end and the child reads the end of the file: it interrupts itself, so that test data is cleaned up, and leaves for
good a few seconds later if that did not work.
"""

from __future__ import annotations

import os
import signal
import threading
import time

VARIABLE = "CERTIFY_LIFELINE"
GRACE_S = 5.0
EXIT_CODE = 4


def hold_on() -> None:
    """In the child: watch the descriptor that the parent named in the environment, if it did."""
    descriptor = os.environ.pop(VARIABLE, "")
    if descriptor.isdigit():
        threading.Thread(target=_watch, args=(int(descriptor),), daemon=True).start()


def _watch(descriptor: int) -> None:
    while os.read(descriptor, 1):
        continue
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(GRACE_S)
    os._exit(EXIT_CODE)
