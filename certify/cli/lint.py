"""``certify lint``: what is wrong with the files that people write, before anything runs."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import click

from certify.cli.failure import failures_told
from certify.cli.options import FILE


@click.command("lint")
@click.option("--program", type=FILE, metavar="DIR", help="As for run (default: reference).")
@click.option("--partner", type=FILE, metavar="FILE", help="A partner profile, to be looked at too.")
@click.option("--answers", type=FILE, metavar="FILE", help="What people signed (default: the profile's or program's).")
@click.option("--waivers", type=FILE, metavar="FILE", help="Argued exceptions (default: beside the playbook).")
@click.option("--run", "runs", type=FILE, multiple=True, metavar="RUN_DIR", help="Which waivers did it not need?")
@click.option("--reports", type=FILE, metavar="DIR", help="Which waivers did each partner's newest runs not need?")
@click.option("--today", metavar="DATE", help="Look at it as on that day: YYYY-MM-DD (default: today, UTC).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, nothing else.")
@click.option("--format", "form", type=click.Choice(["text", "sarif"]), default="text", help="SARIF 2.1.0, or text.")
@click.option("--rules", is_flag=True, help="List what is looked for.")
@failures_told
def verb(
    program: Path | None,
    partner: Path | None,
    answers: Path | None,
    waivers: Path | None,
    runs: tuple[Path, ...],
    reports: Path | None,
    today: str | None,
    as_json: bool,
    form: str,
    rules: bool,
) -> None:
    """Look for what is wrong with playbook, suites, answers, waivers and profile, each with file, line and rule.

    Exit codes: 0 nothing, or notes only; 1 errors or warnings; 2 a file cannot be read.
    """
    from certify.cli.terminal.lint import as_object, render_lint, render_rules
    from certify.linting import RULES, LintRequest, lint

    if rules:
        render_rules(RULES, sys.stdout)
        return
    found = lint(LintRequest(_day(today), program, partner, answers, waivers, runs, reports))
    if form == "sarif":
        from certify.formats.sarif import lint_sarif

        sys.stdout.write(lint_sarif(found).decode())
    elif as_json:
        click.echo(json.dumps(as_object(found)))
    else:
        render_lint(found, sys.stdout)
    sys.exit(found.exit_code)


def _day(written: str | None) -> date:
    if written is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise click.UsageError(f"--today {written!r} is not a date: YYYY-MM-DD") from None
