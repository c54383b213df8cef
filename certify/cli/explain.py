"""``certify explain``: a check, a criterion or a fault in words."""

from __future__ import annotations

from pathlib import Path

import click

from certify.cli.failure import failures_told
from certify.cli.options import FILE
from certify.errors import UsageError
from certify.formats.inert import unobeyed


@click.command("explain")
@click.argument("name", metavar="ID")
@click.option("--program", type=FILE, metavar="DIR", help="A directory, reference or baseline (default: these two).")
@click.option("--run", "run_dir", type=FILE, metavar="RUN_DIR", help="As this recorded run was judged.")
@failures_told
def verb(name: str, program: Path | None, run_dir: Path | None) -> None:
    """Explain a check, a criterion or a fault: statement, source, what is sent, how it decides, causes and fixes."""
    from certify.explain import baseline, explain, load_catalogue, load_run

    if program and run_dir:
        raise UsageError("--program and --run exclude each other", ["a run knows the playbook that it was judged by"])
    if run_dir:
        click.echo(unobeyed(explain(name, *load_run(run_dir))))
        return
    playbook, checks = load_catalogue(program)
    click.echo(unobeyed(explain(name, playbook, checks, () if program else (baseline(checks),))))
