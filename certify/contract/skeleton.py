"""The shape of a contract, checked before anything is read from it, so that nothing else has to doubt it.

Only what an operation leads to is looked at, references followed, and only as far as certify reads it: this is no
validator of OpenAPI. Every problem of the file is told at once.

    openapi.yaml:31 at paths./leads.get.parameters[0]: member 'name' is missing
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from certify.contract.operation import METHODS
from certify.errors import ProgramError
from certify.http.call import ABSENT, resolve_pointer
from certify.program.lint import Lint
from certify.program.source import Document, Place

PLACES = ("path", "query", "header", "cookie")
_TYPES = frozenset(["null", "boolean", "object", "array", "number", "integer", "string"])
_ONE = ("items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else")
_ONE_EACH = ("properties", "patternProperties", "dependentSchemas", "$defs")
_LISTED = ("allOf", "anyOf", "oneOf", "prefixItems")
_LENGTHS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", *_LENGTHS)
_TEXTS = ("pattern", "format")
_BUNDLE = "bundle the contract in one file"


def check_skeleton(document: Document) -> None:
    """Raise :class:`ProgramError` with every problem of a contract's shape, if there are any."""
    lint = Lint(document)
    if _is_openapi(lint):
        _Skeleton(lint).check()
    lint.finish(ProgramError, "contract")


def _is_openapi(lint: Lint) -> bool:
    version = lint.get("openapi")
    if not isinstance(lint.get("paths"), dict):
        lint.report(("paths",), "this is not an OpenAPI document: it has no paths")
    elif not str(version).startswith("3."):
        lint.report(("openapi",), f"unknown version {version or lint.get('swagger')!r} of OpenAPI", "known: 3.0, 3.1")
    return not lint.problems


