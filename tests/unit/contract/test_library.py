"""A contract of several files is read as one, and nothing else is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from certify.contract import Contract, load_contract
from certify.contract.validation import Schemas
from certify.errors import ProgramError

ROOT = """\
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /pets: {$ref: 'paths/pets.yaml'}
"""
PETS = """\
get:
  responses:
    '200':
      description: '-'
      content:
        application/json: {schema: {$ref: '../schemas.json#/Pet%20s'}}
"""
SCHEMAS = {
    "Pet s": {"type": "array", "items": {"$ref": "#/Pet"}},
    "Pet": {"type": "object", "properties": {"mother": {"$ref": "schemas.json#/Pet"}, "name": {"type": "string"}}},
}


@pytest.fixture
def several(tmp_path: Path) -> Path:
    (tmp_path / "paths").mkdir()
    (tmp_path / "openapi.yaml").write_text(ROOT)
    (tmp_path / "paths" / "pets.yaml").write_text(PETS)
    (tmp_path / "schemas.json").write_text(json.dumps(SCHEMAS))
    return tmp_path / "openapi.yaml"


def answer(contract: Contract) -> str:
    return contract.operations[0].answers["200"].media["application/json"]


def test_several_files_are_one_document(several: Path) -> None:
    contract = load_contract(several)
    schemas = Schemas(contract)

    assert [Path(file).name for file in contract.facts.files] == ["openapi.yaml", "pets.yaml", "schemas.json"]
    assert schemas.valid(answer(contract), [{"mother": {"mother": {"name": "a"}}}])
    assert not schemas.valid(answer(contract), [{"mother": {"mother": {"name": 7}}}])


def test_the_digest_names_every_file(several: Path) -> None:
    before = load_contract(several).facts.digest
    (several.parent / "schemas.json").write_text(json.dumps({**SCHEMAS, "more": {}}))

    assert before.startswith("sha256:")
    assert load_contract(several).facts.digest != before


def referring(folder: Path, reference: str) -> Contract:
    schema = json.dumps({"$ref": reference})
    good = "/good: {get: {responses: {}}}"
    answer = f"{{'200': {{description: '-', content: {{application/json: {{schema: {schema}}}}}}}}}"
    (folder / "c.yaml").write_text(f"openapi: 3.1.0\npaths:\n  {good}\n  /a: {{get: {{responses: {answer}}}}}\n")
    return load_contract(folder / "c.yaml")


WAYS_OUT = ["../secret.json", "down/../../secret.json", "%2e%2e/secret.json", "link.json", "{uri}"]


@pytest.mark.parametrize("way", WAYS_OUT)
def test_a_file_outside_the_contracts_folder_is_not_read(tmp_path: Path, way: str) -> None:
    secret, folder = tmp_path / "secret.json", tmp_path / "api"
    secret.write_text('{"A": {"type": "string", "default": "s3cret"}}')
    folder.mkdir()
    (folder / "down").mkdir()
    (folder / "link.json").symlink_to(secret)
    contract = referring(folder, way.format(uri=secret.as_uri()) + "#/A")

    assert contract.document["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"] == {"schema": {}}
    assert "s3cret" not in json.dumps(contract.document) + str(contract.problems)
    assert "outside the contract's folder" in contract.problems[0].problem.advice


def test_a_link_inside_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text('{"A": {"type": "string"}}')
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")

    assert not referring(tmp_path, "link.json#/A").problems


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("gone.json#/A", "no such file"),
        ("bad.yaml#/A", "not YAML"),
        ("device#/A", "not a file"),
        ("https://elsewhere.example/a.json", "not fetched"),
        ("ftp://elsewhere.example/a.json", "neither a file nor a web address"),
        ("http://[bad", "not a URI"),
        ("#nowhere", "no schema has the anchor"),
    ],
)
def test_what_cannot_be_had_says_why(tmp_path: Path, reference: str, why: str) -> None:
    (tmp_path / "bad.yaml").write_text("a: [1")
    (tmp_path / "device").mkdir()
    contract = referring(tmp_path, reference)
    (mistake,) = contract.problems

    assert mistake.operations == ("GET /a",)
    assert why in mistake.problem.advice


def test_a_reference_may_point_at_a_reference_in_another_file(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("A: {$ref: 'two.yaml#/B'}\n")
    (tmp_path / "two.yaml").write_text("B: {$ref: '#/C/x~1y%20z'}\nC:\n  x/y z: {type: integer}\n")
    contract = referring(tmp_path, "one.yaml#/A")
    pointer = contract.operation("GET /a").answers["200"].media["application/json"]  # type: ignore[union-attr]

    assert not contract.problems
    assert not Schemas(contract).valid(pointer, "text")
    assert Schemas(contract).valid(pointer, 7)


def test_two_files_that_refer_to_each_other_end(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("A: {properties: {b: {$ref: 'two.yaml#/B'}}}\n")
    (tmp_path / "two.yaml").write_text("B: {properties: {a: {$ref: 'one.yaml#/A'}, n: {type: integer}}}\n")
    contract = referring(tmp_path, "one.yaml#/A")
    pointer = contract.operation("GET /a").answers["200"].media["application/json"]  # type: ignore[union-attr]

    assert not contract.problems
    assert Schemas(contract).valid(pointer, {"b": {"a": {"b": {"n": 1}}}})
    assert not Schemas(contract).valid(pointer, {"b": {"a": {"b": {"n": "1"}}}})


@pytest.mark.parametrize(
    "reference", ["#thing", "urn:example:thing", "#/components/schemas/T", "https://x.example/s/t"]
)
def test_a_schema_is_found_by_anchor_and_by_id(tmp_path: Path, reference: str) -> None:
    schemas = {
        "T": {"$anchor": "thing", "type": "integer"},
        "U": {"$id": "urn:example:thing", "type": "integer"},
        "V": {"$id": "https://x.example/s/v", "$defs": {"inner": {"$id": "t", "type": "integer"}}},
    }
    document = {
        "openapi": "3.1.0",
        "paths": {"/a": {"get": {"responses": {"200": {"content": {"a/json": {"schema": {"$ref": reference}}}}}}}},
        "components": {"schemas": schemas},
    }
    (tmp_path / "c.json").write_text(json.dumps(document))
    contract = load_contract(tmp_path / "c.json")
    pointer = contract.operations[0].answers["200"].media["a/json"]

    assert not contract.problems
    assert Schemas(contract).valid(pointer, 7)
    assert not Schemas(contract).valid(pointer, "text")


def test_a_discriminator_follows_its_schemas(tmp_path: Path) -> None:
    (tmp_path / "pets.yaml").write_text("Cat: {type: object}\n")
    mapping = {"cat": "pets.yaml#/Cat", "dog": "Dog"}
    document = {
        "openapi": "3.1.0",
        "paths": {"/a": {"get": {"responses": {}}}},
        "components": {"schemas": {"Pet": {"discriminator": {"propertyName": "kind", "mapping": mapping}}}},
    }
    (tmp_path / "c.json").write_text(json.dumps(document))
    found = load_contract(tmp_path / "c.json").document

    assert found["components"]["schemas"]["Pet"]["discriminator"]["mapping"] == {
        "cat": "#/x-bundled/pets/Cat",
        "dog": "Dog",
    }


def test_a_path_item_may_be_shared_and_have_members_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "items.yaml").write_text("get: {responses: {'200': {description: '-'}}}\n")
    (tmp_path / "c.yaml").write_text(
        "openapi: 3.1.0\npaths:\n  /a: {$ref: items.yaml}\n  /b: {$ref: items.yaml, delete: {responses: {}}}\n"
    )

    assert [op.id for op in load_contract(tmp_path / "c.yaml").operations] == ["GET /a", "GET /b", "DELETE /b"]


def test_what_a_document_calls_itself_is_itself(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(
        "openapi: 3.2.0\n$self: https://api.example/openapi\npaths:\n  /a:\n    query:\n      responses:\n"
        "        '200': {$ref: 'https://api.example/openapi#/components/responses/R'}\n"
        "components: {responses: {R: {description: '-'}}}\n"
    )
    contract = load_contract(tmp_path / "c.yaml")

    assert not contract.problems
    assert [operation.method for operation in contract.operations] == ["QUERY"]


def test_a_yaml_bomb_is_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    (tmp_path / "c.yaml").write_text("\n".join(lines))

    with pytest.raises(ProgramError) as caught:
        load_contract(tmp_path / "c.yaml")

    assert "aliases" in caught.value.problems[0].message


@pytest.mark.parametrize("member", [{"$id": "http://["}, {"$ref": "a%00b.yaml"}, {"$ref": "http://["}])
def test_an_address_that_is_none_is_stepped_around(tmp_path: Path, member: dict[str, Any]) -> None:
    content = {"application/json": {"schema": {"properties": {"a": member}}}}
    operation = {"operationId": "a", "responses": {"200": {"description": "-", "content": content}}}
    good = {"get": {"operationId": "good", "responses": {}}}
    file = tmp_path / "openapi.json"
    file.write_text(
        json.dumps({"openapi": "3.2.0", "$self": "http://[", "paths": {"/good": good, "/a": {"get": operation}}})
    )
    assert "good" in [item.id for item in load_contract(file).operations]
