"""``certify keys platform``: the public keys that a sandbox has to trust."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import click

from certify.cli.failure import failures_told
from certify.cli.options import FILE


@click.command("platform", short_help="Print or serve the keys that a sandbox has to trust.")
@click.option("--partner", type=FILE, required=True, metavar="FILE", help="The partner profile.")
@click.option("--serve", metavar="HOST:PORT", help="Serve them, until Ctrl-C, for a sandbox that fetches its keys.")
@failures_told
def platform(partner: Path, serve: str | None) -> None:
    """Print or serve the public keys that a sandbox has to trust: those of the profile's platform tokens.

    A run serves them by itself where the profile says platform_tokens.serve_jwks.
    """
    from certify.errors import UsageError
    from certify.http.key_set import key_set, served
    from certify.program.partner import load_partner

    profile = load_partner(partner)
    if serve is None:
        click.echo(json.dumps(key_set(profile), indent=2))
        return
    if not serve.rpartition(":")[2].isdigit() or not serve.rpartition(":")[0]:
        raise UsageError(f"--serve {serve!r} is not host:port", ["for example --serve 127.0.0.1:8910"])
    with served(profile, serve) as url:
        click.echo(f"{url} — Ctrl-C ends it")
        threading.Event().wait()
