"""``certify render``: write the report of a recorded run again."""

from __future__ import annotations

from pathlib import Path

import click

from certify.cli.failure import failures_told
from certify.cli.options import FILE


@click.command("render")
@click.argument("run_dir", type=FILE)
@click.option("--format", "formats", multiple=True, metavar="F", help="Only these formats; repeatable.")
@failures_told
def verb(run_dir: Path, formats: tuple[str, ...]) -> None:
    """Write the report of a run again from its certification.json. Decides nothing and needs no network."""
    from certify.pipeline import publish
    from certify.report.recorded import read_report
    from certify.rundir import RunDirectory

    rundir = RunDirectory.open(run_dir)
    for path in publish(read_report(rundir), rundir, formats, only=True):
        click.echo(path)
