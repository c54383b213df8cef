"""Swagger 2.0 in the words of OpenAPI 3.0, whose schemas are those of 2.0; from there it goes on like any other.

Schemas stay the objects they were; operations, parameters and responses are built anew, and each new object remembers
the one it was made from, so that a message can name the line that a person wrote.

What 2.0 leaves open is read in the way that demands least: without ``produces`` any media type may come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from certify.contract.origins import Origins
from certify.contract.swagger_words import (
    SCHEMA_WORDS,
    in_body,
    key_of,
    listed,
    mapping,
    moved_to,
    only,
    scheme_of,
    servers_of,
    style_of,
    texts,
)
from certify.contract.walking import nodes
from certify.http.call import ABSENT, resolve_pointer

METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
FORM, MULTIPART, JSON, ANY = "application/x-www-form-urlencoded", "multipart/form-data", "application/json", "*/*"


def is_swagger(document: Mapping[str, Any]) -> bool:
    return str(document.get("swagger", "")).startswith("2") and "openapi" not in document


def upgraded(document: dict[str, Any], origins: Origins) -> dict[str, Any]:
    """The document in the words of 3.0, as far as its shape can be understood; what cannot be is left as it is."""
    return _Upgrade(document, origins).run()


@dataclass
class _Upgrade:
    old: dict[str, Any]
    origins: Origins
    hoisted: dict[str, str] = field(default_factory=dict)
    schemas: dict[str, Any] = field(default_factory=dict)

    def run(self) -> dict[str, Any]:
        old = self.old
        self.schemas = dict(mapping(old.get("definitions")))
        new: dict[str, Any] = {"openapi": "3.0.3", **only(old, "info", "tags", "externalDocs", "security")}
        new["servers"] = [{"url": url} for url in servers_of(old)]
        new["paths"] = self._made(old.get("paths"), self._each(old.get("paths"), self._item))
        new |= {key: value for key, value in old.items() if key.startswith("x-")}
        new["components"] = {
            "schemas": self._made(old.get("definitions"), self.schemas),
            "parameters": self._each(old.get("parameters"), self._parameter),
            "responses": self._each(old.get("responses"), self._response),
            "securitySchemes": self._each(old.get("securityDefinitions"), self._scheme),
        }
        for node in nodes({**new, "x": list(mapping(old.get("x-bundled")).values())}):
            self._schema_words(node)
        return self._made(old, new)

    # — paths —

    def _item(self, raw: Any) -> Any:
        item = self._target(raw)
        if not isinstance(item, dict):
            return raw
        shared = [self._target(entry) for entry in listed(item.get("parameters"))]
        new: dict[str, Any] = {key: value for key, value in item.items() if key not in (*METHODS, "parameters", "$ref")}
        plain = [self._used(entry) for entry in listed(item.get("parameters")) if not in_body(self._target(entry))]
        if "parameters" in item:
            new["parameters"] = plain if isinstance(item["parameters"], list) else item["parameters"]
        for method in METHODS:
            if method in item:
                new[method] = self._operation(item[method], [entry for entry in shared if in_body(entry)])
        return self._made(item, new)

    def _operation(self, raw: Any, shared: list[Any]) -> Any:
        if not isinstance(raw, dict):
            return raw
        left_out = ("parameters", "consumes", "produces", "schemes", "responses")
        new = {key: value for key, value in raw.items() if key not in left_out}
        parameters = raw.get("parameters")
        if "parameters" in raw:
            kept = [self._used(entry) for entry in listed(parameters) if not in_body(self._target(entry))]
            new["parameters"] = kept if isinstance(parameters, list) else parameters
        body = self._body(raw, shared)
        if body is not None:
            new["requestBody"] = body
        if "responses" in raw:
            produces = texts(raw.get("produces", self.old.get("produces")))
            new["responses"] = self._each(raw["responses"], lambda item: self._answer(item, produces))
        return self._made(raw, new)

    def _used(self, entry: Any) -> Any:
        """A parameter where it is used: a reference to the shared ones stays one."""
        if isinstance(entry, dict) and str(entry.get("$ref", "")).startswith("#/parameters/"):
            return self._made(entry, {"$ref": moved_to(entry["$ref"])})
        return self._parameter(entry)

    def _body(self, raw: dict[str, Any], shared: list[Any]) -> dict[str, Any] | None:
        own = [self._target(entry) for entry in listed(raw.get("parameters"))]
        found = [entry for entry in own if in_body(entry)]
        named = {key_of(entry) for entry in found}
        found += [entry for entry in shared if key_of(entry) not in named]
        consumes = texts(raw.get("consumes", self.old.get("consumes")))
        whole = next((entry for entry in found if entry["in"] == "body"), None)
        if whole is not None:
            return self._whole_body(whole, consumes)
        return self._form(found, consumes) if found else None

    def _whole_body(self, entry: dict[str, Any], consumes: list[str]) -> dict[str, Any]:
        media: dict[str, Any] = {"schema": entry["schema"]} if "schema" in entry else {}
        if "x-example" in entry:
            media["example"] = entry["x-example"]
        kinds = [kind for kind in consumes if kind not in (FORM, MULTIPART)] or [JSON]
        content = {kind: dict(media) for kind in kinds}
        body = {**only(entry, "description"), "required": entry.get("required") is True, "content": content}
        return self._made(entry, body)

    def _form(self, fields: list[dict[str, Any]], consumes: list[str]) -> dict[str, Any]:
        files = any(entry.get("type") == "file" for entry in fields)
        kinds = [kind for kind in consumes if kind == MULTIPART or (kind == FORM and not files)]
        named = {str(entry.get("name")): entry for entry in fields}
        schema: dict[str, Any] = {
            "type": "object",
            "properties": {name: self._field(entry) for name, entry in named.items()},
        }
        required = [name for name, entry in named.items() if entry.get("required") is True]
        media: dict[str, Any] = {"schema": schema | ({"required": required} if required else {})}
        arrays = {name: style_of(entry, "form") for name, entry in named.items() if entry.get("type") == "array"}
        if arrays:
            media["encoding"] = arrays
        kinds = kinds or [MULTIPART if files else FORM]
        return self._made(fields[0], {"required": bool(required), "content": {kind: dict(media) for kind in kinds}})

    def _field(self, entry: dict[str, Any]) -> dict[str, Any]:
        if entry.get("type") == "file":
            return self._made(entry, {**only(entry, "description"), "type": "string", "format": "binary"})
        example = {"example": entry["x-example"]} if "x-example" in entry else {}
        return self._made(entry, {**only(entry, "description", *SCHEMA_WORDS), **example})

    # — parameters, responses —

    def _parameter(self, raw: Any) -> Any:
        entry = self._target(raw)
        if not isinstance(entry, dict) or in_body(entry):
            return raw
        kept = only(entry, "name", "in", "description", "required", "allowEmptyValue")
        example = {"example": entry["x-example"]} if "x-example" in entry else {}
        style = style_of(entry, str(entry.get("in"))) if entry.get("type") == "array" else {}
        return self._made(entry, {**kept, **style, **example, "schema": self._made(entry, only(entry, *SCHEMA_WORDS))})

    def _answer(self, raw: Any, produces: list[str]) -> Any:
        if isinstance(raw, dict) and str(raw.get("$ref", "")).startswith("#/responses/") and not produces:
            return self._made(raw, {"$ref": moved_to(raw["$ref"])})
        return self._response(raw, produces)

    def _response(self, raw: Any, produces: list[str] | None = None) -> Any:
        entry = self._target(raw)
        if not isinstance(entry, dict):
            return raw
        produces = produces if produces is not None else texts(self.old.get("produces"))
        new: dict[str, Any] = {key: value for key, value in entry.items() if key.startswith("x-")}
        new |= {"description": str(entry.get("description", ""))}
        if "headers" in entry:
            new["headers"] = self._each(entry["headers"], self._header)
        examples = mapping(entry.get("examples"))
        if "schema" in entry or examples:
            kinds = produces or list(examples) or [ANY]
            new["content"] = {kind: self._media(entry, kind, examples) for kind in kinds}
        return self._made(entry, new)

    def _media(self, entry: dict[str, Any], kind: str, examples: Mapping[str, Any]) -> dict[str, Any]:
        schema = entry.get("schema")
        is_file = isinstance(schema, dict) and schema.get("type") == "file"
        media = {} if is_file or "schema" not in entry else {"schema": schema}
        return media | ({"example": examples[kind]} if kind in examples else {})

    def _header(self, raw: Any) -> Any:
        if not isinstance(raw, dict):
            return raw
        style = {"style": "simple"} if raw.get("type") == "array" else {}
        schema = self._made(raw, only(raw, *SCHEMA_WORDS))
        return self._made(raw, {**only(raw, "description"), **style, "schema": schema})

    def _scheme(self, raw: Any) -> Any:
        return self._made(raw, scheme_of(raw)) if isinstance(raw, dict) else raw

    # — schemas and references —

    def _schema_words(self, node: dict[str, Any]) -> None:
        """``x-nullable``, ``discriminator`` and references, in place."""
        if isinstance(node.get("discriminator"), str):
            node["discriminator"] = {"propertyName": node["discriminator"]}
        if node.get("x-nullable") is True:
            del node["x-nullable"]
            node["nullable"] = True
        reference = node.get("$ref")
        if isinstance(reference, str):
            node["$ref"] = self._schema_reference(reference)

    def _schema_reference(self, reference: str) -> str:
        """Where a referenced schema stands now; one that stood in an operation moves among the components."""
        moved = moved_to(reference)
        if moved != reference or not reference.startswith("#/") or reference.startswith("#/x-bundled/"):
            return moved
        if reference.startswith("#/components/"):
            return reference
        if reference not in self.hoisted:
            target = resolve_pointer(self.old, unquote(reference[1:]))
            if target is ABSENT:
                return reference
            name = f"{reference.rsplit('/', 1)[-1]}-{len(self.hoisted) + 1}"
            self.hoisted[reference] = f"#/components/schemas/{quote(name)}"
            self.schemas[name] = target
        return self.hoisted[reference]

    def _target(self, raw: Any) -> Any:
        """What a chain of references leads to; the reference itself where it leads nowhere."""
        seen: set[str] = set()
        node = raw
        while isinstance(node, dict) and isinstance(node.get("$ref"), str):
            reference = node["$ref"]
            found = resolve_pointer(self.old, unquote(reference[1:])) if reference.startswith("#/") else ABSENT
            if found is ABSENT or reference in seen:
                return raw
            seen.add(reference)
            node = found
        return node

    def _each(self, raw: Any, convert: Any) -> Any:
        if not isinstance(raw, dict):
            return raw if raw is not None else {}
        made = {name: value if name.startswith("x-") else convert(value) for name, value in raw.items()}
        return self._made(raw, made)

    def _made(self, old: Any, new: dict[str, Any]) -> dict[str, Any]:
        self.origins.made(new, old)
        return new
