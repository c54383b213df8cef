"""``certify sign``: certify a recorded run with a signature."""

from __future__ import annotations

import json
import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from certify.cli.failure import failures_told
from certify.cli.options import FILE, expect_partner_option, json_option, key_option, key_set_option

if TYPE_CHECKING:
    from certify.certificate.sign import Signed
    from certify.model.plan import Plan


@click.command("sign")
@click.argument("run_dir", type=FILE)
@key_option
@click.option("--issuer", metavar="NAME", default="", help="Who certifies (default: the key's owner).")
@key_set_option
@click.option("--again", is_flag=True, help="Replace a certificate that is there; its approvals are taken away.")
@expect_partner_option
@json_option
@failures_told
def verb(run_dir: Path, key: str, issuer: str, jwks: str, again: bool, expect_partner: str, as_json: bool) -> None:
    """Sign what a run proved: certificate.jws, and the same for supply-chain tools, certificate.dsse.json.

    The run is judged again from its record, and whatever its verdict is, is signed: the gate answers with it. The exit
    code is 0 when it was signed.
    """
    from certify.certificate.expected_partner import refuse_other
    from certify.certificate.sign import sign_run
    from certify.certificate.signatory import signatory
    from certify.rundir import RunDirectory
    from certify.signing.key_set import Use

    rundir = RunDirectory.open(run_dir)
    refuse_other(rundir.plan().partner.id, expect_partner, str(run_dir))
    signed = sign_run(rundir, signatory(key, Use.CERTIFICATE, jwks=jwks, issuer=issuer), now=time.time(), again=again)
    if as_json:
        click.echo(json.dumps(told(signed)))
    else:
        tell(signed, rundir.plan())


def told(signed: Signed) -> dict[str, Any]:
    """What a pipeline needs to know of a certificate. Nothing of the private key but its public name."""
    certificate = signed.certificate
    return {
        "certificate": str(signed.path),
        "id": certificate.id,
        "partner": certificate.partner.id,
        "run": certificate.run,
        "verdict": certificate.verdict,
        "milestones": {item.id: item.verdict for item in certificate.milestones},
        "provenance": certificate.provenance.value,
        "issuer": certificate.issuer,
        "key": signed.by.key.kid,
        "issued": certificate.issued,
        "expires": certificate.expires,
        "waived": [waiver.check for waiver in certificate.waivers if waiver.state == "used"],
        "flaky": [check.id for check in certificate.checks if check.flaky],
        "carried": [check.id for check in certificate.checks if check.carried],
        "other_runs": len(certificate.earlier),
        "void_approvals": list(signed.void),
        "doubt": signed.doubt,
    }


def tell(signed: Signed, plan: Plan) -> None:
    """Print what was signed, and who is asked to approve it."""
    from certify.cli.terminal.certificate import render_certificate
    from certify.cli.terminal.screen import shown

    render_certificate(signed.certificate, sys.stdout)
    click.echo(f"Signed with key {signed.by.key.short}: {signed.path}")
    if signed.doubt:
        click.echo(f"Note: {signed.doubt}.")
    if signed.void:
        click.echo(f"Taken away, because they were of the earlier certificate: approvals as {', '.join(signed.void)}")
    certified = {item.id for item in signed.certificate.milestones if item.verdict == "certified"}
    for rule in plan.playbook.certification.approvals:
        if rule.milestone in certified:
            people = f" ({rule.people} different people)" if rule.people > 1 else ""
            click.echo(f"For {shown(rule.milestone)} the playbook asks for approvals{people}:")
            for role in rule.roles:
                click.echo(f"  certify approve {shlex.quote(str(signed.path.parent))} --as {shown(role)} --key FILE")
