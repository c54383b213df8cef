"""``certify run``: certify a partner's sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
def verb(as_json: bool, **options: Any) -> None:
    """Certify a partner's sandbox: record what it does, judge it, and write the report.

    The report is written to a run directory, reports/<partner>/<run> unless --out says otherwise. With --failed, the
    profile, the program and the seed are those of the earlier run, and the end says what changed. With --sign, what was
    proved is signed as `certify sign` does it; the key is looked at before anything is sent.

    With --since, only what a change of contract, playbook or suites touches runs, with the gate check and all that did
    not pass then; the rest is carried over and marked so.
    """
    from certify.cli.asked import Asked, completed, earlier_of, run_request
    from certify.cli.verdicts import run_and_tell

    earlier = earlier_of(Asked(**options))
    asked = completed(Asked(**options), earlier)
    if asked.partner is None:
        raise click.UsageError(_which_profile(earlier))
    run_and_tell(run_request(asked, asked.partner), as_json=as_json, earlier=earlier)


def _which_profile(earlier: Earlier | None) -> str:
    if earlier is None:
        return "Missing option '--partner'."
    return f"{earlier.path} does not say which profile it had: name it with --partner"
