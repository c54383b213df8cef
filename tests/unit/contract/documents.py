"""Small contracts, so that a test shows all that matters in it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from certify.contract import Contract
from certify.contract.dialect import modernise

JSON = "application/json"


def contract(paths: dict[str, Any] | None = None, schemas: dict[str, Any] | None = None, **more: Any) -> Contract:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": paths or {},
        "components": {"schemas": schemas or {}},
        **more,
    }
    document = deepcopy(document)
    modernise(document)
    return Contract(document, "test")


def body(schema: Any, **more: Any) -> dict[str, Any]:
    return {"required": True, "content": {JSON: {"schema": schema, **more}}}


def answers(**schemas: Any) -> dict[str, Any]:
    """``answers(_200=schema)``; None for an answer without a body."""
    return {
        name.strip("_"): {"description": "-", **({"content": {JSON: {"schema": schema}}} if schema else {})}
        for name, schema in schemas.items()
    }


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
