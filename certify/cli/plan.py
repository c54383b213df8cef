"""``certify plan``: show what a run would do."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from certify.cli.failure import failures_told
from certify.cli.options import bounds_options, json_option, selection_options, target_options


@click.command("plan")
@target_options
@selection_options
@bounds_options
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
    as_json: bool,
) -> None:
    """Show which checks would run, in which order, why any will not, and what it would cost. Sends nothing."""
    from certify.cli.terminal.plan import render_plan
    from certify.model.codec import encode
    from certify.model.plan import Bounds
    from certify.pipeline import RunRequest, load_program, plan_for
    from certify.planning import Request

    request = RunRequest(
        partner,
        program,
        answers,
        waivers,
        None,
        Request(milestones, checks, seed, max_examples, bounds=Bounds(max_requests, max_minutes)),
    )
    plan = plan_for(load_program(request), request)
    if as_json:
        click.echo(json.dumps(encode(plan)))
    else:
        render_plan(plan, sys.stdout)
