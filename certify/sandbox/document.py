"""The contract as the sandbox uses it: operations with their scopes, and schemas compiled once.

Nothing about an operation is repeated in code. A parameter that the document lists is the one that is validated; a
scope that it names is the one that is demanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from certify.sandbox.formats import FORMATS
from certify.sandbox.places import CONTRACT

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Parameter:
    """One input outside the body."""

    name: str
    where: str
    required: bool
    schema: Schema
    validator: Any


@dataclass(frozen=True)
class Operation:
    """One operation. ``scopes`` is None for a public one; ``media_type`` is empty where there is no body."""

    id: str
    method: str
    path: str
    scopes: frozenset[str] | None
    parameters: tuple[Parameter, ...]
    media_type: str = ""
    body_schema: Schema | None = None
    body_validator: Any = None

    def parameters_in(self, where: str) -> tuple[Parameter, ...]:
        return tuple(parameter for parameter in self.parameters if parameter.where == where)


@dataclass(frozen=True)
class Document:
    """The whole contract. ``raw`` is the document with every reference put in its place."""

    raw: Mapping[str, Any]
    operations: Mapping[str, Operation]

    @property
    def version(self) -> str:
        return str(self.raw["info"]["version"])

    @property
    def scopes(self) -> tuple[str, ...]:
        """All scopes of the contract, in its order."""
        return tuple(self.raw["components"]["securitySchemes"]["oauth"]["flows"]["clientCredentials"]["scopes"])


def _pattern(_validator: Any, pattern: str, instance: Any, _schema: Schema) -> Iterator[ValidationError]:
    """``pattern`` as ECMA-262 reads it: ``$`` is the very end, where Python also takes a last line break for it."""
    if isinstance(instance, str) and not re.search(_ecma(pattern), instance):
        yield ValidationError(f"{pattern!r} does not match")


@cache
def _ecma(pattern: str) -> str:
    return pattern[:-1] + r"\Z" if pattern.endswith("$") and not pattern.endswith(r"\$") else pattern


def compiled(schema: Schema, **keywords: Any) -> Any:
    """A validator for the schema. ``keywords`` replace how a keyword is decided, which is how faults bend one."""
    validator: Any = extend(Draft202012Validator, {"pattern": _pattern, **keywords})  # type: ignore[no-untyped-call]
    return validator(schema, format_checker=FORMATS)


@cache
def load(path: Path = CONTRACT) -> Document:
    """Read and compile the contract; the second time it is at hand."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    raw = yaml.load(path.read_text(encoding="utf-8"), loader)
    whole = _inlined(raw, raw)
    found = [
        _operation(path, method, item) for path, item in whole["paths"].items() for method in item if method in METHODS
    ]
    return Document(whole, {operation.id: operation for operation in found})


def _inlined(node: Any, root: Mapping[str, Any]) -> Any:
    """The node with every local reference replaced by what it names. The contract has no cycles."""
    if isinstance(node, list):
        return [_inlined(item, root) for item in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str):
        return _inlined(_at(root, node["$ref"]), root)
    return {key: _inlined(value, root) for key, value in node.items()}


def _at(root: Mapping[str, Any], reference: str) -> Any:
    node: Any = root
    for part in reference.removeprefix("#/").split("/"):
        node = node[part]
    return node


def _operation(path: str, method: str, item: Mapping[str, Any]) -> Operation:
    spec = item[method]
    listed = [*item.get("parameters", []), *spec.get("parameters", [])]
    media_type, schema = _body(spec)
    return Operation(
        id=spec["operationId"],
        method=method.upper(),
        path=path,
        scopes=_scopes(spec),
        parameters=tuple(_parameter(row) for row in listed),
        media_type=media_type,
        body_schema=schema,
        body_validator=compiled(schema) if schema is not None else None,
    )


def _parameter(row: Mapping[str, Any]) -> Parameter:
    return Parameter(row["name"], row["in"], row.get("required", False), row["schema"], compiled(row["schema"]))


def _body(spec: Mapping[str, Any]) -> tuple[str, Schema | None]:
    for media_type, media in spec.get("requestBody", {}).get("content", {}).items():
        return media_type, media["schema"]
    return "", None


def _scopes(spec: Mapping[str, Any]) -> frozenset[str] | None:
    """What the bearer token must hold; the other schemes belong to the token endpoint."""
    for requirement in spec["security"]:
        if "oauth" in requirement:
            return frozenset(requirement["oauth"])
    return None
