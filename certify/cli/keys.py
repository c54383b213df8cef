"""``certify keys``: the keys that sign certificates, approvals and revocations, and those of platform tokens."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from certify.cli.failure import failures_told
from certify.cli.options import FILE, json_option
from certify.cli.platform_keys import platform

if TYPE_CHECKING:
    from certify.signing.key_directory import KeyDirectory, NewKey, Purpose
    from certify.signing.key_set import TrustedKey

USES = ("certificate", "approval", "revocation")
ALGORITHMS = {"ed25519": "EdDSA", "es256": "ES256"}

keys_option = click.option(
    "--keys", "place", type=FILE, metavar="DIR", help="Where your keys are kept (default: ~/.config/certify/keys)."
)


@click.group("keys")
def verb() -> None:
    """Make, list, publish and replace the keys that sign.

    docs/keys.md tells who holds which key, and how verifiers come to trust it.
    """


verb.add_command(platform)


@verb.command("new", short_help="Make a key.")
@click.option("--owner", required=True, metavar="NAME", help="Whose key it is: a person, or a pipeline.")
@click.option("--use", "uses", multiple=True, type=click.Choice(USES), help="What it signs (default: certificate).")
@click.option("--role", "roles", multiple=True, metavar="ROLE", help="As whom its owner approves; repeatable.")
@click.option("--gated", is_flag=True, help="Only a pipeline can use it: what it signs may open a gate.")
@click.option("--algorithm", type=click.Choice(list(ALGORITHMS)), default="ed25519", show_default=True)
@keys_option
@json_option
@failures_told
def new(
    owner: str,
    uses: tuple[str, ...],
    roles: tuple[str, ...],
    gated: bool,
    algorithm: str,
    place: Path | None,
    as_json: bool,
) -> None:
    """Make a key. Its private half is written where only you can read it."""
    from certify.model.certificate import Provenance
    from certify.signing.key_directory import Purpose, purpose_checked
    from certify.signing.key_set import Use

    provenance = Provenance.GATED if gated else Provenance.PRACTICE
    named = tuple(Use(use) for use in dict.fromkeys(uses or USES[:1]))
    purpose = purpose_checked(
        Purpose(owner.strip(), named, tuple(dict.fromkeys(roles)), provenance, ALGORITHMS[algorithm])
    )
    folder = _directory(place)
    twins = [key for key in folder.all() if key.status == "active" and _same_purpose(key, purpose)]
    _tell_new(folder, folder.new(purpose, time.time()), as_json)
    for key in twins:
        click.echo(
            f"beside it key {key.short} of {key.owner} signs the same: keep both and name one by its file, or end the "
            f"other with `certify keys retire {key.short}`",
            err=True,
        )


@verb.command("list", short_help="List keys, your own or published ones.")
@click.option("--jwks", metavar="FILE|URL", help="List the keys of a published key set instead of your own.")
@keys_option
@json_option
@failures_told
def listed(jwks: str | None, place: Path | None, as_json: bool) -> None:
    """List keys: name, owner, uses, roles, provenance, status, since when."""
    from certify.signing.key_set import load_key_set

    folder = _directory(place)
    keys = load_key_set(jwks).keys if jwks else folder.all()
    if as_json:
        click.echo(json.dumps([_row(key) for key in keys]))
        return
    for line in _table(keys):
        click.echo(line)
    if not keys:
        click.echo(f"{jwks or folder.place} has no keys yet: certify keys new makes one", err=True)


@verb.command("jwks", short_help="Print public halves, to be published.")
@click.argument("files", nargs=-1, type=FILE, metavar="[FILE]...")
@keys_option
@failures_told
def jwks(files: tuple[Path, ...], place: Path | None) -> None:
    """Print the public halves as a JWK set: yours, or those of the key sets FILE, put together.

    Read what each key claims to be trusted for before you publish a set that others collected for you.
    """
    from certify.signing.key_set import as_text, joined

    sets = [str(file) for file in files] or [str(_directory(place).key_set)]
    click.echo(as_text(joined(sets)), nl=False)


@verb.command("rotate", short_help="Make a key that takes the place of another.")
@click.argument("kid", default="")
@click.option(
    "--overlap-days",
    type=click.FloatRange(min=0, max=90),
    default=0.0,
    metavar="N",
    help="The old key signs for so long yet, until verifiers have the new set.",
)
@keys_option
@json_option
@failures_told
def rotate(kid: str, overlap_days: float, place: Path | None, as_json: bool) -> None:
    """Make a key that takes the place of KID (the beginning of its name; not needed where there is one only).

    The old one is retired: what it signed until then still verifies.
    """
    folder = _directory(place)
    old, made = folder.rotate(kid, time.time(), overlap_days * 86_400)
    _tell_new(folder, made, as_json, old)


@verb.command("retire", short_help="Let a key sign no more.")
@click.argument("kid")
@keys_option
@failures_told
def retire(kid: str, place: Path | None) -> None:
    """Let KID sign no more. What it signed until now still verifies."""
    folder = _directory(place)
    _tell_end(folder, folder.retire(kid, time.time()))


@verb.command("revoke", short_help="Let nothing count that a key ever signed.")
@click.argument("kid")
@keys_option
@failures_told
def revoke(kid: str, place: Path | None) -> None:
    """Somebody else may have KID: nothing that it ever signed counts any more."""
    folder = _directory(place)
    _tell_end(folder, folder.revoke(kid, time.time()))


def _same_purpose(key: TrustedKey, purpose: Purpose) -> bool:
    return key.owner == purpose.owner and bool(set(key.uses) & set(purpose.uses))


def _directory(place: Path | None) -> KeyDirectory:
    from certify.signing.key_directory import KeyDirectory, default_place

    return KeyDirectory(place or default_place())


def _tell_new(folder: KeyDirectory, made: NewKey, as_json: bool, old: TrustedKey | None = None) -> None:
    if as_json:
        told = {**_row(made.key), "private": str(made.file), "jwks": str(folder.key_set)}
        click.echo(json.dumps(told | ({"replaces": old.kid} if old else {})))
        return
    click.echo(f"key {made.key.short} of {made.key.owner}, for {_purpose(made.key)}")
    click.echo(f"  private: {made.file} — keep it; it signs with --key {made.file}")
    click.echo(f"  public:  {folder.key_set} — hand it to whoever verifies")
    if old is not None:
        click.echo(f"key {old.short} retires {_day(old.retired)}; delete {folder.private(old)} then")


def _tell_end(folder: KeyDirectory, key: TrustedKey) -> None:
    click.echo(f"key {key.short} of {key.owner} is {key.status}; publish {folder.key_set} so that verifiers know")
    click.echo(f"  its private half is of no more use: rm {folder.private(key)}")


def _purpose(key: TrustedKey) -> str:
    roles = f" as {', '.join(key.roles)}" if key.roles else ""
    provenance = f" ({key.provenance})" if "certificate" in key.uses else ""
    return f"{', '.join(key.uses) or 'nothing'}{roles}{provenance}"


def _row(key: TrustedKey) -> dict[str, Any]:
    return {
        "kid": key.kid,
        "alg": key.alg,
        "owner": key.owner,
        "uses": list(key.uses),
        "roles": list(key.roles),
        "provenance": key.provenance,
        "status": key.status,
        "since": _day(key.retired if key.status != "active" else key.created),
    }


def _table(keys: Sequence[TrustedKey]) -> list[str]:
    """Columns as wide as what is in them; what others wrote into a key set is shown harmless."""
    from certify.formats.inert import visible

    rows = [(key.short, key.owner, _purpose(key), key.status, str(_row(key)["since"])) for key in keys]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        visible("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()) for row in rows
    ]


def _day(moment: float) -> str:
    """A moment in UTC, to the minute; empty where it is unknown."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%MZ") if moment else ""
