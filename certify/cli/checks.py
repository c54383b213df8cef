"""``certify checks``: list all checks."""

from __future__ import annotations

import json
from pathlib import Path

import click

from certify.cli.failure import failures_told
from certify.cli.options import FILE, json_option


@click.command("checks")
@click.option("--program", type=FILE, metavar="DIR", help="A directory, or built in: reference (default), baseline.")
@json_option
@failures_told
def verb(program: Path | None, as_json: bool) -> None:
    """List all checks: id, level, area, and the criteria that they decide."""
    from certify.explain import bindings, load_catalogue

    playbook, checks = load_catalogue(program)
    bound = bindings(playbook)
    rows = [(check, bound.get(check.id, ())) for check in checks.values()]
    if as_json:
        listed = [{"id": c.id, "level": c.level, "area": c.area, "criteria": list(names)} for c, names in rows]
        click.echo(json.dumps(listed))
        return
    for check, names in rows:
        click.echo(f"{check.id:34} {check.level:9} {check.area:9} {', '.join(names) or '(no criterion)'}")
    click.echo(f"\n{len(rows)} checks. `certify explain ID` tells what one sends, and how it decides.")
