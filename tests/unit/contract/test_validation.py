"""Whether a value keeps its schema, and what is said where it does not; in the words of OpenAPI 3.0 too."""

from typing import Any

import pytest

from certify.contract.validation import Schemas
from tests.unit.contract.documents import contract, ref

ITEM = {"type": "object", "required": ["id", "score"], "properties": {"id": {}, "score": {"type": "integer"}}}
PAGE = {"type": "object", "properties": {"items": {"type": "array", "items": ref("Item")}}}


def told(schema: Any, value: Any, **schemas: Any) -> list[tuple[str, str, str]]:
    document = contract(schemas={"It": schema, **schemas})
    found = Schemas(document).violations("/components/schemas/It", value)
    return [(violation.pointer, violation.expected, violation.actual) for violation in found]


def test_a_violation_says_where_what_was_wanted_and_what_was_there() -> None:
    value = {"items": [{"id": 1, "score": 2}, {"id": 1, "score": "2"}]}

    assert told(PAGE, value, Item=ITEM) == [("/items/1/score", "type integer", 'string "2"')]


def test_null_is_called_null() -> None:
    assert told({"type": "integer"}, None) == [("", "type integer", "null")]


def test_each_missing_member_is_named() -> None:
    assert told(ITEM, {}) == [
        ("", "the required member id", "it is missing"),
        ("", "the required member score", "it is missing"),
    ]


def test_items_of_one_array_share_a_cause() -> None:
    document = contract(schemas={"It": PAGE, "Item": ITEM})
    value = {"items": [{"id": 1, "score": None}, {"id": 2, "score": True}]}

    assert len({v.cause for v in Schemas(document).violations("/components/schemas/It", value)}) == 1


def test_the_nearest_branch_of_a_choice_is_told() -> None:
    schema = {"anyOf": [{"type": "null"}, ITEM]}

    assert told(schema, {"id": 1}) == [("", "the required member score", "it is missing")]


def test_a_format_counts_only_where_it_is_asserted() -> None:
    document = contract(schemas={"It": {"type": "string", "format": "date"}})

    assert Schemas(document).valid("/components/schemas/It", "no date")
    assert not Schemas(document, formats=True).valid("/components/schemas/It", "no date")


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "string", "nullable": True}, None, 1),
        ({"type": "string", "nullable": True, "enum": ["a"]}, None, "b"),
        ({"allOf": [ref("Item")], "nullable": True}, None, 1),
        ({"type": "integer", "minimum": 1, "exclusiveMinimum": True}, 2, 1),
        ({"type": "integer", "maximum": 9, "exclusiveMaximum": False}, 9, 10),
        ({"type": "object", "properties": {"nullable": {"type": "boolean"}}}, {"nullable": True}, {"nullable": 1}),
        ({"type": "object", "default": {"nullable": True, "type": "string"}}, {}, 1),
    ],
)
def test_schemas_of_openapi_3_0_mean_what_they_meant(schema: Any, good: Any, bad: Any) -> None:
    schemas = Schemas(contract(schemas={"It": schema, "Item": ITEM}, openapi="3.0.3"))

    assert schemas.valid("/components/schemas/It", good)
    assert not schemas.valid("/components/schemas/It", bad)


def test_a_newer_document_is_left_as_it_is() -> None:
    assert not Schemas(contract(schemas={"It": {"type": "string", "nullable": True}})).valid(
        "/components/schemas/It", None
    )


def test_what_came_is_told_as_json_has_it() -> None:
    schemas = Schemas(contract(schemas={"T": {"type": "string"}, "E": {"enum": [True, None, "a"]}}))
    (wrong_type,) = schemas.violations("/components/schemas/T", {"ready": True, "at": None})
    (wrong_value,) = schemas.violations("/components/schemas/E", False)

    assert wrong_type.actual == 'object {"ready": true, "at": null}'
    assert (wrong_value.expected, wrong_value.actual) == ('one of [true, null, "a"]', "boolean false")
