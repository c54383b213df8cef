"""The prepared document is what the suites and the engine load; of a sound 3.1 contract it says nothing else."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from certify.contract import load_contract, load_handed, write_prepared
from certify.contract.load import WRITTEN_AS
from certify.errors import ProgramError

REFERENCE = Path(__file__).parents[3] / "openapi" / "partner-api.v1.yaml"


def test_the_engine_sees_the_reference_contract_as_it_was_written(tmp_path: Path) -> None:
    engine: Any = importlib.import_module("schemathesis")
    written = engine.openapi.from_path(REFERENCE).raw_schema
    prepared = json.loads(write_prepared(load_contract(REFERENCE), tmp_path).read_text("utf-8"))

    assert prepared.pop(WRITTEN_AS) == "3.1.0"
    assert json.dumps(prepared) == json.dumps(written)  # the order of members included: it steers generation


def test_a_prepared_contract_is_read_as_it_was_left(tmp_path: Path) -> None:
    contract = load_contract(REFERENCE)
    again = load_handed(write_prepared(contract, tmp_path))

    assert [op.id for op in again.operations] == [op.id for op in contract.operations]
    assert again.dialect == contract.dialect == "3.1.0"
    assert json.dumps(again.document) == json.dumps(contract.document)


def test_a_name_does_not_make_a_contract_one_that_was_checked(tmp_path: Path) -> None:
    file = tmp_path / "partner.prepared.json"
    file.write_text('{"openapi": "3.1.0", "paths": {"/a": {"get": {"$ref": "#/nowhere", "responses": 3}}}}')
    with pytest.raises(ProgramError, match="has 1 problem"):
        load_contract(file)
