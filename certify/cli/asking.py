"""Questions at the terminal. What a contract says is shown harmless; the answer that comes back is what it said."""

from __future__ import annotations

from collections.abc import Iterable

import click

from certify.cli.terminal.screen import shown
from certify.onboarding import Question


def asked(question: Question) -> str:
    """Put a question to whoever is at the terminal. An empty answer takes the default."""
    if question.why:
        click.echo(click.style(f"({shown(question.why)})", dim=True))
    meant = _labels([*question.choices, question.default])
    default = next(label for label, value in meant.items() if value == question.default)
    kind = click.Choice([label for label, value in meant.items() if value in question.choices])
    answer = click.prompt(shown(question.text), default=default, type=kind if question.choices else str)
    return meant.get(str(answer), str(answer).strip() or question.default)


def _labels(values: Iterable[str]) -> dict[str, str]:
    """A harmless label for each value; those that look alike are numbered."""
    labels: dict[str, str] = {}
    for value in dict.fromkeys(values):
        label = shown(value)
        labels[f"{label} #{len(labels) + 1}" if label in labels else label] = value
    return labels
