"""Schemas of OpenAPI 3.0 in the words of JSON Schema 2020-12, so that one validator serves both.

OpenAPI 3.0 says ``nullable`` where JSON Schema has the type null, and knows ``exclusiveMinimum`` as a flag.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# What stands under these keys is data, not a schema.
_DATA = frozenset(["example", "examples", "default", "enum", "const"])


def modernised(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document with the schemas of OpenAPI 3.0 translated; a newer document as it is."""
    if not str(document.get("openapi", "")).startswith("3.0"):
        return document
    translated = _translated(document)
    assert isinstance(translated, dict)
    return translated


def _translated(node: Any) -> Any:
    if isinstance(node, list):
        return [_translated(item) for item in node]
    if not isinstance(node, dict):
        return node
    copy = {key: value if key in _DATA else _translated(value) for key, value in node.items()}
    for flag, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(copy.get(flag), bool):
            copy |= {flag: copy[bound]} if copy.pop(flag) and bound in copy else {}
    return _nullable(copy) if copy.get("nullable") is True else copy


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """Null beside the declared type. Without a type ``nullable`` says nothing (OpenAPI 3.0.3 §4.7.24.1), but most
    authors mean it, so it is believed beside ``$ref`` and ``allOf`` as well."""
    schema = {key: value for key, value in schema.items() if key != "nullable"}
    if isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
        if isinstance(schema.get("enum"), list) and None not in schema["enum"]:
            schema["enum"] = [*schema["enum"], None]
        return schema
    return {"anyOf": [schema, {"type": "null"}]} if schema else schema
