"""Where a person finds a change: file and line, looked for once, when somebody is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from certify.contract.document import Contract
from certify.contract.lines import find_lines
from certify.http.call import ABSENT, resolve_pointer
from certify.model.change import Change
from certify.program.source import Place

LARGEST = 2 * 1024 * 1024
"""Bytes of a file in which lines are looked for; a larger one is named without."""


def located(changes: Sequence[Change], old: Contract, new: Contract) -> tuple[Change, ...]:
    """The changes, each with file and line: in the later contract, or in the earlier one where something is gone."""
    homes = [_home(change.pointer, old, new) for change in changes]
    places = [_place(change.pointer, home.document) for change, home in zip(changes, homes, strict=True)]
    pairs = list(zip(homes, places, strict=True))
    lines = {id(home): _lines(home, [place for owner, place in pairs if owner is home]) for home in (old, new)}
    return tuple(
        replace(change, file=home.source, line=lines[id(home)].get(place, 0))
        for change, (home, place) in zip(changes, pairs, strict=True)
    )


def _home(pointer: str, old: Contract, new: Contract) -> Contract:
    """The later contract, where it has such a place or both have none."""
    plain = pointer.split("#", 1)[0]
    gone = resolve_pointer(new.document, plain) is ABSENT and resolve_pointer(old.document, plain) is not ABSENT
    return old if gone else new


def _place(pointer: str, document: Mapping[str, Any]) -> Place:
    """A pointer as steps, those into lists as numbers. What stands behind ``#`` tells changes of one place apart."""
    value: Any = document
    steps: list[str | int] = []
    for raw in pointer.split("#", 1)[0].split("/")[1:]:
        step = raw.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and step.isdigit():
            steps.append(int(step))
            value = value[int(step)] if int(step) < len(value) else None
        else:
            steps.append(step)
            value = value.get(step) if isinstance(value, dict) else None
    return tuple(steps)


def _lines(contract: Contract, places: Iterable[Place]) -> dict[Place, int]:
    wanted, file = set(places), Path(contract.source)
    try:
        if not wanted or "://" in contract.source or file.stat().st_size > LARGEST:
            return {}
        return dict(find_lines(file.read_text("utf-8"), wanted))
    except (OSError, ValueError):
        return {}
