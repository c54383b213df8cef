"""``certify plan``: show what a run would do."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from certify.cli.failure import failures_told
from certify.cli.options import bounds_options, json_option, selection_options, since_option, target_options


@click.command("plan")
@target_options
@selection_options
@bounds_options
@since_option
@click.option("--jwks", default="", metavar="FILE|URL", help="With --since: the key set that you trust.")
@json_option
@failures_told
def verb(
    partner: Path,
    program: Path | None,
    answers: Path | None,
    waivers: Path | None,
    milestones: tuple[str, ...],
    checks: tuple[str, ...],
    seed: int | None,
    max_examples: int,
    max_requests: int | None,
    max_minutes: float | None,
    since: Path | None,
    jwks: str,
    as_json: bool,
) -> None:
    """Show which checks would run, in which order, why any will not, and what it would cost. Sends nothing.

    With --since, also what would be carried over from that certificate's run, and why each other check would run.
    """
    from certify.cli.since import basis
    from certify.cli.terminal.plan import render_plan
    from certify.model.codec import encode
    from certify.model.plan import Bounds
    from certify.pipeline import RunRequest, divided, load_program
    from certify.planning import Request

    request = RunRequest(
        partner,
        program,
        answers,
        waivers,
        None,
        Request(milestones, checks, seed, max_examples, bounds=Bounds(max_requests, max_minutes)),
        since=basis(since, None, jwks),
    )
    division = divided(load_program(request), request)
    if as_json:
        click.echo(json.dumps({**encode(division.plan), **({"reasons": dict(division.reasons)} if since else {})}))
    else:
        render_plan(division.plan, sys.stdout, reasons=division.reasons)
