"""``certify diff``: what changed between two runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from certify.cli.failure import failures_told
from certify.cli.options import FILE

if TYPE_CHECKING:
    from certify.comparing.comparison import Comparison

FORMATS = ("text", "markdown", "html", "json")


@click.command("diff")
@click.argument("first", type=FILE, metavar="RUN")
@click.argument("second", type=FILE, required=False, metavar="[LATER]")
@click.option("--format", "name", type=click.Choice(FORMATS), default="text", show_default=True, help="How to tell it.")
@click.option("--out", type=FILE, metavar="FILE", help="Write it there instead of printing it.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--any-partner", is_flag=True, help="Compare runs of different partners all the same.")
@failures_told
def verb(first: Path, second: Path | None, name: str, out: Path | None, as_json: bool, any_partner: bool) -> None:
    """Compare two recorded runs: what newly fails, what newly passes, and what changed beneath them.

    One run alone is compared with the last certified run of its partner that lies beside it, a signed one first. Both
    records are judged again; nothing is sent. Ends with 0: nothing fell, 1: something is newly failing or newly not
    proven.
    """
    from certify.comparing.diff import diff

    comparison = diff(first, second, any_partner=any_partner)
    show(comparison, "json" if as_json else name, out)
    sys.exit(comparison.exit_code)


def show(comparison: Comparison, name: str, out: Path | None) -> None:
    """Print a comparison, or write it whole or not at all."""
    if out is None and name == "text":
        from certify.cli.terminal.comparison import render_comparison

        render_comparison(comparison, sys.stdout)
        return
    data = _rendered(comparison, name)
    if out is None:
        sys.stdout.write(data.decode())
    else:
        _write(out, data)
        click.echo(out)


def _rendered(comparison: Comparison, name: str) -> bytes:
    match name:
        case "html":
            from certify.comparing.page import as_html

            return as_html(comparison)
        case "markdown":
            from certify.comparing.markdown import as_markdown

            return as_markdown(comparison).encode()
        case "json":
            from certify.comparing.as_json import as_json

            return as_json(comparison).encode()
        case _:
            import io

            from certify.cli.terminal.comparison import render_comparison

            text = io.StringIO()
            render_comparison(comparison, text, color=False)
            return text.getvalue().encode()


def _write(out: Path, data: bytes) -> None:
    from certify.errors import OutputError
    from certify.rundir import RunDirectory

    try:
        RunDirectory(out.parent).write(out.name, data)
    except OSError as error:
        raise OutputError(f"cannot write {out}: {error.strerror}", ["name a writable file with --out"]) from None
