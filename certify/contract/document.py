"""A prepared OpenAPI document, and finding things in it.

Operations are read from it once, and references, all of them local now, are followed when needed.
:func:`certify.contract.load.load_contract` makes it out of whatever was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from certify.contract.facts import Facts
from certify.contract.operation import METHODS, SERVER, Answer, Body, Operation, Parameter
from certify.contract.problem import Effect, Mistake
from certify.contract.resources import Resource, find_resources
from certify.contract.subjects import Subjects
from certify.errors import ProgramError
from certify.http.call import ABSENT, resolve_pointer

ASIDE = "x-set-aside"
"""Marks the stub of an operation that is documented, but not tested: the contract does not say how."""
PREFERRED_MEDIA = ("application/json", "application/x-www-form-urlencoded")


@dataclass(frozen=True)
class Contract:
    """An OpenAPI document in the words of 3.1. ``source`` is where it came from, ``problems`` what is wrong with it."""

    document: Mapping[str, Any]
    source: str
    problems: tuple[Mistake, ...] = ()
    facts: Facts = field(default_factory=Facts)

    @property
    def dialect(self) -> str:
        """The version as it was written: ``3.0.3``, ``2.0``."""
        return self.facts.dialect or str(self.document.get("openapi", ""))

    @property
    def set_aside(self) -> dict[str, str]:
        """The operations that are not tested, as ``METHOD /path``, each with the reason."""
        return {
            name: mistake.problem.message
            for mistake in self.problems
            if mistake.effect is Effect.SET_ASIDE
            for name in mistake.operations
        }

    @property
    def title(self) -> str:
        return str(self.document.get("info", {}).get("title", ""))

    @property
    def version(self) -> str:
        return str(self.document.get("info", {}).get("version", ""))

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """Every operation, in the order of the document."""
        return tuple(
            self._operation(path, method, item)
            for path, item in self.document.get("paths", {}).items()
            if path.startswith("/")
            for method, node in self.follow(item).items()
            if method in METHODS and ASIDE not in node
        )

    @cached_property
    def resources(self) -> tuple[Resource, ...]:
        """The collections that the paths imply, the most complete first."""
        return find_resources(self.operations, Subjects(self.at))

    def with_resources(self, resources: Iterable[Resource]) -> Contract:
        """The same contract with other collections, as somebody who knows the API describes them."""
        guided = replace(self)
        guided.__dict__.update(operations=self.operations, resources=tuple(resources))
        return guided

    def operation(self, name: str) -> Operation | None:
        """An operation by its id, or by ``METHOD /path``."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> dict[str, Operation]:
        named = {f"{op.method} {op.path}": op for op in self.operations}
        return {**named, **{op.id: op for op in self.operations}}

    def owner(self, operation: Operation) -> Resource | None:
        """The resource whose item an operation takes; the innermost where resources are nested."""
        return self._owners.get(operation)

    @cached_property
    def _owners(self) -> dict[Operation, Resource]:
        inwards = sorted(self.resources, key=lambda resource: len(resource.item_path))
        return {operation: resource for resource in inwards for operation in resource.by_id}

    def match(self, method: str, path: str) -> Operation | None:
        """The operation that a request path belongs to; a literal segment beats a template (OpenAPI 3.1 §4.8.8)."""
        keys = [(method, path.count("/"), start) for start in (_start(path), "")]
        found = [op for key in keys for pattern, op in self._by_shape.get(key, ()) if pattern.fullmatch(path)]
        return min(found, key=lambda op: op.path.count("{")) if found else None

    @cached_property
    def _by_shape(self) -> dict[tuple[str, int, str], list[tuple[re.Pattern[str], Operation]]]:
        """Operations by method, number of segments, and first segment (empty where that is a template)."""
        index: dict[tuple[str, int, str], list[tuple[re.Pattern[str], Operation]]] = {}
        for operation in self.operations:
            start = _start(operation.path)
            key = (operation.method, operation.path.count("/"), "" if "{" in start else start)
            index.setdefault(key, []).append((_pattern(operation.path), operation))
        return index

    def methods(self, path: str) -> frozenset[str]:
        """Every method that the contract documents at a path template, also of operations that are set aside."""
        item = self.document.get("paths", {}).get(path, {})
        return frozenset(method.upper() for method in METHODS if method in item)

    def follow(self, node: Any) -> Any:
        """The node that a chain of local references leads to; the node itself where there is none."""
        return self.at(self._end(node)) if isinstance(node, dict) and "$ref" in node else node

    def at(self, pointer: str) -> Any:
        """The value at a JSON Pointer. Raises :class:`ProgramError` where there is none."""
        value = resolve_pointer(self.document, pointer)
        if value is ABSENT:
            raise ProgramError(
                f"{self.source}: reference #{pointer} leads nowhere", ["correct the $ref, or add what it names"]
            )
        return value

    def _end(self, node: Mapping[str, Any]) -> str:
        """The pointer at which a chain of references ends."""
        seen: list[str] = []
        while isinstance(node, dict) and "$ref" in node:
            reference = unquote(str(node["$ref"]))  # a URI fragment (RFC 6901 §6)
            if not reference.startswith("#/") or reference in seen:
                kind = "is circular" if reference in seen else "leaves the document"
                raise ProgramError(f"{self.source}: reference {reference} {kind}", ["bundle the contract in one file"])
            seen.append(reference)
            node = self.at(reference[1:])
        return seen[-1][1:]

    def _operation(self, path: str, method: str, item: Mapping[str, Any]) -> Operation:
        item = self.follow(item)
        node = item[method]
        pointer = f"/paths/{_escape(path)}/{method}"
        return Operation(
            id=str(node.get("operationId") or f"{method.upper()} {path}"),
            method=method.upper(),
            path=path,
            parameters=self._parameters(item.get("parameters", []), node.get("parameters", [])),
            body=self._body(node.get("requestBody"), f"{pointer}/requestBody"),
            answers={
                str(status): self._answer(str(status), answer, f"{pointer}/responses/{status}")
                for status, answer in node.get("responses", {}).items()
                if not str(status).startswith("x-")
            },
            security=self._security(node),
            summary=str(node.get("summary", "")),
            deprecated=bool(node.get("deprecated", False)),
            server=str(node.get(SERVER, "")),
        )

    def _security(self, node: Mapping[str, Any]) -> tuple[Mapping[str, tuple[str, ...]], ...]:
        alternatives = node.get("security", self.document.get("security", []))
        return tuple({name: tuple(scopes) for name, scopes in option.items()} for option in alternatives)

    def _parameters(self, *levels: list[Any]) -> tuple[Parameter, ...]:
        raw = (self.follow(item) for level in levels for item in level)
        found = {(item["name"], item["in"]): self._parameter(item) for item in raw}
        return tuple(found.values())

    def _parameter(self, raw: Mapping[str, Any]) -> Parameter:
        place = raw["in"]
        style = str(raw.get("style", "simple" if place in ("path", "header") else "form"))
        media, entry = next(iter(raw.get("content", {}).items()), ("", raw))
        return Parameter(
            raw["name"],
            place,
            bool(raw.get("required", False)),
            self.follow(entry.get("schema", {})),
            next(iter(self._examples(entry)), None),
            style,
            bool(raw.get("explode", style == "form")),
            media,
        )

    def _body(self, raw: Any, pointer: str) -> Body | None:
        if raw is None:
            return None
        body, pointer = self._located(raw, pointer)
        content = body.get("content", {})
        media = next((name for name in PREFERRED_MEDIA if name in content), next(iter(content), ""))
        if not media:
            return None
        entry = content[media]
        schema, where = self._located(entry.get("schema", {}), f"{pointer}/content/{_escape(media)}/schema")
        encoding = entry.get("encoding")
        return Body(
            media,
            bool(body.get("required", False)),
            schema,
            where,
            self._examples(entry),
            encoding if isinstance(encoding, dict) else {},
        )

    def _examples(self, entry: Mapping[str, Any]) -> tuple[Any, ...]:
        """The author's examples of a parameter or a media type, the single one first."""
        raw = entry.get("examples")
        named = [self.follow(item).get("value", ABSENT) for item in (raw.values() if isinstance(raw, dict) else ())]
        single = [entry["example"]] if "example" in entry else []
        return tuple(example for example in single + named if example is not ABSENT)

    def _answer(self, status: str, raw: Any, pointer: str) -> Answer:
        answer, pointer = self._located(raw, pointer)
        media = {
            name.lower(): f"{pointer}/content/{_escape(name)}/schema" if "schema" in entry else ""
            for name, entry in answer.get("content", {}).items()
        }
        headers = {name: self.follow(item) for name, item in answer.get("headers", {}).items()}
        links = {name: self.follow(item) for name, item in answer.get("links", {}).items()}
        examples = {name.lower(): self._examples(entry) for name, entry in answer.get("content", {}).items()}
        return Answer(status, media, headers, links, {name: found for name, found in examples.items() if found})

    def _located(self, node: Any, pointer: str) -> tuple[Any, str]:
        if isinstance(node, dict) and "$ref" in node:
            pointer = self._end(node)
            return self.at(pointer), pointer
        return node, pointer


def _escape(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def _start(path: str) -> str:
    return path.split("/", 2)[1] if path.startswith("/") else ""


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^}]+\})", template)
    return re.compile("".join("[^/]+" if part.startswith("{") else re.escape(part) for part in parts))
