"""Every object of a document that can hold a reference, without recursion, and without taking data for schemas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

NAMES = frozenset(
    (
        *("properties", "patternProperties", "definitions", "$defs", "dependentSchemas", "schemas", "parameters"),
        *("responses", "requestBodies", "headers", "securitySchemes", "securityDefinitions", "links", "callbacks"),
        *("pathItems", "paths", "webhooks", "content", "mediaTypes", "additionalOperations"),
    )
)
"""Under these keys stand mappings from names that people chose, so that a property may be called ``enum``."""
DATA = frozenset(["example", "default", "enum", "const", "value", "mapping", "x-example", "x-examples"])
"""Under these stands data."""


def nodes(root: Any) -> Iterator[dict[str, Any]]:
    """The objects below ``root``, itself included: no data, no extensions, and no mappings of names.

    A caller may change an object when it is yielded; what is put into it then is walked as well.
    """
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        node, named = stack.pop()
        if type(node) is list:
            stack += [(item, False) for item in node if type(item) is dict or type(item) is list]
        elif named:
            stack += [(child, False) for child in node.values() if type(child) is dict or type(child) is list]
        elif type(node) is dict:
            yield node
            for key, child in node.items():
                kind = type(child)
                if kind is dict:
                    if key == "examples":
                        yield from (item for item in child.values() if type(item) is dict and "$ref" in item)
                    elif key not in DATA and key[:2] != "x-":
                        stack.append((child, key in NAMES))
                elif kind is list and key not in DATA and key != "examples" and key[:2] != "x-":
                    stack.append((child, False))
