"""``certify verify``: can this certificate be relied upon?"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from certify.cli.failure import failures_told
from certify.cli.options import FILE, json_option

if TYPE_CHECKING:
    from certify.certificate.case import Against
    from certify.signing.key_set import KeySet


@click.command("verify")
@click.argument("certificate", type=FILE, metavar="CERTIFICATE|RUN_DIR")
@click.option("--jwks", required=True, metavar="FILE|URL", help="The keys that you trust; nothing else is.")
@click.option("--report", type=FILE, metavar="FILE", help="The report, where it does not lie beside the certificate.")
@click.option("--program", type=FILE, metavar="DIR", help="Has it been certified against this program?")
@click.option("--partner", type=FILE, metavar="FILE", help="Is it of this profile? What it offers is derived again.")
@click.option("--expect-partner", metavar="ID", default="", help="Is it of this partner?")
@click.option(
    "--revocations",
    type=FILE,
    metavar="FILE",
    help="Has it been revoked? (default: revocations.jws beside the reports)",
)
@json_option
@failures_told
def verb(
    certificate: Path,
    jwks: str,
    report: Path | None,
    program: Path | None,
    partner: Path | None,
    expect_partner: str,
    revocations: Path | None,
    as_json: bool,
) -> None:
    """Can this certificate be relied upon? Without a network, unless --jwks is a URL.

    The signature, its times, every file of the run directory in which it lies, the record judged again, and what should
    have run, derived from the playbook. The shape of --json is verification.v1.json.

    \b
    Exit codes: where it is authentic, that of its verdict:
       0  certified
       1  not certified
       3  unproven
    and where it is not:
       2  usage or configuration: nothing was verified
       4  certify itself failed, or a key set could not be fetched
      11  expired
      12  stale: of another program than --program
      13  revoked
      14  untrusted: signature, key, digest, partner, what should have run
    """
    from certify.certificate.as_json import as_object
    from certify.certificate.authentic import certificate_in
    from certify.certificate.revoked import list_beside
    from certify.certificate.verify import examine
    from certify.signing.key_set import load_key_set

    keys, now = load_key_set(jwks), time.time()
    path = certificate_in(certificate)
    listed = revocations or list_beside(path)
    found = examine(path, keys, now=now, against=_against(program, partner, expect_partner, report, listed, keys, now))
    if as_json:
        click.echo(json.dumps(as_object(found)))
    else:
        from certify.cli.terminal.examined import render_examined

        render_examined(found, sys.stdout)
    sys.exit(found.answer.exit_code)


def _against(
    program: Path | None,
    partner: Path | None,
    expect_partner: str,
    report: Path | None,
    revocations: Path | None,
    keys: KeySet,
    now: float,
) -> Against:
    from certify.certificate.case import Against
    from certify.certificate.revoked import read_revocations
    from certify.program.program import find_program

    return Against(
        program=find_program(program) if program is not None else None,
        partner=partner,
        expect_partner=expect_partner,
        report=report,
        revocations=read_revocations(revocations, keys, now=now) if revocations is not None else None,
    )
