"""Schemas of OpenAPI 3.0 in the words of JSON Schema 2020-12, so that one validator serves both.

OpenAPI 3.0 says ``nullable`` where JSON Schema has the type null, knows ``exclusiveMinimum`` as a flag, and ignores
what stands beside ``$ref``. The document is changed in place: it is large, and it is ours.
"""

from __future__ import annotations

from typing import Any

from certify.contract.walking import nodes

_BESIDE_REF = frozenset(["$ref", "summary", "description", "title", "deprecated", "readOnly", "writeOnly", "nullable"])
"""What may stay beside a ``$ref`` because it asserts nothing (OpenAPI 3.0.4 §4.7.23: the rest is ignored)."""
_OF_PATH_ITEMS = frozenset(
    ["get", "put", "post", "delete", "options", "head", "patch", "trace", "parameters", "servers"]
)


def modernise(document: dict[str, Any]) -> None:
    """Translate the schemas of an OpenAPI 3.0 document; a newer one stays as it is."""
    if not str(document.get("openapi", "")).startswith("3.0"):
        return
    bundled = document.get("x-bundled")
    for root in (document, *(bundled.values() if isinstance(bundled, dict) else ())):
        for node in nodes(root):
            _translate(node)
    document["openapi"] = "3.1.0"


def _translate(node: dict[str, Any]) -> None:
    if isinstance(node.get("$ref"), str) and not _OF_PATH_ITEMS & node.keys():
        for name in node.keys() - _BESIDE_REF:
            if not name.startswith("x-"):
                del node[name]
    for flag, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(node.get(flag), bool) and node.pop(flag) and bound in node:
            node[flag] = node.pop(bound)
    if node.get("nullable") is True:
        _nullable(node)
    elif "nullable" in node:
        del node["nullable"]


def _nullable(schema: dict[str, Any]) -> None:
    """Null beside the declared type. Without a type ``nullable`` says nothing (OpenAPI 3.0.3 §4.7.24.1), but most
    authors mean it, so it is believed beside ``$ref`` and ``allOf`` as well."""
    del schema["nullable"]
    if isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
        if isinstance(schema.get("enum"), list) and None not in schema["enum"]:
            schema["enum"] = [*schema["enum"], None]
    elif schema:
        inner = dict(schema)
        schema.clear()
        schema["anyOf"] = [inner, {"type": "null"}]
