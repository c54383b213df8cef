"""A contract whose shape is wrong is refused with every problem, and never with a traceback."""

from pathlib import Path

import pytest

from certify.contract import load_contract
from certify.errors import Problem, ProgramError

ROOT = Path(__file__).parents[3]


def problems(folder: Path, text: str) -> tuple[Problem, ...]:
    file = folder / "c.yaml"
    file.write_text(text if "openapi:" in text else f"openapi: 3.1.0\n{text}\n")
    with pytest.raises(ProgramError) as caught:
        load_contract(file)
    assert caught.value.exit_code == 2
    return caught.value.problems


def of_operation(written: str) -> str:
    return f"paths: {{/x: {{get: {{{written}}}}}}}"


def of_schema(written: str) -> str:
    return of_operation(f"parameters: [{{name: a, in: query, schema: {written}}}]")


@pytest.mark.parametrize(
    ("text", "path", "why"),
    [
        ("paths: {/x: null}", "paths./x", "nothing"),
        ("paths: {/x: []}", "paths./x", "a list"),
        ("paths: {x: {}}", "paths.x", "begins with '/'"),
        ("paths: {/x: {get: null}}", "paths./x.get", "nothing"),
        ("paths: {/x: {get: parameters}}", "paths./x.get", "a text"),
        ("paths: {/x: {get: [a]}}", "paths./x.get", "a list"),
        ("paths: {/x: {parameters: {a: b}}}", "paths./x.parameters", "a mapping"),
        ("paths: {/x: {$ref: 7}}", "paths./x.$ref", "a reference is a text"),
        ("paths: {/x: {$ref: 'other.yaml#/a'}}", "paths./x.$ref", "leaves the document"),
        ("paths: {/x: {$ref: '#/nowhere'}}", "paths./x.$ref", "leads nowhere"),
        ("paths: {}\nsecurity: text", "security", "a text"),
        (of_operation("parameters: [null]"), "paths./x.get.parameters[0]", "nothing"),
        (of_operation("parameters: [{in: query}]"), "paths./x.get.parameters[0]", "'name'"),
        (of_operation("parameters: [{name: a}]"), "paths./x.get.parameters[0]", "'in'"),
        (of_operation("parameters: [{name: a, in: [b]}]"), "paths./x.get.parameters[0]", "'in'"),
        (of_operation("security: [x]"), "paths./x.get.security[0]", "a text"),
        (of_operation("security: [{x: 7}]"), "paths./x.get.security[0].x", "a single value"),
        (of_operation("security: [{x: [7]}]"), "paths./x.get.security[0].x[0]", "a single value"),
        (of_operation("requestBody: text"), "paths./x.get.requestBody", "a text"),
        (of_operation("requestBody: {content: []}"), "paths./x.get.requestBody.content", "a list"),
        (of_operation("responses: []"), "paths./x.get.responses", "a list"),
        (of_operation("responses: {200: null}"), "paths./x.get.responses.200", "nothing"),
        (of_operation("responses: {200: {content: {a/b: x}}}"), "paths./x.get.responses.200.content.a/b", "a text"),
        (of_operation("responses: {200: {headers: {A: x}}}"), "paths./x.get.responses.200.headers.A", "a text"),
        (of_operation("responses: {200: {links: {A: x}}}"), "paths./x.get.responses.200.links.A", "a text"),
        (of_schema("text"), "paths./x.get.parameters[0].schema", "a text"),
        (of_schema("{type: strnig}"), "paths./x.get.parameters[0].schema.type", "'strnig' is no type"),
        (of_schema("{enum: a}"), "paths./x.get.parameters[0].schema.enum", "a text"),
        (of_schema("{required: a}"), "paths./x.get.parameters[0].schema.required", "a text"),
        (of_schema("{properties: []}"), "paths./x.get.parameters[0].schema.properties", "a list"),
        (of_schema("{items: {allOf: [1]}}"), "paths./x.get.parameters[0].schema.items.allOf[0]", "a single value"),
        (of_schema("{minimum: five}"), "paths./x.get.parameters[0].schema.minimum", "a text"),
        (of_schema("{pattern: 5}"), "paths./x.get.parameters[0].schema.pattern", "a single value"),
    ],
)
def test_a_wrong_shape_is_told_with_its_place(tmp_path: Path, text: str, path: str, why: str) -> None:
    (problem,) = problems(tmp_path, text)

    assert (problem.path, problem.line) == (path, 2 if text.count("\n") == 0 else 3)
    assert why in f"{problem.message} {problem.advice}"


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    found = problems(tmp_path, "info: text\npaths:\n  /a: null\n  /b:\n    get: {responses: []}\nsecurity: [x]")

    assert [(problem.line, problem.path) for problem in found] == [
        (2, "info"),
        (4, "paths./a"),
        (6, "paths./b.get.responses"),
        (7, "security[0]"),
    ]


def test_what_is_referred_to_is_looked_at_where_it_stands(tmp_path: Path) -> None:
    schemas = (
        "components:\n  schemas:\n    A: {properties: {b: {$ref: '#/components/schemas/B'}}}\n    B:\n      type: 7"
    )
    (problem,) = problems(tmp_path, of_schema("{$ref: '#/components/schemas/A'}") + "\n" + schemas)

    assert (problem.line, problem.path) == (7, "components.schemas.B.type")


def test_a_schema_may_refer_to_itself_and_may_be_true(tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    itself = "{$ref: '#/components/schemas/A'}"
    schemas = f"{{A: {{properties: {{a: {itself}, b: true}}, additionalProperties: false}}}}"
    file.write_text(f"openapi: 3.1.0\n{of_schema(itself)}\ncomponents: {{schemas: {schemas}}}")

    assert [op.id for op in load_contract(file).operations] == ["GET /x"]


def test_the_shipped_contract_has_no_problem() -> None:
    assert load_contract(ROOT / "openapi" / "partner-api.v1.yaml").operations
