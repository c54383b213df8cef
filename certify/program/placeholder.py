"""What a drafted profile leaves to its owner: values that only they know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from certify.program.source import Place

PLACEHOLDER = "CHANGE-ME"


def placeholders(value: Any, place: Place = ()) -> Iterator[Place]:
    """The places of a document whose text still is, or holds, the placeholder."""
    match value:
        case str() if PLACEHOLDER in value:
            yield place
        case dict():
            for name, inner in value.items():
                yield from placeholders(inner, (*place, name))
        case list():
            for number, inner in enumerate(value):
                yield from placeholders(inner, (*place, number))
