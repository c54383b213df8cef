"""From a place in the prepared document back to the file and line that a person wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from certify.contract.library import Library
from certify.contract.lines import find_lines
from certify.contract.origins import Atlas, Origins
from certify.contract.problem import Mistake
from certify.contract.survey import Found, Survey
from certify.errors import Problem
from certify.program.events import Unreadable
from certify.program.source import Place, decoded, spell

MOST = 500
"""Mistakes that are told; a contract with more has one that matters among the first."""
LONGEST = 300
"""Characters of a message; what a file says may be repeated, but not at any length."""


def tell(found: Iterable[Found], survey: Survey, library: Library, origins: Origins) -> tuple[Mistake, ...]:
    """The mistakes, each with its file, line and operations, in the order of files and lines."""
    first = list(dict.fromkeys(found))[:MOST]
    if not first:
        return ()
    atlas = Atlas(library)
    spots = [_spot(item.place, survey.document, atlas, origins) or (library.root_uri, item.place) for item in first]
    lines = _lines(spots, library)
    told = [
        _mistake(item, library.sources[uri].name, place, lines[uri, place], survey)
        for item, (uri, place) in zip(first, spots, strict=True)
    ]
    return tuple(sorted(dict.fromkeys(told), key=lambda item: (item.problem.file, item.problem.line)))


def _mistake(item: Found, file: str, place: Place, line: int, survey: Survey) -> Mistake:
    message = item.message if len(item.message) <= LONGEST else f"{item.message[: LONGEST - 1]}…"
    concerned = sorted(survey.operations[unit] for unit in survey.concerned({item.unit}))
    operations = tuple(f"{method.upper()} {path}" for path, method in concerned)
    return Mistake(Problem(file, message, line, spell(place), item.advice), item.effect, operations)


def _spot(place: Place, document: Any, atlas: Atlas, origins: Origins) -> tuple[str, Place] | None:
    """The document and the place in it that the deepest known object around a place was read from."""
    around: list[tuple[Any, int]] = []
    here = document
    for depth, step in enumerate(place):
        if not isinstance(here, dict | list):
            break
        around.append((here, depth))
        try:
            here = here[step]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            break
    else:
        if isinstance(here, dict | list):
            around.append((here, len(place)))
    for node, depth in reversed(around):
        if spot := atlas.find(origins.of(node)):
            return spot[0], (*spot[1], *place[depth:])
    return None


def _lines(spots: Sequence[tuple[str, Place]], library: Library) -> Mapping[tuple[str, Place], int]:
    wanted: dict[str, list[Place]] = {}
    for uri, place in spots:
        wanted.setdefault(uri, []).append(place)
    found: dict[tuple[str, Place], int] = {}
    for uri, places in wanted.items():
        lines = find_lines(_text(library, uri), places)
        found |= {(uri, place): lines[place] for place in places}
    return found


def _text(library: Library, uri: str) -> str:
    try:
        return decoded(library.bytes_of(library.sources[uri]))
    except Unreadable:
        return ""
