"""Reading a contract: operations, references, security, and what the paths imply."""

from pathlib import Path

import pytest

from certify.contract import load_contract
from certify.errors import ProgramError
from tests.unit.contract.documents import answers, body, contract, ref

THINGS = {
    "/things/first": {"get": {"operationId": "first", "responses": {}}},
    "/things": {"get": {"operationId": "list", "responses": {}}, "post": {"operationId": "make", "responses": {}}},
    "/things/{thing_id}": {
        "parameters": [{"name": "thing_id", "in": "path", "required": True, "schema": {"type": "string"}}],
        "get": {"operationId": "read", "responses": {}},
        "put": {"operationId": "put", "responses": {}},
        "patch": {"operationId": "patch", "responses": {}},
        "delete": {"operationId": "delete", "responses": {}},
    },
    "/things/{thing_id}/parts": {"get": {"operationId": "parts", "responses": {}}},
    "/things/mine": {"get": {"operationId": "mine", "responses": {}}},
    "/things/{thing_id}/bits/{bit}": {"get": {"operationId": "bit", "responses": {}}},
}


def test_an_operation_is_found_by_its_id_and_by_method_and_path() -> None:
    document = contract({"/a": {"get": {"responses": {}}}, "/b": {"get": {"operationId": "b", "responses": {}}}})

    assert document.operation("GET /a") is document.operations[0]
    assert document.operation("b") is document.operation("GET /b")
    assert document.operation("c") is None


def test_a_collection_and_its_items_are_one_resource() -> None:
    things = next(r for r in contract(THINGS).resources if r.collection_path == "/things")

    assert (things.name, things.parameter) == ("things", "thing_id")
    assert [op.id for op in things.operations] == ["make", "read", "list", "patch", "delete"]
    assert [op.id for op in things.by_id] == ["read", "put", "patch", "parts", "bit", "delete"]


def test_a_path_belongs_to_the_most_literal_operation() -> None:
    document = contract(THINGS)

    assert document.match("GET", "/things/mine") is document.operation("mine")
    assert document.match("GET", "/things/first") is document.operation("first")
    assert document.match("GET", "/things/7") is document.operation("read")
    assert document.match("POST", "/things/7") is None
    assert document.match("GET", "/things/7/8/9") is None


def test_the_innermost_resource_owns_an_operation() -> None:
    document = contract(THINGS)
    owner = document.owner(document.operation("bit"))  # type: ignore[arg-type]

    assert owner is not None
    assert owner.collection_path == "/things/{thing_id}/bits"


def test_security_is_inherited_overridden_and_optional() -> None:
    document = contract(
        {
            "/a": {
                "get": {"responses": {}},
                "put": {"security": [], "responses": {}},
                "post": {"security": [{"o": ["w"]}, {}], "responses": {}},
                "delete": {"security": [{"o": ["w"]}, {"o": ["admin"], "k": []}], "responses": {}},
            }
        },
        security=[{"o": ["r"]}],
    )
    by = {op.method: op for op in document.operations}

    assert {method: op.secured for method, op in by.items()} == {
        "GET": True,
        "PUT": False,
        "POST": False,
        "DELETE": True,
    }
    assert by["GET"].scopes == (("r",),)
    assert by["DELETE"].scopes == (("w",), ("admin",))


def test_references_are_followed_to_their_end() -> None:
    document = contract(
        {"/a": {"post": {"requestBody": body(ref("A")), "responses": answers(_201=ref("A"))}}},
        {"A": ref("B"), "B": {"type": "object", "properties": {"x": ref("C")}}, "C": {"type": "integer"}},
    )
    (operation,) = document.operations

    assert operation.body is not None
    assert operation.body.schema["type"] == "object"
    assert operation.body.pointer == "/components/schemas/B"
    assert document.follow(operation.body.schema["properties"]["x"]) == {"type": "integer"}


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("#/components/schemas/None", "leads nowhere"),
        ("other.yaml#/A", "leaves"),
        ("#/components/schemas/Loop", "circ"),
    ],
)
def test_a_reference_that_leads_nowhere_is_told(reference: str, why: str) -> None:
    document = contract(schemas={"Loop": ref("Loop")})

    with pytest.raises(ProgramError, match=why):
        document.follow({"$ref": reference})


