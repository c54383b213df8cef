"""Examples and defaults of requests that break their own schema: they are taken away, since whoever sends one as valid
input, and is refused, would blame the server for the contract's mistake.

Only what would be sent is looked at: parameters and request bodies, with the members of the body. The number is
bounded; a text beside a plain ``type: string`` needs no validator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from certify.contract.document import Contract
from certify.contract.problem import Effect
from certify.contract.survey import Found, Survey
from certify.program.source import Place

MOST = 500
"""Examples that are checked."""
_ONE = ("example", "default")
_TYPED = re.compile(r"json|form", re.IGNORECASE)
_BOUNDS = frozenset(["enum", "const", "pattern", "minLength", "maxLength", "allOf", "anyOf", "oneOf", "not", "$ref"])


def bad_samples(survey: Survey, skip: set[str]) -> Iterator[Found]:
    """Take away the examples of operations (``skip`` are set aside) that their schemas do not allow, and tell them."""
    judge = _Judge(survey)
    for unit, (path, method) in survey.operations.items():
        if unit in skip:
            continue
        operation: Place = ("paths", path, method)
        for place in _holders(survey, operation):
            yield from judge.look(unit, place)


def _holders(survey: Survey, operation: Place) -> Iterator[Place]:
    """The places of everything in an operation's request that has a schema: parameters, media types."""
    for level in (operation[:-1], operation):
        parameters = _at(survey, (*level, "parameters"))
        for number in range(len(parameters) if isinstance(parameters, list) else 0):
            yield _end(survey, (*level, "parameters", number))
    content = (*_end(survey, (*operation, "requestBody")), "content")
    media = _at(survey, content)
    # In other media types an example may be the text on the wire (OpenAPI 3.1 §4.8.14), which no schema describes.
    yield from ((*content, name) for name in (media if isinstance(media, dict) else ()) if _TYPED.search(name))


class _Judge:
    """Validates samples; jsonschema is imported for the first that needs it."""

    def __init__(self, survey: Survey) -> None:
        self._survey, self._left = survey, MOST
        self._seen: set[int] = set()
        self._schemas: Any = None

    def look(self, unit: str, place: Place) -> Iterator[Found]:
        """The samples of a parameter or a media type, of its schema, and of the schema's members."""
        holder = _at(self._survey, place)
        if not isinstance(holder, dict) or id(holder) in self._seen or "schema" not in holder:
            return
        self._seen.add(id(holder))
        schema = _end(self._survey, (*place, "schema"))
        yield from self._samples(unit, place, schema)
        yield from self._samples(unit, schema, schema)
        members = _at(self._survey, (*schema, "properties"))
        for name in members if isinstance(members, dict) else ():
            member = (*schema, "properties", name)
            yield from self._samples(unit, member, member)

    def _samples(self, unit: str, place: Place, schema: Place) -> Iterator[Found]:
        holder = _at(self._survey, place)
        if not isinstance(holder, dict) or (place == schema and "$ref" in holder):
            return
        for keyword in _ONE:
            if keyword in holder and (why := self._why(schema, holder[keyword])):
                yield _told(unit, (*place, keyword), holder.pop(keyword), why)
        examples = holder.get("examples")
        if isinstance(examples, dict):
            for name in [name for name, item in examples.items() if isinstance(item, dict) and "value" in item]:
                if why := self._why(schema, examples[name]["value"]):
                    yield _told(unit, (*place, "examples", name), examples.pop(name)["value"], why)

    def _why(self, schema: Place, value: Any) -> str:
        """What a value breaks; empty where it breaks nothing, or nobody can tell."""
        node = _at(self._survey, schema)
        if not isinstance(node, dict) or (isinstance(value, str) and _any_text(node)) or self._left <= 0:
            return ""
        self._left -= 1
        from certify.contract.validation import UNUSABLE, Schemas

        self._schemas = self._schemas or Schemas(Contract(self._survey.document, ""))
        try:
            found = self._schemas.violations(_pointer(schema), value)
        except UNUSABLE:
            return ""
        return f"{found[0].pointer or 'it'} should be {found[0].expected}" if found else ""


def _told(unit: str, place: Place, value: Any, why: str) -> Found:
    keyword = "default" if place[-1] == "default" and place[-2] != "examples" else "example"
    message = f"{keyword} {repr(value)[:60]} breaks its own schema: {why[:120]}"
    return Found(unit, place, message, "correct it; it is not sent", Effect.MENDED)


def _any_text(schema: dict[str, Any]) -> bool:
    return schema.get("type") == "string" and not _BOUNDS & schema.keys()


def _at(survey: Survey, place: Place) -> Any:
    node: Any = survey.document
    for step in place:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return None
    return node


def _end(survey: Survey, place: Place) -> Place:
    """Where a chain of references that begins at a place ends."""
    for _ in range(20):
        node = _at(survey, place)
        reference = node.get("$ref") if isinstance(node, dict) else None
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return place
        steps: list[str | int] = []
        for part in unquote(reference[2:]).split("/"):
            name = part.replace("~1", "/").replace("~0", "~")
            steps.append(int(name) if isinstance(_at(survey, tuple(steps)), list) and name.isdigit() else name)
        place = tuple(steps)
    return place


def _pointer(place: Place) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in place)