@dataclass
class _Skeleton:
    lint: Lint
    seen: set[Place] = field(default_factory=set)

    def check(self) -> None:
        for name in ("info", "components"):
            self._mapping((name,))
        self._security(("security",))
        for place in self._members(("paths",)):
            if str(place[-1]).startswith("/"):
                self._path_item(place)
            else:
                self.lint.report(place, "a path begins with '/'")

    def _path_item(self, place: Place) -> None:
        for item in self._nodes(place):
            self._parameters((*item, "parameters"))
            for method in METHODS:
                if method in self._mapping(item):
                    self._operation((*item, method))

    def _operation(self, place: Place) -> None:
        node = self._mapping(place, required=True)
        self._parameters((*place, "parameters"))
        self._security((*place, "security"))
        if node.get("requestBody") is not None:
            for body in self._nodes((*place, "requestBody")):
                self._content(body)
        for answer in self._each((*place, "responses")):
            self._content(answer)
            for header in self._each((*answer, "headers")):
                self._schema_of(header)
            for _ in self._each((*answer, "links")):
                pass

    def _parameters(self, place: Place) -> None:
        for parameter in (node for item in self._list(place) for node in self._nodes(item)):
            written = self._mapping(parameter)
            if not isinstance(written.get("name"), str):
                self.lint.report(parameter, "a parameter needs a 'name'", "write a text")
            if written.get("in") not in PLACES:
                self.lint.report(parameter, "a parameter needs an 'in'", f"write one of {', '.join(PLACES)}")
            self._schema_of(parameter)

    def _security(self, place: Place) -> None:
        for option in self._list(place):
            for scheme in self._mapping(option, required=True):
                for scope in self._list((*option, scheme)):
                    self._expect(scope, str, "a text")

    def _content(self, place: Place) -> None:
        for media in self._members((*place, "content")):
            if self._mapping(media, required=True):
                self._schema_of(media)

    def _schema_of(self, place: Place) -> None:
        """The schema and the examples of a parameter, a header or a media type."""
        for _ in self._each((*place, "examples")):
            pass
        if "schema" in self._mapping(place):
            self._schema((*place, "schema"))

    def _schema(self, place: Place) -> None:
        waiting = [place]
        while waiting:
            place = waiting.pop()
            if isinstance(self.lint.get(*place), bool):
                continue
            for node in self._nodes(place):
                self._keywords(node)
                waiting += self._subschemas(node)

    def _keywords(self, place: Place) -> None:
        node = self._mapping(place)
        types = node.get("type", [])
        for name in types if isinstance(types, list) else [types]:
            if not isinstance(name, str) or name not in _TYPES:
                self.lint.report((*place, "type"), f"{name!r} is no type", f"known: {', '.join(sorted(_TYPES))}")
        for required in self._list((*place, "required")):
            self._expect(required, str, "a text")
        list(self._list((*place, "enum")))
        for keyword in (*_NUMBERS, *_TEXTS):
            if keyword in node:
                kind, told = (str, "a text") if keyword in _TEXTS else ((int, float), "a number")
                self._expect((*place, keyword), kind, told)

    def _subschemas(self, place: Place) -> Iterator[Place]:
        node = self._mapping(place)
        yield from ((*place, name) for name in _ONE if name in node)
        for name in _ONE_EACH:
            yield from ((*place, name, member) for member in self._mapping((*place, name)))
        for name in _LISTED:
            yield from self._list((*place, name))

    def _each(self, place: Place) -> Iterator[Place]:
        """The nodes in a mapping of nodes."""
        for member in self._members(place):
            yield from self._nodes(member)

    def _members(self, place: Place) -> Iterator[Place]:
        """The places in a mapping; extensions (``x-…``) are nobody's business, but a header may be named so."""
        names = self._mapping(place)
        extended = place[-1] in ("paths", "responses")
        yield from ((*place, name) for name in names if not (extended and name.startswith("x-")))

    def _nodes(self, place: Place) -> Iterator[Place]:
        """Where a node is, after its references; nothing where it is no mapping, or was there before."""
        node = self._mapping(place, required=True)
        while "$ref" in node:
            target = self._target(place, node["$ref"])
            if target is None or target in self.seen:
                return
            self.seen.add(target)
            place, node = target, self._mapping(target, required=True)
            if isinstance(self.lint.get(*target), bool):
                return
        if isinstance(self.lint.get(*place), dict):
            yield place

    def _target(self, place: Place, reference: Any) -> Place | None:
        here = (*place, "$ref")
        if not isinstance(reference, str):
            self.lint.report(here, "a reference is a text")
        elif not reference.startswith("#/"):
            self.lint.report(here, f"reference {reference} leaves the document", _BUNDLE)
        elif resolve_pointer(self.lint.document.value, unquote(reference[1:])) is ABSENT:
            self.lint.report(here, f"reference {reference} leads nowhere", "correct it, or add what it names")
        else:
            return self._place(unquote(reference))
        return None

    def _place(self, reference: str) -> Place:
        place: Place = ()
        for part in reference.split("/")[1:]:
            name = part.replace("~1", "/").replace("~0", "~")
            place = (*place, int(name) if isinstance(self.lint.get(*place), list) else name)
        return place

    def _mapping(self, place: Place, required: bool = False) -> dict[str, Any]:
        value = self.lint.get(*place)
        if not isinstance(value, dict) and (required or self._written(place)):
            self.lint.report(place, f"{_named(value)} stands here, not a mapping of members")
        return self.lint.mapping(*place)

    def _list(self, place: Place) -> Iterator[Place]:
        value = self.lint.get(*place)
        if isinstance(value, list):
            yield from ((*place, index) for index in range(len(value)))
        elif self._written(place):
            self.lint.report(place, f"{_named(value)} stands here, not a list")

    def _expect(self, place: Place, kind: type | tuple[type, ...], name: str) -> None:
        value = self.lint.get(*place)
        if not isinstance(value, kind):
            self.lint.report(place, f"{_named(value)} stands here, not {name}")

    def _written(self, place: Place) -> bool:
        around = self.lint.get(*place[:-1])
        if isinstance(around, dict):
            return place[-1] in around
        return isinstance(around, list) and isinstance(place[-1], int)


def _named(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case str():
            return "a text"
        case _:
            return "a single value"
