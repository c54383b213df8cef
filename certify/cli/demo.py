"""``certify demo``: the whole line on the embedded reference sandbox."""

from __future__ import annotations

from pathlib import Path

import click

from certify.cli.failure import failures_told
from certify.cli.options import bounds_options, json_option, out_option, selection_options


@click.command("demo")
@click.option("--fault", "faults", multiple=True, metavar="NAME", help="Let the sandbox misbehave; repeatable.")
@selection_options
@bounds_options
@out_option
@json_option
@failures_told
def verb(
    faults: tuple[str, ...],
    milestones: tuple[str, ...],
    checks: tuple[str, ...],
    seed: int | None,
    max_examples: int,
    max_requests: int | None,
    max_minutes: float | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Certify the embedded partner against the reference playbook.

    Starts the reference sandbox on a free loopback port, runs everything, and names the report to open. With --fault
    the sandbox misbehaves in that way, and the certification fails; `certify sandbox --list-faults` lists them.
    """
    import tempfile

    from certify.cli.verdicts import command_line, run_and_tell
    from certify.model.plan import Bounds
    from certify.pipeline import RunRequest
    from certify.planning import Request
    from certify.sandbox.faults import find_fault
    from certify.sandbox.profile import render_profile
    from certify.sandbox.server import start_process

    for name in faults:
        find_fault(name)
    selection = Request(
        milestones, checks, seed, max_examples, command_line("demo", fault=faults), Bounds(max_requests, max_minutes)
    )
    with start_process(faults) as sandbox, tempfile.TemporaryDirectory(prefix="certify-demo-") as folder:
        profile = Path(folder) / "partner.yaml"
        profile.write_text(render_profile(sandbox.base_url), encoding="utf-8")
        run_and_tell(RunRequest(profile, out=out, selection=selection), as_json=as_json)
