"""``certify run``: certify a partner's sandbox."""

from __future__ import annotations

from pathlib import Path

import click

from certify.cli.failure import failures_told
from certify.cli.options import bounds_options, json_option, out_option, selection_options, target_options


@click.command("run")
@target_options
@selection_options
@bounds_options
@out_option
@json_option
@failures_told
def verb(
    partner: Path,
    program: Path | None,
    answers: Path | None,
    milestones: tuple[str, ...],
    checks: tuple[str, ...],
    seed: int | None,
    max_examples: int,
    max_requests: int | None,
    max_minutes: float | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Certify a partner's sandbox: record what it does, judge it, and write the report.

    The report is written to a run directory, reports/<partner>/<run> unless --out says otherwise.
    """
    from certify.cli.verdicts import command_line, run_and_tell
    from certify.model.plan import Bounds
    from certify.pipeline import RunRequest
    from certify.planning import Request

    command = command_line("run", partner=partner, program=program, milestone=milestones)
    selection = Request(milestones, checks, seed, max_examples, command, Bounds(max_requests, max_minutes))
    run_and_tell(RunRequest(partner, program, answers, out, selection), as_json=as_json)
