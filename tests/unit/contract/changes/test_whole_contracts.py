"""Whole contracts: the same one twice is no change, a large one takes seconds, a hostile one ends."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from certify.contract import Contract, load_contract
from certify.contract.changes import compare
from tests.bench.contract_loading import write
from tests.unit.contract.changes.snippets import sent

ROOT = Path(__file__).parents[4]
CONTRACTS = sorted(
    file
    for folder in ("openapi", "tests/second_api", "fixtures")
    for file in (ROOT / folder).rglob("*")
    if file.suffix in (".yaml", ".yml", ".json") and b"openapi" in file.read_bytes()[:200]
)


def test_there_are_contracts_to_look_at() -> None:
    assert CONTRACTS


@pytest.mark.parametrize("file", CONTRACTS, ids=lambda file: file.name)
def test_a_contract_does_not_differ_from_itself(file: Path) -> None:
    assert compare(load_contract(file), load_contract(file)) == ()


@pytest.mark.parametrize("file", CONTRACTS, ids=lambda file: file.name)
def test_every_operation_that_is_taken_away_is_missed(file: Path) -> None:
    old, new = load_contract(file), load_contract(file)
    path, item = next(iter(new.document["paths"].items()))
    del new.document["paths"][path]
    found = {change.operation for change in compare(old, new) if change.rule == "operation-removed"}
    assert found == {operation.id for operation in old.operations if operation.path == path}
    assert item


def test_a_contract_of_seven_megabytes_takes_seconds(tmp_path: Path) -> None:
    file = write(tmp_path / "large.json", 910)
    old = load_contract(file)
    new = Contract(json.loads(json.dumps(old.document)), old.source)
    schemas: dict[str, Any] = new.document["components"]["schemas"]
    name, schema = next(reversed(schemas.items()))
    schema["required"] = [*schema["required"], "a-member-that-nobody-had"]
    started = time.process_time()
    found = compare(old, new)
    assert time.process_time() - started < 10
    assert {change.pointer for change in found} == {f"/components/schemas/{name}/required"}


def _nested(depth: int, innermost: str) -> Contract:
    text = '{"items": ' * depth + innermost + "}" * depth
    contract = sent("{}")
    content = contract.document["paths"]["/leads"]["post"]["requestBody"]["content"]
    content["application/json"]["schema"] = json.loads(text)
    return contract


def test_a_schema_nested_hundreds_deep_is_compared_to_its_end() -> None:
    found = compare(_nested(400, '{"type": "string"}'), _nested(400, '{"type": "integer"}'))
    assert [change.rule for change in found] == ["request-type-changed"]
    assert found[0].pointer.count("/items") == 400


def test_circles_of_different_length_end() -> None:
    def ring(size: int) -> Contract:
        schemas = {
            f"S{n}": {
                "properties": {"next": {"$ref": f"#/components/schemas/S{(n + 1) % size}"}, "x": {"maximum": size}}
            }
            for n in range(size)
        }
        contract = sent("{$ref: '#/components/schemas/S0'}")
        contract.document["components"]["schemas"].update(schemas)
        return contract

    found = compare(ring(30), ring(31))
    assert {change.rule for change in found} == {"request-range-widened"}
