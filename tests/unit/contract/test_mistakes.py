"""A contract with mistakes: each is told, and what can be tested is tested."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from certify.contract import Contract, Effect, load_contract, load_handed, write_prepared
from certify.contract.shape import members, required
from certify.contract.validation import Schemas
from certify.errors import ProgramError

GOOD = {"get": {"operationId": "good", "responses": {"200": {"description": "-"}}}}


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def answering(schema: Any, **more: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"get": {"responses": {"200": {"description": "-", "content": content}}, **more}}


def load(folder: Path, paths: dict[str, Any], **schemas: Any) -> Contract:
    document = {"openapi": "3.1.0", "paths": {"/good": GOOD, **paths}, "components": {"schemas": schemas}}
    file = folder / "openapi.json"
    file.write_text(json.dumps(document, indent=1))
    return load_contract(file)


def names(contract: Contract) -> list[str]:
    return [operation.id for operation in contract.operations]


def line_of(contract: Contract, text: str) -> int:
    lines = Path(contract.source).read_text().splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def test_an_operation_that_needs_what_is_not_there_is_set_aside_and_the_others_go_on(tmp_path: Path) -> None:
    contract = load(tmp_path, {"/a": answering(ref("A"))}, A={"properties": {"b": ref("Nowhere")}})
    (mistake,) = contract.problems

    assert names(contract) == ["good"]
    assert mistake.effect is Effect.SET_ASIDE
    assert mistake.operations == ("GET /a",)
    assert "leads nowhere" in mistake.problem.message
    assert mistake.problem.line == line_of(contract, "Nowhere")
    assert (contract.facts.operations, contract.facts.set_aside) == (1, 1)


@pytest.mark.parametrize(
    "schemas",
    [
        {"A": ref("A")},
        {"A": ref("B"), "B": ref("A")},
        {"A": {"allOf": [{"type": "object"}, ref("B")]}, "B": {"anyOf": [ref("A")]}},
    ],
)
def test_a_schema_that_demands_itself_is_circular(tmp_path: Path, schemas: dict[str, Any]) -> None:
    contract = load(tmp_path, {"/a": answering(ref("A"))}, **schemas)

    assert names(contract) == ["good"]
    assert all("circular" in mistake.problem.message for mistake in contract.problems)
    assert {name for mistake in contract.problems for name in mistake.operations} == {"GET /a"}


def test_a_recursive_schema_is_no_mistake(tmp_path: Path) -> None:
    tree = {"properties": {"left": ref("A"), "right": {"allOf": [ref("A")]}, "all": {"items": ref("A")}}}
    contract = load(tmp_path, {"/a": answering(ref("A"))}, A=tree)

    assert not contract.problems
    assert names(contract) == ["good", "GET /a"]


def test_two_operations_of_one_id_go_by_method_and_path(tmp_path: Path) -> None:
    contract = load(tmp_path, {"/a": answering({}, operationId="same"), "/b": answering({}, operationId="same")})

    assert names(contract) == ["good", "GET /a", "GET /b"]
    assert [mistake.effect for mistake in contract.problems] == [Effect.MENDED] * 2
    assert contract.operation("same") is None


@pytest.mark.parametrize("pattern", ["(", "(?<=a+)b", "/^abc$/", "[z-a]", "a{3,1}"])
def test_nobody_is_held_to_a_pattern_that_cannot_be_read(tmp_path: Path, pattern: str) -> None:
    contract = load(tmp_path, {"/a": answering(ref("A"))}, A={"type": "string", "pattern": pattern})
    (mistake,) = contract.problems

    assert mistake.effect is Effect.MENDED
    assert mistake.problem.line == line_of(contract, '"pattern"')
    assert Schemas(contract).valid("/components/schemas/A", "anything")
    assert not Schemas(contract).valid("/components/schemas/A", 7)


def test_no_message_holds_ten_thousand_values(tmp_path: Path) -> None:
    many = [f"value-{number}" for number in range(10_000)]
    contract = load(tmp_path, {"/a": answering(ref("A"))}, A={"enum": many})
    (violation,) = Schemas(contract).violations("/components/schemas/A", "other")

    assert len(violation.expected) < 300
    assert "value-0" in violation.expected


def test_a_name_in_a_path_that_nobody_declared_is_a_text(tmp_path: Path) -> None:
    contract = load(tmp_path, {"/a/{id}/{part}": answering({})})
    (mistake,) = contract.problems
    raw = contract.document["paths"]["/a/{id}/{part}"]["get"]["parameters"]

    assert mistake.effect is Effect.MENDED
    assert "'id', 'part'" in mistake.problem.message
    assert [parameter["name"] for parameter in raw] == ["id", "part"]


def test_an_operation_that_was_set_aside_still_counts_as_documented(tmp_path: Path) -> None:
    contract = load(tmp_path, {"/a": answering(ref("Nowhere"))})

    assert "get" in contract.document["paths"]["/a"]
    assert contract.operation("GET /a") is None
    assert contract.match("GET", "/a") is None


def test_what_was_stepped_around_is_gone_from_the_prepared_document(tmp_path: Path) -> None:
    contract = load(tmp_path, {"/a": answering(ref("Nowhere")), "x": {}, "/b": None, "/c": {"parameters": 7}})
    again = load_handed(write_prepared(contract, tmp_path))

    assert names(again) == names(contract) == ["good"]
    assert set(again.document["paths"]) == {"/good", "/a", "/c"}


@pytest.mark.parametrize("member", ["info", "components"])
def test_a_part_that_is_not_needed_is_left_out(tmp_path: Path, member: str) -> None:
    file = tmp_path / "c.json"
    file.write_text(json.dumps({"openapi": "3.1.0", "paths": {"/good": GOOD}, member: "text"}))
    contract = load_contract(file)

    assert [mistake.problem.path for mistake in contract.problems] == [member]
    assert contract.title == ""
    assert names(contract) == ["good"]


def test_where_nothing_is_left_every_problem_is_told(tmp_path: Path) -> None:
    file = tmp_path / "c.json"
    file.write_text(json.dumps({"openapi": "3.0.0", "paths": {"/a": answering(ref("X")), "/b": answering(ref("Y"))}}))

    with pytest.raises(ProgramError) as caught:
        load_contract(file)

    assert len(caught.value.problems) == 2


def test_a_contract_without_operations_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "c.json"
    file.write_text(json.dumps({"openapi": "3.0.0", "paths": {}}))

    with pytest.raises(ProgramError) as caught:
        load_contract(file)

    assert "no path has an operation" in caught.value.problems[0].message


def test_the_line_is_the_one_in_the_file_that_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "parts.yaml").write_text("A:\n  type: object\nB:\n  properties:\n    c: {type: strnig}\n")
    contract = load(tmp_path, {"/a": answering({"$ref": "parts.yaml#/B"})})
    (mistake,) = contract.problems

    assert Path(mistake.problem.file).name == "parts.yaml"
    assert (mistake.problem.line, mistake.problem.path) == (5, "B.properties.c.type")


def test_a_line_of_swagger_is_found_through_the_conversion(tmp_path: Path) -> None:
    body = "  parameters: [{in: body, name: b, schema: {properties: {c: {type: strnig}}}}]"
    text = f"swagger: '2.0'\npaths:\n  /good: {{get: {{responses: {{}}}}}}\n  /a:\n    post:\n    {body}\n"
    (tmp_path / "c.yaml").write_text(text)
    (mistake,) = load_contract(tmp_path / "c.yaml").problems

    assert mistake.problem.line == 6
    assert mistake.problem.path == "paths./a.post.parameters[0].schema.properties.c.type"


def test_a_deep_chain_does_not_reach_the_end_of_the_stack(tmp_path: Path) -> None:
    chain = {f"S{number}": {"allOf": [ref(f"S{number + 1}")]} for number in range(5_000)}
    contract = load(tmp_path, {"/a": answering(ref("S0"))}, **chain, S5000={"type": "string"})

    assert names(contract) == ["good", "GET /a"]


def test_many_mistakes_take_no_more_than_their_time(tmp_path: Path) -> None:
    paths = {f"/p{number}": answering(ref(f"Nowhere{number}")) for number in range(2_000)}
    contract = load(tmp_path, paths)

    assert contract.facts.set_aside == 2_000
    assert contract.facts.seconds < 10


def test_names_by_a_pattern_that_cannot_be_read_are_all_allowed(tmp_path: Path) -> None:
    named = {"type": "object", "patternProperties": {"(": {"type": "string"}}, "additionalProperties": False}
    contract = load(tmp_path, {"/a": answering(ref("A"))}, A=named)

    assert [mistake.effect for mistake in contract.problems] == [Effect.MENDED]
    assert Schemas(contract).valid("/components/schemas/A", {"anything": 7})


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "integer", "minimum": 1, "exclusiveMinimum": True}, 2, 1),
        ({"type": "object", "properties": {"a": {"type": "string", "required": True}}}, {"a": "x"}, {"a": 1}),
        ({"type": ["string", None]}, None, 1),
        ({"type": "String"}, "x", 1),
        ({"type": "int"}, 1, "x"),
        ({"type": "integer", "minimum": "5"}, 5, 4),
    ],
)
def test_a_habit_of_another_dialect_is_read_as_it_was_meant(tmp_path: Path, schema: Any, good: Any, bad: Any) -> None:
    contract = load(tmp_path, {"/a": answering(ref("A"))}, A=schema)

    assert [mistake.effect for mistake in contract.problems] == [Effect.MENDED]
    assert Schemas(contract).valid("/components/schemas/A", good)
    assert not Schemas(contract).valid("/components/schemas/A", bad)


def test_what_stands_beside_a_reference_counts_as_well(tmp_path: Path) -> None:
    beside = {**ref("B"), "required": ["b"]}
    contract = load(tmp_path, {"/a": answering(ref("A"))}, A=beside, B={"properties": {"b": {"type": "string"}}})

    assert members(contract, ref("A")) == {"b": {"type": "string"}}
    assert required(contract, ref("A")) == ["b"]


def test_what_is_not_tested_or_not_declared_is_noted(tmp_path: Path) -> None:
    paths = {"/a": {**answering({}, security=[{"nobody": []}]), "additionalOperations": {"COPY": {}}}}
    contract = load(tmp_path, paths)

    assert {mistake.effect for mistake in contract.problems} == {Effect.NOTED}
    assert sorted(mistake.problem.path.rsplit(".", 1)[-1] for mistake in contract.problems) == [
        "additionalOperations",
        "nobody",
    ]
    assert names(contract) == ["good", "GET /a"]


def sent(schema: Any, **more: Any) -> dict[str, Any]:
    body = {"content": {"application/json": {"schema": schema, **more}}}
    return {"post": {"requestBody": body, "responses": {}}}


@pytest.mark.parametrize(
    "path",
    [
        sent(ref("A"), example={"n": "seven"}),
        sent(ref("A"), examples={"bad": {"value": {"n": "seven"}}}),
        sent({"properties": {"n": {"type": "integer", "example": "seven"}}}),
        sent({"type": "object", "properties": {"n": {"type": "integer", "default": "seven"}}}),
        {"get": {"parameters": [{"name": "n", "in": "query", "schema": {"type": "integer"}, "example": "seven"}]}},
        {"get": {"parameters": [{"name": "n", "in": "query", "schema": {"enum": ["a"], "example": "seven"}}]}},
    ],
)
def test_an_example_that_breaks_its_own_schema_is_not_sent(tmp_path: Path, path: dict[str, Any]) -> None:
    contract = load(tmp_path, {"/a": path}, A={"type": "object", "properties": {"n": {"type": "integer"}}})
    (mistake,) = contract.problems

    assert mistake.effect is Effect.MENDED
    assert "breaks its own schema" in mistake.problem.message
    assert "seven" not in json.dumps(contract.document)
    assert mistake.problem.line >= line_of(contract, '"/a"')


def test_an_example_that_keeps_its_schema_stays(tmp_path: Path) -> None:
    contract = load(tmp_path, {"/a": sent(ref("A"), example={"n": 7})}, A={"properties": {"n": {"type": "integer"}}})

    assert not contract.problems
    assert contract.operation("POST /a").body.examples == ({"n": 7},)  # type: ignore[union-attr]


def test_a_line_of_swagger_is_found_where_the_object_was_made_anew(tmp_path: Path) -> None:
    parameter = "- {in: query, name: q, type: strnig}"
    text = f"swagger: '2.0'\npaths:\n  /good: {{get: {{}}}}\n  /a:\n    get:\n      parameters:\n      {parameter}\n"
    (tmp_path / "c.yaml").write_text(text)
    (mistake,) = load_contract(tmp_path / "c.yaml").problems

    assert (mistake.problem.line, mistake.problem.path) == (7, "paths./a.get.parameters[0].type")


def test_a_pattern_that_can_take_for_ever_is_told_and_binds_nobody(tmp_path: Path) -> None:
    named = {"type": "string", "pattern": "^(a+)+$", "example": "a" * 60 + "!"}
    contract = load(tmp_path, {"/a": answering({"properties": {"n": named}, "patternProperties": {"^(b+)+$": False}})})
    told = [(mistake.effect, mistake.problem.message) for mistake in contract.problems]

    assert [effect for effect, _ in told] == [Effect.NOTED, Effect.MENDED]
    assert "for ever" in told[0][1]
    schema = "/paths/~1a/get/responses/200/content/application~1json/schema"
    assert Schemas(contract).violations(schema, {"n": "a" * 60 + "!", "b" * 60 + "!": 1}) == []
