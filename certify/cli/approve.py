"""``certify approve``: counter-sign a certificate."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from certify.cli.failure import failures_told
from certify.cli.options import FILE, json_option, key_option, key_set_option

if TYPE_CHECKING:
    from certify.certificate.approve import Proposal


@click.command("approve")
@click.argument("run_dir", type=FILE)
@click.option("--as", "role", required=True, metavar="ROLE", help="In which role: one of the playbook's.")
@key_option
@click.option("--name", default="", metavar="NAME", help="Your name: that of the key's owner (default).")
@click.option("--comment", default="", metavar="TEXT", help="What you want to be read with it.")
@key_set_option
@click.option("--again", is_flag=True, help="Replace an approval in that role.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@failures_told
def verb(
    run_dir: Path,
    role: str,
    key: str,
    name: str,
    comment: str,
    jwks: str,
    again: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Approve a certificate: put your name under exactly these bytes of it, as approvals/ROLE.jws.

    Shows what is approved and asks, before it signs. The certificate is verified first, with the key set; one that
    cannot be relied upon is not approved, and the exit code is that of `certify verify`.
    """
    from certify.certificate.approve import Review, propose
    from certify.certificate.signatory import key_set_for, signatory
    from certify.errors import UsageError
    from certify.rundir import RunDirectory
    from certify.signing.key_set import Use

    rundir = RunDirectory.open(run_dir)
    by, keys = signatory(key, Use.APPROVAL, jwks=jwks), key_set_for(key, jwks)
    if keys is None:
        raise UsageError("no key set says whose certificate this is", ["name the one that verifiers trust with --jwks"])
    proposal = propose(rundir, by, keys, Review(role, name, comment, again), now=time.time())
    if not as_json:
        _show(proposal)
    if not yes:
        _ask(proposal, as_json=as_json)
    path = proposal.give()
    click.echo(json.dumps(_told(proposal, path))) if as_json else _tell(proposal, path)


def _show(proposal: Proposal) -> None:
    from certify.cli.terminal.certificate import render_certificate
    from certify.cli.terminal.screen import shown

    render_certificate(proposal.certificate, sys.stdout)
    for item in proposal.others:
        said = f": {item.approval.comment}" if item.approval.comment else ""
        click.echo(shown(f"Approved by {item.approval.name} as {item.approval.role}{said}", 2200))
    if proposal.certificate.verdict != "certified":
        click.echo("It does not certify the partner: an approval changes nothing about that.")
    if not proposal.asked_for:
        click.echo(f"The playbook asks nobody to approve it as {proposal.approval.role}.")


def _ask(proposal: Proposal, *, as_json: bool) -> None:
    """The role, typed by a person; Enter alone approves nothing."""
    from certify.cli.terminal.screen import is_terminal, shown
    from certify.errors import UsageError

    role = proposal.approval.role
    if as_json or not is_terminal(sys.stdin):
        raise UsageError("nobody is there to be asked", ["read `certify verify`, and approve with --yes"])
    question = f"{shown(proposal.approval.name)}, type the role to approve this as {role}"
    try:
        answer = click.prompt(question, default="", show_default=False)
    except click.Abort:
        answer = ""
    if answer.strip() != role:
        raise UsageError("nothing was approved", [f"type {role} to approve, or name another role with --as"])


def _tell(proposal: Proposal, path: Path) -> None:
    from certify.cli.terminal.screen import shown

    click.echo(f"Approved as {proposal.approval.role} by {shown(proposal.approval.name)}: {path}")
    if proposal.same_person:
        others = " and ".join(proposal.same_person)
        click.echo(f"You approved it as {others} too: where two different people have to approve, you are one of them.")
    for milestone, missing in proposal.missing.items():
        click.echo(shown(f"Still missing for {milestone}: {'; '.join(missing)}."))


def _told(proposal: Proposal, path: Path) -> dict[str, Any]:
    approval = proposal.approval
    return {
        "approval": str(path),
        "certificate": approval.certificate,
        "digest": approval.digest,
        "role": approval.role,
        "name": approval.name,
        "key": proposal.by.key.kid,
        "at": approval.at,
        "verdict": proposal.certificate.verdict,
        "same_person": list(proposal.same_person),
        "missing": {milestone: list(missing) for milestone, missing in proposal.missing.items()},
    }
