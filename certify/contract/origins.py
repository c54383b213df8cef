"""Where the objects of a prepared document came from, for messages that name the file and line a person wrote."""

from __future__ import annotations

from typing import Any

from certify.contract.library import Library
from certify.program.source import Place


class Origins:
    """New objects and those they were made from. Both are kept alive, since objects are told apart by ``id()``."""

    def __init__(self) -> None:
        self._olds: dict[int, Any] = {}
        self._kept: list[Any] = []

    def made(self, new: Any, old: Any) -> None:
        """``new`` was made from ``old``; nothing is remembered of what is no container."""
        if new is not old and isinstance(new, dict | list) and isinstance(old, dict | list):
            self._olds[id(new)] = old
            self._kept.append(new)

    def of(self, node: Any) -> Any:
        while id(node) in self._olds:
            node = self._olds[id(node)]
        return node


class Atlas:
    """Finds any container of a library's documents by its identity. Built once, and only when something is wrong."""

    def __init__(self, library: Library) -> None:
        self._homes: dict[int, tuple[int, str | int]] = {}
        self._roots = {id(source.value): source.uri for source in library.sources.values()}
        for source in library.sources.values():
            self._chart(source.value)

    def find(self, node: Any) -> tuple[str, Place] | None:
        """The URI of the document that holds a container, and the way to it there; None where none does."""
        place: list[str | int] = []
        here = id(node)
        while here not in self._roots:
            if here not in self._homes:
                return None
            here, step = self._homes[here]
            place.append(step)
        return self._roots[here], tuple(reversed(place))

    def _chart(self, root: Any) -> None:
        waiting = [root]
        while waiting:
            node = waiting.pop()
            items = node.items() if isinstance(node, dict) else enumerate(node)
            for step, child in items:
                if isinstance(child, dict | list) and id(child) not in self._homes and id(child) not in self._roots:
                    self._homes[id(child)] = (id(node), step)
                    waiting.append(child)
