"""Bodies beyond the schema break it in one place; bodies at its edges keep it."""

import json
from typing import Any

import pytest

from certify.contract.operation import Body
from certify.contract.validation import Schemas
from certify.http.call import ABSENT
from certify.mutations.bodies import Bodies, Variant
from tests.unit.contract.documents import body, contract, ref

THING = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "count"],
    "properties": {
        "name": {"type": "string", "minLength": 2, "maxLength": 30},
        "count": {"type": "integer", "minimum": 1, "maximum": 9},
        "kind": {"type": "string", "enum": ["a", "b"]},
        "odd": {"type": "string", "enum": ["ok", "bad"], "pattern": "^o"},
        "code": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "note": {"type": ["string", "null"], "maxLength": 5},
        "tags": {"type": "array", "maxItems": 2, "items": {"type": "string"}},
        "id": {"type": "string", "readOnly": True},
        "when": {"type": "string", "format": "date"},
    },
}
COMPOSED = {"allOf": [{"type": "object", "properties": {"id": {"type": "integer"}}}, ref("Thing")]}
VALID = {"name": "abc", "count": 5}


def made(schema: Any, *, formats: bool = False) -> tuple[Bodies, Body, Schemas]:
    document = contract({"/things": {"post": {"requestBody": body(schema), "responses": {}}}}, {"Thing": THING})
    schemas = Schemas(document, formats=formats)
    found = document.operations[0].body
    assert found is not None
    return Bodies(document, schemas), found, schemas


def violations(schema: Any = THING, *, formats: bool = False) -> dict[str, Variant]:
    bodies, where, _ = made(schema, formats=formats)
    return {variant.what: variant for variant in bodies.violations(where, VALID)}


@pytest.mark.parametrize("schema", [THING, ref("Thing")])
def test_every_violation_breaks_the_schema_in_exactly_one_member(schema: Any) -> None:
    _, where, schemas = made(schema)

    for variant in violations(schema).values():
        found = schemas.violations(where.pointer, variant.body)
        assert len({violation.pointer for violation in found}) == 1, variant
        if isinstance(variant.body, dict):
            changed = {k for k in VALID.keys() | variant.body if VALID.get(k, ABSENT) != variant.body.get(k, ABSENT)}
            assert changed == {variant.pointer[1:]}


def test_the_violations_that_one_expects_are_there() -> None:
    assert {
        "an array in place of the object",
        "name left out",
        "name null",
        "name too short",
        "name one character too long",
        "count of a wrong type",
        "count below its minimum",
        "count above its maximum",
        "kind outside its enum",
        "code against its pattern",
        "note one character too long",
        "a member that the schema does not name",
    } <= set(violations())


def test_what_the_schema_allows_after_all_is_no_violation() -> None:
    assert "note null" not in violations()
    assert not [what for what in violations() if what.startswith("id ")]


def test_a_format_is_violated_only_where_it_is_a_promise() -> None:
    assert "when against its format" not in violations()
    assert "when against its format" in violations(formats=True)


def test_members_of_a_composed_schema_are_found() -> None:
    assert "name left out" in violations(COMPOSED)


def test_every_edge_keeps_the_schema() -> None:
    bodies, where, schemas = made(THING)
    edges = list(bodies.edges(where, VALID))

    assert all(schemas.valid(where.pointer, variant.body) for variant in edges)
    assert {"only the required members", "every optional member", "count at maximum 9"} <= {v.what for v in edges}


def test_the_longest_text_has_exactly_as_many_characters_as_allowed() -> None:
    bodies, where, _ = made(THING)
    edges = {variant.what: variant.body for variant in bodies.edges(where, VALID)}

    assert len(edges["name at maxLength 30"]["name"]) == 30
    assert len(edges["name at maxLength 30 of multi-byte text"]["name"].encode()) > 30


def test_texts_are_new_each_time_and_keep_their_length() -> None:
    bodies, where, _ = made(THING)
    first, second = ({v.what: v.body for v in bodies.edges(where, VALID)} for _ in range(2))

    assert first["name at maxLength 30"]["name"] != second["name at maxLength 30"]["name"]
    assert first["note at maxLength 5"]["note"] != second["note at maxLength 5"]["note"]
    assert len(first["note at maxLength 5 of multi-byte text"]["note"]) == 5
    assert not first["note at maxLength 5 of multi-byte text"]["note"].isascii()


def test_a_stated_bound_is_firm_and_an_enum_value_is_not() -> None:
    bodies, where, _ = made(THING)
    firm = {variant.what: variant.firm for variant in bodies.edges(where, VALID)}

    assert firm["name at maxLength 30"]
    assert not firm["kind at enum value 'b'"]
    assert not firm["every optional member"]


def test_variants_can_be_sent_as_json() -> None:
    bodies, where, _ = made(THING)

    for variant in [*bodies.violations(where, VALID), *bodies.edges(where, VALID)]:
        json.dumps(variant.body, allow_nan=False)
