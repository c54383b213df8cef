"""``python -m certify.sandbox``: the sandbox as a process of its own.

It prints one line, ``{"base_url": …}``, once it listens. With ``--until-stdin-closes`` it ends when its parent does,
however that happens, since only the parent holds the other end of the pipe.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import threading
from collections.abc import Sequence

from certify.errors import CertifyError
from certify.sandbox.server import listen, prepare


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        listener = listen(options.port)
        sandbox, server = prepare(listener, options.fault)
    except CertifyError as error:
        print(" ".join([error.message, *error.advice]), file=sys.stderr)
        return error.exit_code
    if options.until_stdin_closes:
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    gc.freeze()  # the contract and its validators stay for good; do not walk them again and again
    print(json.dumps({"base_url": sandbox.base_url}), flush=True)
    server.run([listener])
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m certify.sandbox", description="Run the reference sandbox.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--fault", action="append", default=[], metavar="NAME", help="misbehave; may be repeated")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when standard input does")
    return parser


def _end_with_stdin() -> None:
    """There is nothing to save, so there is nothing to wait for."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
