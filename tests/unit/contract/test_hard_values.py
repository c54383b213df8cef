"""Schemas as other people write them: hard patterns, branches, discriminators, recursion, bounds of every kind."""

from __future__ import annotations

from typing import Any

import pytest

from certify.contract.patterns import compiled
from certify.contract.strings import from_pattern
from certify.contract.validation import Schemas
from certify.contract.values import sample
from certify.http.call import ABSENT
from tests.unit.contract.documents import contract, ref

CAT = {
    "allOf": [
        ref("pet"),
        {"type": "object", "required": ["lives"], "properties": {"lives": {"type": "integer", "minimum": 1}}},
    ]
}
SCHEMAS: dict[str, Any] = {
    "pet": {
        "type": "object",
        "required": ["kind", "name"],
        "properties": {"kind": {"type": "string"}, "name": {"type": "string", "minLength": 1}},
        "discriminator": {"propertyName": "kind", "mapping": {"feline": "#/components/schemas/cat"}},
    },
    "cat": CAT,
    "dog": {
        "type": "object",
        "required": ["kind", "bark"],
        "properties": {"kind": {"const": "dog"}, "bark": {"type": "boolean"}},
    },
    "either": {
        "oneOf": [ref("dog"), ref("cat")],
        "discriminator": {"propertyName": "kind", "mapping": {"dog": "#/components/schemas/dog"}},
    },
    "unmapped": {
        "oneOf": [
            {"$ref": "#/components/schemas/labelled"},
        ],
        "discriminator": {"propertyName": "t"},
    },
    "labelled": {"type": "object", "required": ["t"], "properties": {"t": {"enum": ["labelled"]}}},
    "nullable branch": {"anyOf": [{"type": "null"}, {"type": "integer", "minimum": 3}]},
    "endless branch": {"oneOf": [ref("nest"), {"type": "string", "minLength": 2}]},
    "nest": {"type": "object", "required": ["in"], "properties": {"in": ref("nest")}},
    "nodes": {
        "type": "object",
        "required": ["children"],
        "properties": {"children": {"type": "array", "items": ref("nodes")}},
    },
    "unique": {"type": "array", "minItems": 3, "uniqueItems": True, "items": {"type": "string", "format": "uuid"}},
    "unique enum": {"type": "array", "minItems": 2, "uniqueItems": True, "items": {"enum": ["a", "b", "c"]}},
    "unique numbers": {"type": "array", "minItems": 3, "uniqueItems": True, "items": {"type": "integer"}},
    "tuple": {"type": "array", "minItems": 2, "prefixItems": [{"type": "integer"}, {"type": "boolean"}]},
    "many members": {"type": "object", "minProperties": 2, "additionalProperties": {"type": "integer"}},
    "optional members": {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": {"id": {"readOnly": True, "type": "integer"}, "a": {"type": "string"}},
    },
    "tight": {
        "allOf": [
            {"type": "integer", "minimum": 3, "maximum": 100},
            {"minimum": 10, "maximum": 12, "multipleOf": 4},
        ]
    },
    "narrow": {"allOf": [{"enum": ["a", "b"]}, {"enum": ["b", "c"]}]},
    "refined": {"$ref": "#/components/schemas/word", "minLength": 9},
    "word": {"type": "string"},
    "both exclusive": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1, "multipleOf": 0.25},
    "negative": {"type": "integer", "maximum": -10, "multipleOf": 3},
    "bad example": {"type": "integer", "minimum": 5, "example": "five"},
    "formatted pattern": {"type": "string", "format": "uuid", "pattern": "^[0-9a-f-]{36}$"},
    "long pattern": {"type": "string", "pattern": "^[a-z]+$", "minLength": 20, "maxLength": 24},
    "open pattern": {"type": "string", "pattern": "[0-9]", "minLength": 10},
    "untyped": {"required": ["a"], "properties": {"a": {"minimum": 4}}},
    "slug": {"type": "string", "pattern": "^[a-z0-9]+(?:-[a-z0-9]+)*$", "maxLength": 60},
}


@pytest.mark.parametrize("name", [name for name in SCHEMAS if name != "nest"])
@pytest.mark.parametrize("full", [False, True], ids=["least", "full"])
def test_a_sample_keeps_its_schema(name: str, full: bool) -> None:
    document = contract(schemas=SCHEMAS)
    value = sample(document, {"$ref": f"#/components/schemas/{name}"}, full=full)

    assert value is not ABSENT
    assert Schemas(document, formats=True).valid(f"/components/schemas/{name}", value), value


def test_what_can_never_end_is_not_sampled() -> None:
    assert sample(contract(schemas=SCHEMAS), ref("nest")) is ABSENT


def test_a_discriminator_names_the_branch_that_was_taken() -> None:
    document = contract(schemas=SCHEMAS)

    assert sample(document, ref("cat"))["kind"] == "feline"
    assert [sample(document, ref("either"), choice=number)["kind"] for number in (0, 1)] == ["dog", "cat"]


@pytest.mark.parametrize(
    "pattern",
    [
        r"^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z\d]{8,}$",
        r"^\+[1-9]\d{1,14}$",
        r"^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$",
        r"^(?:[01]\d|2[0-3]):[0-5]\d$",
        r"^#(?:[0-9a-fA-F]{3}){1,2}$",
        r"^v?\d+\.\d+\.\d+(-[\w.]+)?$",
        r"^arn:(aws|aws-cn):iam::\d{12}:role/[\w+=,.@-]{1,64}$",
        r"^(?!default$)[a-z][a-z0-9-]{2,30}[a-z0-9]$",
        r"^(\w)\1$",
        r"^[^\s@]+@[^\s@]+\.[^\s@]+$",
        r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$",
        r"^(0|[1-9]\d*)$",
        r"^\p{Lu}[\p{L} ]{2,}$",
        r"^$|^[a-f]{3}$",
        r"^[a-z]{0,3}x{5}y*?z$",
    ],
)
def test_hard_patterns_are_matched_and_variants_differ_where_they_can(pattern: str) -> None:
    known = compiled(pattern)
    assert known is not None
    values = [from_pattern(pattern, variant=variant) for variant in range(4)]

    assert all(known.search(value) for value in values), values


def test_fresh_ids_of_a_pattern_are_many() -> None:
    values = {from_pattern("^BIN-[A-Z]{2}-[0-9]{4}$", variant=variant) for variant in range(1, 40)}

    assert len(values) > 30


def test_schemas_that_refer_to_each_other_in_every_way_are_sampled_at_once() -> None:
    names = [f"s{number}" for number in range(12)]
    tangle = {
        name: {"type": "object", "properties": {other: ref(other) for other in names}, "required": []} for name in names
    }

    assert isinstance(sample(contract(schemas=tangle), ref("s0"), full=True), dict)
