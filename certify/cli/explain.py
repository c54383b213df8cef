"""``certify explain``: a check, a criterion or a fault in words."""

from __future__ import annotations

from pathlib import Path

import click

from certify.cli.failure import failures_told
from certify.cli.options import FILE


@click.command("explain")
@click.argument("name", metavar="ID")
@click.option("--program", type=FILE, metavar="DIR", help="A directory, or built in: reference (default), baseline.")
@failures_told
def verb(name: str, program: Path | None) -> None:
    """Explain a check, a criterion or a fault: statement, source, what is sent, how it decides, causes and fixes."""
    from certify.explain import explain, load_catalogue

    click.echo(explain(name, *load_catalogue(program)))
