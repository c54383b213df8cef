"""A click group whose verbs are imported when they are called, so that ``certify --help`` is instant."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import click


class LazyGroup(click.Group):
    """``verbs`` maps a name to the module whose ``verb`` is its command, and to the line that help shows."""

    def __init__(self, *args: Any, verbs: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._verbs = verbs

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._verbs:
            return None
        module = importlib.import_module(self._verbs[cmd_name][0])
        command: click.Command = module.verb
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self._verbs:
            from certify.program.nearest import did_you_mean, known_names

            hint = did_you_mean(args[0], self._verbs) or known_names(self._verbs)
            raise click.UsageError(f"no verb is called {args[0]!r}. {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of verbs from their lines alone: importing nine modules to print help would be slow."""
        with formatter.section("Verbs"):
            formatter.write_dl([(name, line) for name, (_, line) in self._verbs.items()])
