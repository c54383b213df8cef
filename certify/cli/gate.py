"""``certify gate``: may this partner proceed?"""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime
from typing import Any

import click

from certify.cli.failure import failures_told
from certify.cli.options import FILE, json_option


@click.command("gate")
@click.option("--partner", required=True, metavar="ID", help="The partner's id, as in its profile.")
@click.option("--milestone", required=True, metavar="ID", help="What it has to have reached.")
@click.option("--environment", required=True, metavar="ID", help="Where it wants to go: one of the playbook's.")
@click.option("--jwks", required=True, metavar="FILE|URL", help="The keys that you trust; nothing else is.")
@click.option(
    "--reports",
    type=FILE,
    default="reports",
    show_default=True,
    metavar="DIR",
    help="Where run directories, and in them certificates, are looked for.",
)
@click.option("--program", type=FILE, metavar="DIR", help="Today's playbook, contract and suites (default: reference).")
@click.option(
    "--contract",
    type=FILE,
    metavar="FILE",
    help="Today's contract, where the program brings none (gated environments need it).",
)
@click.option(
    "--profile", type=FILE, metavar="FILE", help="The partner's profile, as you keep it: no other was certified."
)
@click.option("--waivers", type=FILE, metavar="FILE", help="The waivers that stand (default: beside the playbook).")
@click.option("--revocations", type=FILE, metavar="FILE", help="The list (default: revocations.jws in --reports).")
@click.option(
    "--revocations-at-least",
    "at_least",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Refuse a list with a lower number, which somebody rolled back.",
)
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Decide as of the end of that day (UTC): for audits.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="No grace, and nothing beside what cannot be verified and may be newer, or cannot be looked at.",
)
@json_option
@failures_told
def verb(as_json: bool, at: datetime | None, **asked: Any) -> None:
    """May this partner proceed? Answered from the certificates found, with the reason and what to do.

    Only 0 lets it proceed. The shape of --json is decision.v1.json.

    \b
    Exit codes:
       0  granted (perhaps in a grace period: see "degraded" and "until")
       1  failed: the newest run that counts is not certified
       2  usage or configuration: nothing was decided
       3  unproven: the newest run that counts could not prove it
       4  certify itself failed, or a key set could not be fetched
      10  missing: there is no certificate that counts
      11  expired
      12  stale: contract, playbook or suites changed since
      13  revoked
      14  untrusted: signature, key, digest, contradiction, or the list of revocations
      15  not reviewed: an approval is missing
    """
    from certify.cli.terminal.decision import render_decision
    from certify.gate.ask import Request, ask
    from certify.model.codec import encode

    request = Request(**asked, at=at.date() if at else None)
    decision = ask(request, now=time.time())
    if as_json:
        click.echo(json.dumps(encode(decision)))
    else:
        render_decision(decision, sys.stdout)
    sys.exit(decision.answer.exit_code)
