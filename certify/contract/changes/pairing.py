"""Which operation of the later contract is which of the earlier: by method, and path without parameters' names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from certify.contract.changes.comparing import Pair
from certify.contract.changes.side import Node, Side, escaped
from certify.contract.document import ASIDE
from certify.contract.operation import METHODS

_NAME = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True)
class Placed:
    """An operation where it stands. ``item`` is its path item."""

    id: str
    method: str
    path: str
    node: Node
    item: Node

    @property
    def readable(self) -> bool:
        """Whether the contract says enough of it; else it was set aside when it was prepared."""
        return isinstance(self.node.value, dict) and ASIDE not in self.node.value

    @property
    def names(self) -> list[str]:
        return _NAME.findall(self.path)


@dataclass
class Pairing:
    both: list[tuple[Placed, Placed]] = field(default_factory=list)
    removed: list[Placed] = field(default_factory=list)
    added: list[Placed] = field(default_factory=list)


def pair_up(old: Side, new: Side) -> Pairing:
    """Match the operations. Two paths of one shape are told apart by their names, as far as these stayed."""
    found, later = Pairing(), _by_shape(new)
    exact = {(item.method, item.path): item for items in later.values() for item in items}
    for shape, items in _by_shape(old).items():
        for placed in items:
            same = exact.get((placed.method, placed.path)) or _free(later.get(shape, []), items)
            if same is None:
                found.removed.append(placed)
            else:
                found.both.append((placed, same))
                later[shape].remove(same)
                exact.pop((same.method, same.path), None)
    found.added = [item for items in later.values() for item in items]
    return found


def _free(items: list[Placed], others: list[Placed]) -> Placed | None:
    """One whose own path is not among the earlier ones: those find each other by name."""
    taken = {item.path for item in others}
    return next((item for item in items if item.path not in taken), None)


def paired(earlier: Placed, later: Placed) -> Pair:
    names = dict(zip(earlier.names, later.names, strict=False))
    return Pair(earlier.id, earlier.node, later.node, earlier.item, later.item, names)


def _by_shape(side: Side) -> dict[tuple[str, str], list[Placed]]:
    found: dict[tuple[str, str], list[Placed]] = {}
    for placed in _operations(side):
        found.setdefault((placed.method, _NAME.sub("{}", placed.path)), []).append(placed)
    return found


def _operations(side: Side) -> Iterator[Placed]:
    for path, raw in _mapping(side.document.get("paths")).items():
        if not path.startswith("/"):
            continue
        item = side.follow(Node(raw, f"/paths/{escaped(path)}"))
        for method in METHODS:
            if isinstance(item.get(method), dict):
                name = item.value[method].get("operationId") or f"{method.upper()} {path}"
                yield Placed(str(name), method, path, item / method, item)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
