"""Lines of a document, looked for only when there is something to tell: one pass over its events, nothing is built."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from certify.program.source import Place


def find_lines(text: str, places: Collection[Place]) -> Mapping[Place, int]:
    """The line (from 1) where each place, or the nearest thing around it, was written; 1 where nothing is found."""
    trie: dict[Any, Any] = {}
    for place in places:
        branch = trie
        for step in place:
            branch = branch.setdefault(step, {})
    found: dict[Place, int] = {}
    if trie:
        _scan(text, trie, found)
    return {place: _nearest(place, found) for place in places}


def _nearest(place: Place, found: Mapping[Place, int]) -> int:
    for size in range(len(place), 0, -1):
        if place[:size] in found:
            return found[place[:size]]
    return 1


def _scan(text: str, trie: dict[Any, Any], found: dict[Place, int]) -> None:
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _follow(yaml.parse(text, Loader=loader), yaml, trie, found)
    except yaml.YAMLError:
        return  # JSON that is no YAML (a tab, a lone surrogate): what was found until there has to do


@dataclass
class _Level:
    """An open container on the way: what is looked for in it, where it is, and what comes next in it.

    ``number`` is the next item's; -1 in a mapping, where ``name`` is the member that waits for its value.
    """

    wanted: dict[Any, Any]
    place: Place
    number: int
    name: str | None = None

    def takes_name(self) -> bool:
        return self.number < 0 and self.name is None

    def step(self) -> str | int:
        """What the value that comes now is called."""
        if self.number >= 0:
            self.number += 1
            return self.number - 1
        name, self.name = self.name, None
        return name or ""


def _follow(events: Any, yaml: Any, trie: dict[Any, Any], found: dict[Place, int]) -> None:
    """Walk the events along the branches of ``trie``; what lies beside them is skipped by counting."""
    mapping, sequence, scalar = yaml.MappingStartEvent, yaml.SequenceStartEvent, yaml.ScalarEvent
    ends = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
    levels: list[_Level] = []
    skipped = 0
    for event in events:
        kind = type(event)
        opens = kind is mapping or kind is sequence
        if kind in ends:
            if skipped:
                skipped -= 1
            else:
                levels.pop()
        elif skipped:
            skipped += opens
        elif not levels:
            if opens:
                levels.append(_Level(trie, (), 0 if kind is sequence else -1))
        elif opens or kind is scalar or kind is yaml.AliasEvent:
            top = levels[-1]
            line = event.start_mark.line + 1
            if top.takes_name():
                top.name = event.value if kind is scalar else ""
                if top.name in top.wanted:
                    found.setdefault((*top.place, top.name), line)
                continue
            step = top.step()
            if step in top.wanted:
                found.setdefault((*top.place, step), line)
                if opens:
                    levels.append(_Level(top.wanted[step], (*top.place, step), 0 if kind is sequence else -1))
            else:
                skipped += opens
