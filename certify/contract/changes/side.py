"""One of the two contracts: its document, references followed, every value with the pointer at which it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import unquote

from certify.http.call import ABSENT, resolve_pointer


class Node(NamedTuple):
    """A value of a document, and its JSON Pointer (RFC 6901)."""

    value: Any
    pointer: str

    def __truediv__(self, step: str | int) -> Node:
        """A member of it; ``{}`` where there is none."""
        inner = self.value
        if isinstance(inner, list):
            found = inner[int(step)] if int(step) < len(inner) else {}
        else:
            found = inner.get(step, {}) if isinstance(inner, dict) else {}
        return Node(found, f"{self.pointer}/{escaped(str(step))}")

    def members(self, name: str) -> dict[str, Node]:
        """What stands in a mapping of names, by name; empty where there is no mapping."""
        inner = self / name
        if not isinstance(inner.value, dict):
            return {}
        return {key: inner / key for key in inner.value}

    def get(self, name: str, default: Any = None) -> Any:
        return self.value.get(name, default) if isinstance(self.value, dict) else default


@dataclass
class Side:
    """A prepared document. ``at`` remembers what it has looked up."""

    document: Mapping[str, Any]
    _known: dict[str, Any] = field(default_factory=dict)
    _ends: dict[str, Node] = field(default_factory=dict)

    def at(self, pointer: str) -> Any:
        """The value at a pointer; ``{}`` where it leads nowhere."""
        if pointer not in self._known:
            found = resolve_pointer(self.document, pointer)
            self._known[pointer] = {} if found is ABSENT else found
        return self._known[pointer]

    def root(self) -> Node:
        return Node(self.document, "")

    def follow(self, node: Node) -> Node:
        """Where a chain of references ends, however long; a circle, or what leaves the document, says nothing."""
        passed: dict[str, None] = {}
        while (target := reference(node.value)) is not None:
            if target in passed:
                node = Node({}, target)
                break
            if target in self._ends:
                node = self._ends[target]
                break
            passed[target] = None
            node = Node(self.at(target), target)
        self._ends.update(dict.fromkeys(passed, node))
        return node


def reference(value: Any) -> str | None:
    """The pointer that a reference names; None where there is no reference."""
    if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
        return None
    text = unquote(value["$ref"])
    return text[1:] if text.startswith("#") else ""


def escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
