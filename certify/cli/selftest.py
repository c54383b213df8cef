"""``certify selftest``: prove that every check passes when it should and fails when it must."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from certify.cli.failure import failures_told
from certify.cli.options import FILE


@click.command("selftest")
@click.option("--check", "globs", multiple=True, metavar="GLOB", help="Only these checks; repeatable.")
@click.option("--json", "file", type=FILE, metavar="FILE", help="Write the matrix as JSON, too.")
@failures_told
def verb(globs: tuple[str, ...], file: Path | None) -> None:
    """Run every check against the honest sandbox and against each of its faults, and print the matrix.

    Exit code 0 only when each check passes on the honest sandbox and fails on each of its own faults; 4 otherwise:
    a check that cannot be trusted is a fault of this harness.
    """
    from certify.cli.terminal.matrix import render_matrix
    from certify.model.codec import encode
    from certify.selftest import selftest

    rows = selftest(globs, tell=lambda text: click.echo(text, err=True))
    render_matrix([(r.check, r.fault or "honest", r.expected, r.got, r.seconds, r.ok) for r in rows], sys.stdout)
    if file is not None:
        file.write_text(json.dumps([encode(row) for row in rows], indent=1) + "\n", encoding="utf-8")
    sys.exit(0 if all(row.ok for row in rows) else 4)
