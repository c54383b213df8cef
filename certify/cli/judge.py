"""``certify judge``: judge a recorded run again."""

from __future__ import annotations

from pathlib import Path

import click

from certify.cli.failure import failures_told
from certify.cli.options import FILE, json_option


@click.command("judge")
@click.argument("run_dir", type=FILE)
@json_option
@failures_told
def verb(run_dir: Path, as_json: bool) -> None:
    """Decide a recorded run again, without touching the partner, and write its report again."""
    from certify.cli.verdicts import leave
    from certify.pipeline import conclude
    from certify.rundir import RunDirectory

    leave(conclude(RunDirectory.open(run_dir)), as_json=as_json)
