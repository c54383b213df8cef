"""A contract of several files is read as one, and nothing else is read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from certify.contract import Contract, load_contract
from certify.contract.validation import Schemas

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
