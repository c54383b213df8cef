"""Does a value keep its schema? JSON Schema 2020-12 over the whole document, so that references just work."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import SchemaError, UnknownType, ValidationError, best_match
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from referencing import Registry, Resource
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from certify.contract.document import Contract
from certify.contract.patterns import compiled, matches

_URI = "urn:contract"
UNUSABLE = (SchemaError, UnknownType, Unresolvable, re.error, RecursionError)
"""What validating raises where a schema itself cannot be used: nobody can be held to it then."""
ENOUGH = 12
"""Members of an enum that a message shows."""


@dataclass(frozen=True)
class Violation:
    """Where a value breaks its schema: JSON Pointers into value and schema, and what was expected and found."""

    pointer: str
    schema_pointer: str
    expected: str
    actual: str

    @property
    def cause(self) -> str:
        """Equal for violations of one kind: which item of an array it was does not matter."""
        place = "/".join("*" if part.isdigit() else part for part in self.pointer.split("/"))
        return f"{place}|{self.expected}"


def _pattern(_: Any, pattern: Any, value: Any, __: Any) -> Iterator[ValidationError]:
    """``pattern`` in the dialect that JSON Schema names; what cannot be told in reasonable time holds.

    Raises ``re.error`` where Python cannot say it; loading a contract takes such patterns away.
    """
    if isinstance(value, str) and _matches(pattern, value) is False:
        yield ValidationError(f"{value!r} does not match {pattern!r}")


def _pattern_properties(validator: Any, patterns: Any, value: Any, _: Any) -> Iterator[ValidationError]:
    if isinstance(value, dict):
        for pattern, schema in patterns.items():
            for name in [name for name in value if _matches(pattern, name)]:
                yield from validator.descend(value[name], schema, path=name, schema_path=pattern)


def _matches(pattern: Any, value: str) -> bool | None:
    if compiled(str(pattern)) is None:
        raise re.error("no regular expression that can be read", str(pattern))
    return matches(str(pattern), value)


_Validator: Any = cast(Any, extend)(
    Draft202012Validator, {"pattern": _pattern, "patternProperties": _pattern_properties}
)


class Schemas:
    """Validators of one contract, compiled when first used. ``formats`` asserts ``format``, an annotation otherwise."""

    def __init__(self, contract: Contract, *, formats: bool = False) -> None:
        document = cast(Any, contract.document)
        resource: Resource[Any] = Resource.from_contents(document, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(_URI, resource)
        self._formats = FormatChecker() if formats else None
        self._validators: dict[str, Validator] = {}

    def violations(self, pointer: str, value: Any) -> list[Violation]:
        """Every way in which a value breaks the schema at a pointer of the document, the most telling first."""
        errors = list(self._validator(pointer).iter_errors(value))
        best = best_match(errors)
        ordered = sorted(errors, key=lambda error: (error is not best, len(error.absolute_path)))
        return [_violation(_deepest(error)) for error in ordered]

    def valid(self, pointer: str, value: Any) -> bool:
        """Whether a value keeps the schema at a pointer of the document."""
        return bool(self._validator(pointer).is_valid(value))

    def holds(self, schema: Any, value: Any) -> bool:
        """Whether a value keeps a schema that is not referred to by its place, such as that of a header.

        Raises what is among :data:`UNUSABLE` where the schema cannot be used.
        """
        schema = _absolute(schema)
        return bool(_Validator(schema, registry=self._registry, format_checker=self._formats).is_valid(value))

    def _validator(self, pointer: str) -> Validator:
        if pointer not in self._validators:
            schema = {"$ref": f"{_URI}#{_encode(pointer)}"}
            self._validators[pointer] = _Validator(schema, registry=self._registry, format_checker=self._formats)
        return self._validators[pointer]


def _absolute(node: Any) -> Any:
    """A schema whose references name the document that they point into, wherever it is used."""
    if isinstance(node, list):
        return [_absolute(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {name: _absolute(item) for name, item in node.items()}
    reference = node.get("$ref")
    return made | ({"$ref": f"{_URI}{reference}"} if isinstance(reference, str) and reference[:1] == "#" else {})


def _encode(pointer: str) -> str:
    """A pointer as a URI fragment (RFC 6901 §6)."""
    return pointer.replace("%", "%25").replace("{", "%7B").replace("}", "%7D").replace(" ", "%20")


def _deepest(error: ValidationError) -> ValidationError:
    """Inside ``anyOf`` and ``oneOf``, the branch that came closest says most."""
    while error.context:
        fitting = _branches_of_its_type(error.context)
        error = best_match(fitting) or fitting[0]
    return error


def _branches_of_its_type(errors: Sequence[ValidationError]) -> Sequence[ValidationError]:
    """The errors of the branches that the value's type fits: an object that lacks a member is not meant to be null."""
    other = {error.schema_path[0] for error in errors if error.validator == "type" and not error.path}
    return [error for error in errors if error.schema_path[0] not in other] or errors


def _violation(error: ValidationError) -> Violation:
    return Violation(
        pointer="".join(f"/{_escape(part)}" for part in error.absolute_path),
        schema_pointer="/".join(str(part) for part in error.absolute_schema_path),
        expected=_expected(error),
        actual=_actual(error),
    )


def _expected(error: ValidationError) -> str:
    value: Any = error.validator_value
    match error.validator:
        case "type":
            return f"type {value if isinstance(value, str) else ' or '.join(value)}"
        case "required":
            return f"the required member {_missing(error)}"
        case "enum":
            return f"one of {_listed(value)}"
        case "additionalProperties":
            return "no members that the schema does not name"
        case _:
            return f"{error.validator} {value if isinstance(value, str) else _json(value)}"[:200]


def _json(value: Any) -> str:
    """A value as it was sent, not as Python has it: ``true``, not ``True``."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _listed(values: Any) -> str:
    """Members of an enum, as many as somebody reads."""
    shown = ", ".join(_json(item)[:60] for item in values[:ENOUGH])
    return f"[{shown}]" if len(values) <= ENOUGH else f"[{shown[:160]} … {len(values):,} in all]"


def _actual(error: ValidationError) -> str:
    match error.validator:
        case "required":
            return "it is missing"
        case "additionalProperties":
            return error.message[:300]
        case _ if error.instance is None:
            return "null"
        case _:
            return f"{_kind(error.instance)} {_json(error.instance)}"[:200]


def _missing(error: ValidationError) -> str:
    """The member that a ``required`` error is about; jsonschema gives one error for each."""
    return error.message.removesuffix(" is a required property").strip("'\"")


def _kind(value: Any) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "null")


def _escape(part: Any) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")
