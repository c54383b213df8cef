"""``certify replay``: see a finding again."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from certify.cli.failure import failures_told
from certify.cli.options import FILE, json_option

EXIT = {"fixed": 0, "still failing": 1, "cannot tell": 3}


@click.command("replay")
@click.argument("run_dir", type=FILE)
@click.argument("finding")
@click.option("--partner", type=FILE, metavar="FILE", help="The partner profile (default: the run's).")
@click.option("--program", type=FILE, metavar="DIR", help="Playbook, contract and suites (default: the run's).")
@json_option
@failures_told
def verb(run_dir: Path, finding: str, partner: Path | None, program: Path | None, as_json: bool) -> None:
    """Send again what proves a finding, and say whether it is still failing or fixed.

    FINDING is its number in the report (F3) or the id of an exchange. Credentials are fresh, from the profile; where
    one answer does not decide, the whole check is run again. Ends with 0: fixed, 1: still failing, 3: cannot tell.
    """
    from certify.cli.terminal.replay import as_object, render_replay
    from certify.replay.replay import Request, replay

    done = replay(Request(run_dir, finding, partner, program))
    if as_json:
        click.echo(json.dumps({**as_object(done), "exit_code": EXIT[done.decision.result]}))
    else:
        render_replay(done, sys.stdout)
    sys.exit(EXIT[done.decision.result])
