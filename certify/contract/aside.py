"""What stands in place of an operation that is set aside: not what it says, but whether it is still the same.

Nobody can tell what such an operation demands. That it changed can be told all the same: by a digest of it and of all
that it refers to.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from certify.contract.document import ASIDE
from certify.http.call import resolve_pointer


@dataclass
class Stubs:
    """Makes the stubs of one document; what operations share is looked at once."""

    document: Mapping[str, Any]
    _known: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)

    def stub(self, operation: Any) -> dict[str, Any]:
        """``x-set-aside`` holds the digest, in hexadecimal digits."""
        return {ASIDE: self._digest(operation), "responses": {"default": {"description": "set aside"}}}

    def _digest(self, operation: Any) -> str:
        content, waiting = _looked_at(operation)
        found, left = {"": content}, set(waiting)
        while left:
            pointer = left.pop()
            content, further = self._at(pointer)
            found[pointer] = content
            left |= further - found.keys()
        return _hashed(found)

    def _at(self, pointer: str) -> tuple[str, frozenset[str]]:
        if pointer not in self._known:
            self._known[pointer] = _looked_at(resolve_pointer(self.document, pointer))
        return self._known[pointer]


def _looked_at(value: Any) -> tuple[str, frozenset[str]]:
    return _hashed(value), frozenset(_references(value))


def _hashed(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def _references(value: Any) -> Iterator[str]:
    stack = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            stack += node.values()
            target = node.get("$ref")
            if isinstance(target, str) and target.startswith("#/"):
                yield unquote(target[1:])
        elif isinstance(node, list | tuple):
            stack += node
