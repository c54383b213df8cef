"""``certify reproduce``: the same verdict again?"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from certify.cli.failure import failures_told
from certify.cli.options import FILE, json_option, out_option

if TYPE_CHECKING:
    from certify.reproduce import Reproduction

SCHEMA = "certify/reproduction/1"


@click.command("reproduce")
@click.argument("run_dir", type=FILE)
@click.option("--partner", type=FILE, metavar="FILE", help="The partner profile (default: the run's).")
@click.option("--program", type=FILE, metavar="DIR", help="Playbook, contract and suites (default: the run's).")
@click.option("--answers", type=FILE, metavar="FILE", help="What people signed (default: the run's).")
@click.option("--waivers", type=FILE, metavar="FILE", help="Argued exceptions (default: those that the run recorded).")
@out_option
@json_option
@failures_told
def verb(
    run_dir: Path,
    partner: Path | None,
    program: Path | None,
    answers: Path | None,
    waivers: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Run again what a run recorded, with its seed and its selection, and say of every difference whose it is.

    Ends with 0: the same verdict and outcomes from the same harness, 1: the partner answers differently, 3: cannot be
    told, because the harness is another one, the new run is not complete, or what differs is not stable.
    """
    from certify.cli.terminal.reproduction import render_reproduction
    from certify.cli.verdicts import run_shown
    from certify.reproduce import Again, reproduce

    again = Again(run_dir, partner, program, answers, waivers, out)
    found = reproduce(again, lambda request: run_shown(request, quiet=as_json))
    if as_json:
        click.echo(json.dumps(as_object(found)))
    else:
        render_reproduction(found, sys.stdout)
    sys.exit(found.attribution.outcome.exit_code)


def as_object(found: Reproduction) -> dict[str, Any]:
    """The one JSON object: the decision, whose each difference is, and the whole comparison."""
    from certify.comparing import as_json
    from certify.model.codec import encode

    attribution = found.attribution
    return {
        "schema": SCHEMA,
        "reproduced": attribution.outcome.value,
        "exit_code": attribution.outcome.exit_code,
        "why": attribution.why,
        "harness": list(attribution.harness),
        "differences": encode(attribution.differences),
        "directory": str(found.done.path),
        "comparison": as_json.as_object(found.comparison),
    }
