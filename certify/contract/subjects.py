"""What the answers of operations are about: the name of the schema of a thing, alone, in an envelope, or in a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from certify.contract.operation import Operation
from certify.errors import ProgramError

_DEPTH = 3


class Subjects:
    """Reads the schemas of successes. ``at`` gives the node of the document at a pointer."""

    def __init__(self, at: Callable[[str], Any]) -> None:
        self._at = at

    def single(self, operation: Operation) -> str:
        """The schema of the thing that a success is: its ``$ref``, or that of the only thing in its envelope."""
        return next((found for schema in self._schemas(operation) if (found := self._thing(schema, 0))), "")

    def plural(self, operation: Operation) -> str:
        """The schema of the things that a success lists: the items of an array, also in an envelope."""
        return next((found for schema in self._schemas(operation) if (found := self._items(schema, 0))), "")

    def lists(self, operation: Operation) -> bool:
        """Whether a success is an array, or an object that holds just one."""
        return any(self._arrays(schema) for schema in self._schemas(operation))

    def _arrays(self, schema: Any) -> bool:
        target = self._target(schema) if isinstance(schema, Mapping) else {}
        if isinstance(target, Mapping) and target.get("type") == "array":
            return True  # the answer itself
        inside = [self._target(part) for part in _properties(target).values() if isinstance(part, Mapping)]
        return [part.get("type") for part in inside if isinstance(part, Mapping)].count("array") == 1

    def _schemas(self, operation: Operation) -> Iterator[Any]:
        for status, answer in operation.answers.items():
            if status.startswith("2"):
                for pointer in answer.media.values():
                    if pointer:
                        yield self._node(pointer)

    def _thing(self, schema: Any, depth: int) -> str:
        if not isinstance(schema, Mapping) or depth > _DEPTH:
            return ""
        target = self._target(schema)
        inner = [part for part in _properties(target).values() if self._is_object(part)]
        envelope = len(_properties(target)) <= 3 and len(inner) == 1 and "id" not in _properties(target)
        if envelope and (found := self._thing(inner[0], depth + 1)):
            return found
        return str(schema.get("$ref", ""))

    def _items(self, schema: Any, depth: int) -> str:
        target = self._target(schema) if isinstance(schema, Mapping) else None
        if not isinstance(target, Mapping) or depth > _DEPTH:
            return ""
        if "items" in target:
            return self._thing(target["items"], depth + 1)
        lists = [found for part in _properties(target).values() if (found := self._items(part, depth + 1))]
        return lists[0] if len(lists) == 1 else ""

    def _is_object(self, schema: Any) -> bool:
        target = self._target(schema) if isinstance(schema, Mapping) else {}
        return bool(_properties(target)) or (isinstance(target, Mapping) and "allOf" in target)

    def _target(self, schema: Mapping[str, Any]) -> Any:
        reference = str(schema.get("$ref", ""))
        return self._node(reference[1:]) if reference.startswith("#/") else schema

    def _node(self, pointer: str) -> Any:
        try:
            return self._at(pointer)
        except ProgramError:
            return {}


def _properties(schema: Any) -> Mapping[str, Any]:
    found = schema.get("properties", {}) if isinstance(schema, Mapping) else {}
    return found if isinstance(found, Mapping) else {}
