"""``certify cleanup``: take away what interrupted runs left in a sandbox."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from certify.cli.failure import failures_told
from certify.cli.options import FILE, json_option


@click.command("cleanup")
@click.option("--partner", type=FILE, required=True, metavar="FILE", help="The partner profile.")
@click.option("--list", "only_list", is_flag=True, help="Show what is on the ledgers; send nothing.")
@json_option
@failures_told
def verb(partner: Path, only_list: bool, as_json: bool) -> None:
    """Delete what interrupted runs created in a sandbox and did not take away again.

    Only what is on the clean-up ledgers of this machine is deleted, as the identity that created it. Runs that are
    still going on are left alone. `certify run` does the same before it begins.
    """
    from certify.cleanup import clean_up, standing
    from certify.cli.terminal.cleanup import render_ledgers
    from certify.model.codec import encode
    from certify.program.partner import load_partner

    profile = load_partner(partner)
    told = (lambda text: None) if as_json else click.echo
    found = standing(profile) if only_list else clean_up(profile, told)
    if as_json:
        click.echo(json.dumps(encode(found)))
    else:
        render_ledgers(found, sys.stdout, listed=only_list)
    if not only_list and any(not ledger.done for ledger in found):
        sys.exit(4)
