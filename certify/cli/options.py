"""Options that several verbs share, spelled once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Verb = TypeVar("Verb", bound=Callable[..., Any])


def _all(*decorators: Callable[[Any], Any]) -> Callable[[Verb], Verb]:
    def decorate(verb: Verb) -> Verb:
        for decorator in reversed(decorators):
            verb = decorator(verb)
        return verb

    return decorate


class _OnDisk(click.Path):
    """A path. An address is told as it was typed: as a path it would lose a slash, and be looked for on the disk."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, str) and value.lower().startswith(("http://", "https://")):
            self.fail(
                f"{value} is an address, and a file is needed here: fetch it first, and name the copy", param, ctx
            )
        return super().convert(value, param, ctx)


FILE = _OnDisk(path_type=Path)

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, nothing else.")

partner_option = click.option("--partner", type=FILE, required=True, metavar="FILE", help="The partner profile.")

program_options = _all(
    click.option(
        "--program",
        type=FILE,
        metavar="DIR",
        help="Playbook, contract and suites: a directory, or built in: reference, baseline (default: baseline for a "
        "profile with a contract of its own, else reference).",
    ),
    click.option("--answers", type=FILE, metavar="FILE", help="What people signed (default: the profile's)."),
    click.option("--waivers", type=FILE, metavar="FILE", help="Argued exceptions (default: beside the playbook)."),
)

target_options = _all(partner_option, program_options)

selection_options = _all(
    click.option("--milestone", "milestones", multiple=True, metavar="ID", help="Up to and including; repeatable."),
    click.option("--check", "checks", multiple=True, metavar="GLOB", help="Only these checks; repeatable."),
    click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Repeat a run's random choices."),
    click.option(
        "--max-examples",
        type=click.IntRange(min=1, max=10_000),
        default=10,
        show_default=True,
        metavar="N",
        help="Generated cases per operation.",
    ),
)

bounds_options = _all(
    click.option("--max-requests", type=click.IntRange(min=1), metavar="N", help="Send no more; the rest is not run."),
    click.option(
        "--max-minutes",
        type=click.FloatRange(min=0, min_open=True, max=10_000),
        metavar="M",
        help="Take no longer; the rest is not run.",
    ),
)

out_option = click.option(
    "--out", type=FILE, metavar="DIR", help="New run directory (default: reports/<partner>/<run>)."
)

key_option = click.option(
    "--key", required=True, metavar="FILE|env:NAME", help="The private key, in PEM: a file, or env: and a variable."
)

key_set_option = click.option(
    "--jwks",
    default="",
    metavar="FILE|URL",
    help="The key set that verifiers trust (default: keys.jwks.json beside the key).",
)

no_commands_option = click.option(
    "--no-commands",
    is_flag=True,
    help="Refuse secrets from commands: run no code that a profile brings (as CERTIFY_NO_COMMANDS=1 does).",
)

expect_partner_option = click.option(
    "--expect-partner", default="", metavar="ID", help="Refuse what speaks for another partner than this."
)

since_option = click.option(
    "--since",
    type=FILE,
    metavar="CERTIFICATE",
    help="Run only what changed since that certificate, and carry the rest over; believed by --jwks.",
)

sign_options = _all(
    click.option("--sign", "key", metavar="FILE|env:NAME", help="Sign the run at its end, with that private key."),
    click.option("--issuer", metavar="NAME", default="", help="With --sign: who certifies (default: the key's owner)."),
    key_set_option,
)
