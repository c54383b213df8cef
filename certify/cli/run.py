"""``certify run``: certify a partner's sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from certify.cli.failure import failures_told
from certify.cli.options import (
    FILE,
    bounds_options,
    expect_partner_option,
    json_option,
    no_commands_option,
    out_option,
    program_options,
    selection_options,
    sign_options,
    since_option,
)

if TYPE_CHECKING:
    from certify.unmet import Earlier


@click.command("run")
@click.option("--partner", type=FILE, metavar="FILE", help="The partner profile (required, but for --failed).")
@program_options
@selection_options
@click.option("--failed", type=FILE, metavar="RUN_DIR", help="Only what was not met in that run, on the same profile.")
@bounds_options
@out_option
@since_option
@sign_options
@no_commands_option
@expect_partner_option
@json_option
@failures_told
def verb(
    partner: Path | None,
    program: Path | None,
    answers: Path | None,
    waivers: Path | None,
    milestones: tuple[str, ...],
    checks: tuple[str, ...],
    seed: int | None,
    max_examples: int,
    failed: Path | None,
    max_requests: int | None,
    max_minutes: float | None,
    out: Path | None,
    since: Path | None,
    key: str | None,
    issuer: str,
    jwks: str,
    no_commands: bool,
    expect_partner: str,
    as_json: bool,
) -> None:
    """Certify a partner's sandbox: record what it does, judge it, and write the report.

    The report is written to a run directory, reports/<partner>/<run> unless --out says otherwise. With --failed, the
    profile, the program and the seed are those of the earlier run, and the end says what changed. With --sign, what was
    proved is signed as `certify sign` does it; the key is looked at before anything is sent.

    With --since, only what a change of contract, playbook or suites touches runs, with the gate check and all that did
    not pass then; the rest is carried over and marked so.
    """
    from certify.certificate.signatory import signatory
    from certify.cli.since import basis
    from certify.cli.verdicts import command_line, run_and_tell
    from certify.model.plan import Bounds
    from certify.pipeline import RunRequest
    from certify.planning import Request
    from certify.program.withheld import forbid_commands, withhold
    from certify.signing.key_set import Use
    from certify.unmet import read_earlier

    if failed is not None and checks:
        raise click.UsageError("--failed chooses the checks itself: give either that or --check")
    if since is not None and (checks or failed):
        raise click.UsageError("--since chooses the checks itself: give it without --check and --failed")
    earlier = read_earlier(failed) if failed is not None else None
    if earlier is not None:
        partner, program = partner or earlier.option("--partner"), program or earlier.option("--program")
        answers, waivers = answers or earlier.option("--answers"), waivers or earlier.option("--waivers")
        milestones, checks = milestones or earlier.plan.selection.milestones, earlier.again
        seed = earlier.plan.seed if seed is None else seed
        max_examples = earlier.plan.max_examples if _left_out("max_examples") else max_examples
    if partner is None:
        raise click.UsageError(_which_profile(earlier))
    command = command_line(
        "run", partner=partner, program=program, answers=answers, waivers=waivers, milestone=milestones, since=since
    )
    selection = Request(milestones, checks, seed, max_examples, command, Bounds(max_requests, max_minutes))
    if no_commands:
        forbid_commands()
    signer = signatory(key, Use.CERTIFICATE, jwks=jwks, issuer=issuer) if key is not None else None
    if key is not None and signer is not None:
        withhold(key, signer.key.kid)  # before the profile is read: what it names, it could send
    stands_on = basis(since, key, jwks)
    request = RunRequest(
        partner, program, answers, waivers, out, selection, (), signer, stands_on, expected_partner=expect_partner
    )
    run_and_tell(request, as_json=as_json, earlier=earlier)


def _left_out(option: str) -> bool:
    source = click.get_current_context().get_parameter_source(option)
    return source is click.core.ParameterSource.DEFAULT


def _which_profile(earlier: Earlier | None) -> str:
    if earlier is None:
        return "Missing option '--partner'."
    return f"{earlier.path} does not say which profile it had: name it with --partner"
