"""``certify doctor``: look at profile and sandbox before a run."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from certify.cli.failure import failures_told
from certify.cli.options import FILE, json_option


@click.command("doctor")
@click.option("--partner", type=FILE, required=True, metavar="FILE", help="The partner profile.")
@click.option("--program", type=FILE, metavar="DIR", help="As for run.")
@json_option
@failures_told
def verb(partner: Path, program: Path | None, as_json: bool) -> None:
    """Look at profile and sandbox before a run: the way there, the contract, signing in, probes, limits, test data.

    Each problem says whose it is, the likely causes and the line of the profile to change. `certify run` makes the
    quick examinations first, too. Exit codes: 0 healthy; 2 profile or contract have to change; 4 the way to the
    sandbox, or the sandbox.
    """
    from certify.cli.terminal.diagnosis import render_diagnosis
    from certify.doctor.as_json import as_object
    from certify.pipeline import RunRequest, diagnose

    diagnosis = diagnose(RunRequest(partner, program))
    if as_json:
        click.echo(json.dumps(as_object(diagnosis)))
    else:
        render_diagnosis(diagnosis, sys.stdout)
    sys.exit(diagnosis.exit_code)
