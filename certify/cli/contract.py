"""``certify contract``: what can be asked of contracts by themselves."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from certify.cli.failure import failures_told
from certify.cli.options import FILE

if TYPE_CHECKING:
    from certify.recertification.telling import Told


@click.group("contract")
def verb() -> None:
    """Ask about contracts: what changed between two of them, and whom that concerns."""


@verb.command("diff")
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@click.option(
    "--format", "style", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True,
    help="How to print the changes.",
)  # fmt: skip
@click.option("--reports", type=FILE, metavar="DIR", help="Name the partners whose certificates lie there.")
@click.option(
    "--program", type=FILE, metavar="DIR",
    help="Whose rules for notice and grace count: a directory, or built in: reference, baseline (default: reference).",
)  # fmt: skip
@click.option(
    "--effective", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
    help="From when the change holds (default: info.x-effective of NEW, else after the playbook's notice).",
)  # fmt: skip
@click.option(
    "--fail-on", type=click.Choice(["breaking", "any", "none"]), default="breaking", show_default=True,
    help="Which changes give exit code 1.",
)  # fmt: skip
@failures_told
def diff(
    old: Path,
    new: Path,
    style: str,
    reports: Path | None,
    program: Path | None,
    effective: datetime | None,
    fail_on: str,
) -> None:
    """Compare the contracts OLD and NEW: what changed, what breaks clients, which partners have to be certified again.

    Exit code 0: nothing that --fail-on names; 1: something; 2: a contract, or an option, cannot be read.
    """
    from certify.recertification.telling import Asked, tell

    today = datetime.now(UTC).date()
    told = tell(Asked(old, new, reports, program, effective.date() if effective else None, today))
    _print(told, style)
    broken = bool(told.counts.get("breaking"))
    sys.exit({"breaking": broken, "any": bool(told.changes), "none": False}[fail_on])


def _print(told: Told, style: str) -> None:
    if style == "sarif":
        from certify.contract.changes import rules
        from certify.formats.sarif import changes_sarif

        click.echo(changes_sarif(told.changes, rules()).decode())
    elif style == "json":
        click.echo(json.dumps(_object(told)))
    else:
        from certify.cli.terminal.contract_changes import render_contract_changes

        render_contract_changes(told, sys.stdout)


def _object(told: Told) -> dict[str, Any]:
    from certify.model.codec import encode

    found: dict[str, Any] = encode(told)
    return found
