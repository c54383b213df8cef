"""Collects the problems of one document, and reads it without trusting its shape.

Rules look at raw values, because a file with a structural mistake should still hear about the others. So every reader
here answers "nothing" for what is missing or of the wrong type; the schema reports that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from certify.errors import ConfigurationError, Problem
from certify.nearest import suggest
from certify.program.source import Document, Place, spell

LONGEST = 300
"""Characters of a message; what a file says may be repeated, but not at any length."""


@dataclass
class Lint:
    """The problems found so far in ``document``."""

    document: Document
    problems: list[Problem] = field(default_factory=list)

    def report(self, place: Place, message: str, advice: str = "", rule: str = "invalid") -> None:
        """Note a problem at a place; a place that is not there gets the line of what is around it.

        ``rule`` says what kind of problem it is, in a word that stays: see ``certify/linting/rules.py``.
        """
        line = self.document.line_of(place)
        short = message if len(message) <= LONGEST else f"{message[: LONGEST - 1]}…"
        self.problems.append(Problem(self.document.file, short, line, spell(place), advice, rule))

    def unknown(self, place: Place, what: str, name: str, known: Collection[str]) -> None:
        """Note a name that nothing answers to, with the nearest that is known."""
        near, advice = suggest(name, known)
        self.report(place, f"unknown {what} {name!r}{near}", advice, f"unknown-{what.replace(' ', '-')}")

    def get(self, *place: str | int) -> Any:
        """The value at a place, or None."""
        here: Any = self.document.value
        for step in place:
            if isinstance(here, dict) and step in here:
                here = here[str(step)]
            elif isinstance(here, list) and isinstance(step, int) and step < len(here):
                here = here[step]
            else:
                return None
        return here

    def text(self, *place: str | int) -> str:
        """The text at a place, or ``""``."""
        value = self.get(*place)
        return value if isinstance(value, str) else ""

    def mapping(self, *place: str | int) -> dict[str, Any]:
        """The mapping at a place, or an empty one."""
        value = self.get(*place)
        return value if isinstance(value, dict) else {}

    def each(self, *place: str | int) -> Iterator[Place]:
        """The places of the mappings in the list at a place."""
        value = self.get(*place)
        for index, item in enumerate(value if isinstance(value, list) else []):
            if isinstance(item, dict):
                yield (*place, index)

    def texts(self, *place: str | int) -> Iterator[tuple[Place, str]]:
        """The texts in the list at a place, each with its own place."""
        value = self.get(*place)
        for index, item in enumerate(value if isinstance(value, list) else []):
            if isinstance(item, str):
                yield (*place, index), item

    def unique(self, places: Collection[Place], member: str, what: str) -> None:
        """Each mapping's ``member`` is its own; the second of two equal ones is a problem."""
        seen: dict[str, int] = {}
        for place in places:
            name, here = self.text(*place, member), (*place, member)
            if name in seen:
                message = f"{what} {name!r} is there twice; the first is on line {seen[name]}"
                self.report(here, message, "rename one", "duplicate")
            elif name:
                seen[name] = self.document.line_of(here)

    def finish(self, error: type[ConfigurationError], what: str) -> None:
        """Raise ``error`` with every problem in the order of lines, if there are any."""
        problems = sorted(dict.fromkeys(self.problems), key=lambda problem: (problem.line, problem.path))
        if problems:
            count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
            raise error(f"{what} {self.document.file} has {count}", problems=problems)
