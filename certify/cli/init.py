"""``certify init``: draft a partner profile from a contract."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from certify.cli.failure import failures_told
from certify.cli.options import FILE

QUIET = "nobody is at the terminal, so nothing was asked and the careful answers were taken (as with --yes)"


@click.command("init")
@click.option("--contract", metavar="FILE|URL", help="The OpenAPI document (default: looked for below --url).")
@click.option("--url", metavar="URL", help="Where the API is (default: the contract's server).")
@click.option("--out", type=FILE, metavar="FILE", help="The profile to write (default: <id>.yaml).")
@click.option("--id", "partner_id", metavar="ID", help="The partner's short name.")
@click.option("--name", metavar="TEXT", help="The partner's name for people.")
@click.option("--sign-in", metavar="NAME", help="A security scheme of the contract, or a kind of sign-in.")
@click.option("--client-id", metavar="TEXT", help="The OAuth client id of the identity primary.")
@click.option("--username", metavar="TEXT", help="The user name of the identity primary.")
@click.option("--allow-writes/--no-writes", default=None, help="Whether certify may create, change and delete.")
@click.option("--yes", is_flag=True, help="Ask nothing; take the careful answers.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@failures_told
def verb(
    contract: str | None,
    url: str | None,
    out: Path | None,
    partner_id: str | None,
    name: str | None,
    sign_in: str | None,
    client_id: str | None,
    username: str | None,
    allow_writes: bool | None,
    yes: bool,
    force: bool,
) -> None:
    """Draft a partner profile: how to sign in, which operations to use, what is offered, each with the reason.

    It asks what the contract does not say. Secrets are never asked for: the profile names environment variables.
    """
    from certify.cli.asking import asked
    from certify.cli.terminal.drafted import render_drafted
    from certify.onboarding import Wishes, by_default, draft_profile, write_profile
    from certify.onboarding.writing import check_place

    settings = {key: value for key, value in (("client_id", client_id), ("username", username)) if value}
    wishes = Wishes(contract or "", url or "", partner_id or "", name or "", sign_in or "", allow_writes, settings)
    if out is not None:
        check_place(out, force=force)
    silent = yes or not sys.stdin.isatty()
    if silent and not yes:
        click.echo(f"certify: {QUIET}", err=True)
    draft = draft_profile(wishes, out, by_default if silent else asked)
    render_drafted(draft, write_profile(draft, force=force), sys.stdout)
