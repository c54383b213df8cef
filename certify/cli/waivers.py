"""``certify waivers``: argued exceptions."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from certify.cli.failure import failures_told
from certify.cli.options import FILE


@click.group("waivers")
def verb() -> None:
    """Argued exceptions: each for one check of one partner, until a date.

    playbook/README.md tells how they are kept; `certify lint` says which of them count.
    """


@verb.command("suggest", short_help="Print the entry for a failure, to be argued about.")
@click.argument("run_dir", type=FILE)
@click.argument("checks", nargs=-1, metavar="[CHECK]...")
@failures_told
def suggest(run_dir: Path, checks: tuple[str, ...]) -> None:
    """Print the entry of waivers.yaml for a failed check of a run, or for each one that holds a milestone back.

    What nobody but you can know is left open, and `certify lint` refuses the entry until it is written. Of a check that
    cannot be waived it says why, on standard error. Exit codes: 0 there is an entry; 1 there is none.
    """
    from certify.formats.inert import visible
    from certify.report import judged
    from certify.report.suggestion import document, suggestions
    from certify.rundir import RunDirectory

    rundir = RunDirectory.open(run_dir)
    plan, (_, report) = rundir.plan(), judged(rundir)
    _refuse_others(checks, [check.id for check in report.checks], run_dir)
    told = suggestions(plan, report, datetime.now(UTC).date(), checks)
    for item in told:
        if item.refusal:
            click.echo(f"certify: no waiver for {item.check}: {visible(item.refusal)}", err=True)
    if not told:
        unfinished = "" if report.run.complete else "; it is not complete, so something may fail yet"
        click.echo(f"certify: no failed check holds a milestone back in that run{unfinished}", err=True)
    text = document(plan, told)
    click.echo(text, nl=False)
    sys.exit(0 if text else 1)


def _refuse_others(names: tuple[str, ...], known: list[str], run_dir: Path) -> None:
    from certify.errors import UsageError
    from certify.nearest import suggest as nearest

    for name in names:
        if name not in known:
            near, advice = nearest(name, known)
            raise UsageError(f"the run in {run_dir} has no check {name!r}{near}", [advice] if advice else [])
