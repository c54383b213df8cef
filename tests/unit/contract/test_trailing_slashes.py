"""Frameworks differ in trailing slashes; a collection is a collection either way."""

from __future__ import annotations

import pytest

from certify.contract.operation import Operation
from certify.contract.resources import find_resources


@pytest.mark.parametrize(
    ("collection", "item"),
    [("/pets", "/pets/{id}"), ("/pets/", "/pets/{id}"), ("/pets/", "/pets/{id}/"), ("/pets", "/pets/{id}/")],
)
def test_a_collection_is_paired_with_its_items(collection: str, item: str) -> None:
    operations = [
        Operation("create", "POST", collection),
        Operation("list", "GET", collection),
        Operation("read", "GET", item),
        Operation("delete", "DELETE", item),
    ]
    (found,) = find_resources(operations)
    assert [operation.id for operation in found.operations] == ["create", "read", "list", "delete"]
    assert [operation.id for operation in found.by_id] == ["read", "delete"]
    assert found.name == "pets"
