"""The click group whose verbs are imported when they are called."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from certify.cli.front import VERBS, help_text
from certify.cli.unread import quiet_when_unread


class LazyGroup(click.Group):
    """Knows its verbs by name alone."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(VERBS[cmd_name][0])
        command: click.Command = module.verb
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS:
            from certify.nearest import did_you_mean, known_names

            hint = did_you_mean(args[0], VERBS) or known_names(VERBS)
            raise click.UsageError(f"no verb is called {args[0]!r}{hint}", ctx)
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        return help_text()

    def invoke(self, ctx: click.Context) -> Any:
        with quiet_when_unread():  # click itself would end with 1, which says "not certified"
            return super().invoke(ctx)


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="certify", message="certify %(version)s")
def group() -> None:
    """See ``certify/cli/front.py``."""


def call(words: Sequence[str]) -> NoReturn:
    """Call the verb, and leave. A machine that asked for JSON gets its one object also where the words are wrong."""
    try:
        sys.exit(group.main(list(words), prog_name="certify", standalone_mode=False))
    except click.Abort:
        click.echo("certify: nothing was done", err=True)
    except click.ClickException as error:
        _refuse(error, as_json="--json" in words)
    sys.exit(2)


def _refuse(error: click.ClickException, *, as_json: bool) -> None:
    from certify.cli.failure import tell
    from certify.errors import UsageError

    if not as_json:
        error.show()
        return
    context = error.ctx if isinstance(error, click.UsageError) else None
    verb = context.command_path if context else "certify"
    tell(UsageError(error.format_message(), [f"`{verb} --help` lists what it takes"]), as_json=True)