def test_answers_are_found_by_status_class_and_default() -> None:
    responses = {"200": {"description": "-"}, "4XX": {"description": "-"}, "default": {"description": "-"}}
    (operation,) = contract({"/a": {"get": {"responses": responses}}}).operations

    assert [operation.answer(status).status for status in (200, 404, 500)] == ["200", "4XX", "default"]  # type: ignore[union-attr]


def test_a_redirect_is_a_success_where_nothing_else_is() -> None:
    both = {"responses": answers(_200=None, _302=None)}
    paths = {"/a": {"get": {"responses": answers(_302=None, _400=None)}, "put": both}}

    assert [op.successes for op in contract(paths).operations] == [(302,), (200,)]


def test_parameters_of_the_operation_override_those_of_the_path() -> None:
    def parameter(place: str, **more: object) -> dict[str, object]:
        return {"name": "X", "in": place, "schema": {}, **more}

    paths = {
        "/a": {
            "parameters": [parameter("query", example="path"), parameter("header")],
            "get": {"parameters": [parameter("query", examples={"e": {"value": "own"}})], "responses": {}},
        }
    }
    (operation,) = contract(paths).operations

    assert operation.parameter("X", "query").example == "own"  # type: ignore[union-attr]
    assert operation.parameter("x", "header") is not None
    assert operation.parameter("x", "query") is None


def test_a_path_parameter_that_was_not_declared_is_one_all_the_same() -> None:
    (operation,) = contract({"/a/{b}": {"get": {"responses": {}}}}).operations

    assert [parameter.name for parameter in operation.path_parameters] == ["b"]


@pytest.mark.parametrize(
    ("name", "text", "line", "why"),
    [
        ("c.yaml", "a: [1\nb: 2\n", 2, "not YAML"),
        ("c.json", '{\n"a": [}', 2, "not YAML"),
        ("c.yaml", "just text", 1, "a single value"),
        ("c.yaml", "openapi: 3.1.0", 1, "no paths"),
        ("c.yaml", "[" * 3_000, 1, "nested deeper"),
        ("c.yaml", "openapi: 4.0.0\npaths: {}", 1, "4.0"),
        ("c.yaml", "info: {}\nopenapi: 4.0.0\npaths: {}", 2, "4.0"),
        ("c.yaml", "openapi: 3.0.0\n\npaths: []", 3, "no paths"),
        ("c.yaml", "openapi: 3.0.0\n\npaths: {}", 3, "no path has an operation"),
    ],
)
def test_a_contract_that_cannot_be_read_is_told_with_its_line(
    tmp_path: Path, name: str, text: str, line: int, why: str
) -> None:
    (tmp_path / name).write_text(text)

    with pytest.raises(ProgramError) as caught:
        load_contract(tmp_path / name)

    (problem,) = caught.value.problems
    assert problem.line == line
    assert why in problem.message


def test_dates_in_yaml_stay_text(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("openapi: 3.1.0\npaths: {/a: {get: {}}}\nx: 2026-11-22\n")

    assert load_contract(tmp_path / "c.yaml").document["x"] == "2026-11-22"


def test_a_reference_is_percent_encoded() -> None:
    document = contract(schemas={"A B": {"type": "integer"}})

    assert document.follow({"$ref": "#/components/schemas/A%20B"}) == {"type": "integer"}


def test_extensions_are_no_paths_and_no_answers() -> None:
    paths = {"x-note": "text", "/a": {"get": {"responses": {"x-note": 1, "200": {"description": "-"}}}}}
    (operation,) = contract(paths).operations

    assert list(operation.answers) == ["200"]
