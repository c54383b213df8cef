"""``certify revoke``: a certificate is not to be relied upon any more."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from certify.cli.failure import failures_told
from certify.cli.options import FILE, json_option
from certify.formats.inert import visible


@click.command("revoke")
@click.argument("certificate", type=FILE, metavar="[CERTIFICATE|RUN_DIR]", required=False)
@click.option("--reason", default="", metavar="TEXT", help="Why: whoever is refused is told it.")
@click.option("--key", required=True, metavar="FILE|env:NAME", help="The private key that signs the list.")
@click.option(
    "--list",
    "path",
    type=FILE,
    default="reports/revocations.jws",
    show_default=True,
    metavar="FILE",
    help="The list to extend; begun where it is not there.",
)
@click.option("--jwks", metavar="FILE|URL", help="Whose lists to extend (default: only those that this key signed).")
@json_option
@failures_told
def verb(certificate: Path | None, reason: str, key: str, path: Path, jwks: str | None, as_json: bool) -> None:
    """Revoke a certificate: enter it into the signed list of revocations, whose number grows by one.

    The gate refuses what is on the list until a newer run is certified. A list whose signature does not hold is never
    extended. Revoking twice changes nothing. Without a certificate a list is begun, or signed once more with this key.
    """
    from certify.gate.revoking import book, certificate_to_revoke, revoke, sign_again
    from certify.signing.key_set import load_key_set
    from certify.signing.keyring import load_signing_key

    kept, now = book(path, load_signing_key(key), load_key_set(jwks) if jwks else None), time.time()
    if certificate is None:
        longer, new, said, done = sign_again(kept, now=now), False, "", "Signed"
    else:
        revoked = certificate_to_revoke(certificate)
        longer, new = revoke(revoked, reason, kept, now=now)
        said, done = revoked.id, f"{'Revoked' if new else 'Revoked already'}: {revoked.id}, of {revoked.partner.id}"
    if as_json:
        click.echo(json.dumps({"certificate": said, "new": new, "list": str(path), "number": longer.number}))
        return
    click.echo(visible(done))
    click.echo(f"  list: {path}, number {longer.number}, {len(longer.revoked)} revoked")
    click.echo(f"  publish it where the gate reads it, and ask there for --revocations-at-least {longer.number}")
