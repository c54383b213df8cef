"""Values that are derived from a schema keep it."""

from typing import Any

import pytest

from certify.contract.edges import edges
from certify.contract.strings import from_pattern, text
from certify.contract.validation import Schemas
from certify.contract.values import sample
from certify.http.call import ABSENT
from tests.unit.contract.documents import contract, ref

SCHEMAS: dict[str, Any] = {
    "text": {"type": "string", "minLength": 12},
    "short": {"type": "string", "maxLength": 3},
    "mail": {"type": "string", "format": "email"},
    "moment": {"type": "string", "format": "date-time"},
    "code": {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{4}$"},
    "choice": {"type": "string", "pattern": "^(red|green)$"},
    "decimal": {"type": "string", "pattern": r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?$"},
    "host": {"type": "string", "pattern": "^https://[a-z0-9-]{1,40}(\\.[a-z0-9-]{1,40}){1,3}$"},
    "between": {"type": "integer", "minimum": 5, "maximum": 6},
    "above": {"type": "number", "exclusiveMinimum": 2},
    "below": {"type": "integer", "maximum": -3},
    "step": {"type": "integer", "multipleOf": 5, "minimum": 5},
    "flag": {"type": "boolean"},
    "maybe": {"type": ["null", "integer"]},
    "enum": {"enum": ["x", "y"]},
    "const": {"const": 7},
    "example": {"type": "string", "example": "from the author", "minLength": 3},
    "list": {"type": "array", "minItems": 2, "items": {"type": "integer"}},
    "object": {"type": "object", "required": ["a"], "properties": {"a": ref("code"), "b": ref("flag")}},
    "all": {"allOf": [ref("object"), {"required": ["c"], "properties": {"c": ref("between")}}]},
    "one": {"oneOf": [ref("object"), ref("code")]},
    "tree": {"type": "object", "required": ["v"], "properties": {"v": ref("flag"), "next": ref("tree")}},
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_sample_keeps_its_schema(name: str) -> None:
    document = contract(schemas=SCHEMAS)
    value = sample(document, ref(name))

    assert value is not ABSENT
    assert Schemas(document, formats=True).valid(f"/components/schemas/{name}", value), value


def test_a_full_sample_has_the_optional_members_and_not_those_that_only_the_server_writes() -> None:
    schema = {"type": "object", "properties": {"a": ref("flag"), "id": {"type": "string", "readOnly": True}}}

    assert sample(contract(schemas=SCHEMAS), schema, full=True) == {"a": True}
    assert sample(contract(schemas=SCHEMAS), schema) == {}


def test_a_recursive_schema_ends() -> None:
    value = sample(contract(schemas=SCHEMAS), ref("tree"), full=True)

    assert value["next"]["next"]["v"] is True


def test_what_the_author_wrote_beats_what_is_derived() -> None:
    assert sample(contract(), {"type": "string", "examples": ["mine"], "default": "other"}) == "mine"


@pytest.mark.parametrize(
    "pattern", ["^[a-f0-9]{16}$", r"^\d{3}\.\d+$", "^a?b*c+$", "^[^a]x$", r"^\w\s\w$", "^(?:ab){2}$"]
)
def test_a_simple_pattern_is_met(pattern: str) -> None:
    import re

    assert re.fullmatch(pattern.strip("^$"), from_pattern(pattern)), from_pattern(pattern)


def test_a_number_around_zero_is_sampled_away_from_its_bounds() -> None:
    assert sample(contract(), {"type": "integer", "minimum": -1_000, "maximum": 1_000}) == 1


@pytest.mark.parametrize("name", ["between", "short", "text", "enum", "list"])
def test_edges_keep_the_schema(name: str) -> None:
    document = contract(schemas=SCHEMAS)
    schemas = Schemas(document)

    assert all(schemas.valid(f"/components/schemas/{name}", e.value) for e in edges(document, ref(name)))


def test_the_edges_of_a_number_are_its_bounds() -> None:
    found = edges(contract(schemas=SCHEMAS), ref("between"))

    assert [(edge.what, edge.value, edge.firm) for edge in found] == [("minimum 5", 5, True), ("maximum 6", 6, True)]


@pytest.mark.parametrize("schema", [{"minLength": 300_000_000}, {"pattern": "^(a{9999}){9999}$"}])
def test_more_text_than_anybody_sends_is_not_made_up(schema: dict[str, Any]) -> None:
    document = contract()
    string = {"type": "string", **schema}
    assert sample(document, string) is ABSENT
    assert sample(document, {"type": "object", "required": ["a"], "properties": {"a": string}}) is ABSENT
    assert len(text(string)) <= 1_000_000
    assert all(len(str(edge.value)) <= 10_000 for edge in edges(document, string))
