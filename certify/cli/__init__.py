"""The command line: parse, call, exit code. No logic lives here, and a verb is imported only when it is used.

``certify --help`` is printed before click is even imported: importing it takes longer than everything else that help
does. The text is the same one that click shows, because there is only one (``front.py``).
"""

from __future__ import annotations

import sys
from contextlib import suppress

from certify.cli.front import help_text


def main() -> None:
    """The console script."""
    if sys.argv[1:] in ([], ["--help"], ["-h"]):
        with suppress(BrokenPipeError):  # `certify --help | head` has seen enough
            print(help_text(), flush=True)
        return
    from certify.cli.group import call

    call(sys.argv[1:])
