"""An operation laid out flat: what is said at each place of it, its schemas, and its texts, apart from each other.

    Frame.said      {"/responses/200/content/a~1b": {}, …}      everything that is neither of the others
    Frame.schemas   {"/requestBody/content/a~1b/schema": Node, …}
    Frame.texts     {"/summary": "Hello", …}

References are followed, so that a part that moved into a component lies at the same place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from certify.contract.changes.media import SCHEMAS
from certify.contract.changes.side import Node, Side, escaped

MOST_PLACES = 20_000
"""Places of one operation; parts that refer to others twice each could ask for any number."""
_TEXTS = frozenset(
    ["summary", "description", "tags", "operationId", "externalDocs", "example", "examples", "deprecated"]
)
_NESTED = "callbacks"
"""Calls that a call brings about: compared by themselves."""


@dataclass
class Frame:
    """``unfinished``: the operation has more places than are looked at."""

    said: dict[str, Any] = field(default_factory=dict)
    schemas: dict[str, Node] = field(default_factory=dict)
    texts: dict[str, Any] = field(default_factory=dict)
    unfinished: bool = False


def frame(side: Side, operation: Node) -> Frame:
    """What an operation says, place by place."""
    found, waiting = Frame(), [("", operation)]
    while waiting:
        place, node = waiting.pop()
        if len(found.said) > MOST_PLACES:
            found.unfinished = True
            break
        node = side.follow(node)
        found.said[place] = None if isinstance(node.value, dict | list) else node.value
        for name, part in _parts(node).items():
            _put(found, waiting, f"{place}/{name}", name, part)
    return found


def _put(found: Frame, waiting: list[tuple[str, Node]], place: str, name: str, part: Node) -> None:
    if name in SCHEMAS:
        found.schemas[place] = part
    elif name in _TEXTS:
        found.texts[place] = part.value
    elif name != _NESTED and not name.startswith("x-"):
        waiting.append((place, part))


def _parts(node: Node) -> dict[str, Node]:
    """Members by name, parameters by what they are called, other items by their place."""
    if isinstance(node.value, dict):
        return {escaped(str(name)): node / name for name in node.value}
    items = [node / number for number in range(len(node.value) if isinstance(node.value, list) else 0)]
    return {_called(item, number): item for number, item in enumerate(items)}


def _called(item: Node, number: int) -> str:
    name, place = item.get("name"), item.get("in")
    return f"{escaped(str(place))} {escaped(str(name))}" if name and place else str(number)
