"""Things that need each other to be made: told, or done without, and never followed in a circle."""

from __future__ import annotations

from contextlib import suppress

import pytest

from certify.model.partner import OperationHint, Permissions
from certify.suite.verdicts import Stop
from tests.unit.contract.documents import answers, body, contract
from tests.unit.http.loopback import Told, loopback
from tests.unit.suite.bench import kit

NAMED = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}


def op(name: str, **more: object) -> dict[str, object]:
    return {"operationId": name, "responses": answers(_200=None), **more}


def at(*names: str) -> list[dict[str, object]]:
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


TENANTS = contract(
    {
        "/tenants": {"post": op("create_tenant", requestBody=body(NAMED))},
        "/tenants/{tenant_name}": {"get": op("get_tenant", parameters=at("tenant_name"))},
        "/tenants/{tenant}/databases": {
            "get": op("list_databases", parameters=at("tenant")),
            "post": op("create_database", requestBody=body(NAMED), parameters=at("tenant")),
        },
        "/tenants/{tenant}/databases/{database}": {"get": op("get_database", parameters=at("tenant", "database"))},
    }
)


@pytest.mark.parametrize("writes", [False, True])
def test_a_list_that_needs_an_item_of_its_own_is_called_with_whatever_else_is_known(writes: bool) -> None:
    hints = {"collection": OperationHint("list_databases"), "item": OperationHint("get_tenant")}
    with loopback(lambda asked: Told(200, body=b"[]")) as server:
        found = kit(server.url, TENANTS, operations=hints, permissions=Permissions(allow_writes=writes))
        for operation in found.contract.operations:
            with suppress(Stop):
                found.things.call(operation)

    assert len(server.asked) < 60


def test_of_two_kinds_that_refer_to_each_other_one_is_made_without_the_other() -> None:
    referring = {
        "/authors": {"post": op("new_author", requestBody=body(_with("book_id")))},
        "/authors/{author_id}": {"get": op("author", parameters=at("author_id"))},
        "/books": {"post": op("new_book", requestBody=body(_with("author_id")))},
        "/books/{book_id}": {"get": op("book", parameters=at("book_id"))},
    }
    with loopback(Told(201, body=b'{"id": "b7"}')) as server:
        found = kit(server.url, contract(referring), permissions=Permissions(allow_writes=True))
        call = found.things.call(found.contract.operation("new_author"))  # type: ignore[arg-type]

    assert call.body["book_id"] == "b7"
    assert [asked.path for asked in server.asked][-1] == "/books"


def _with(member: str) -> dict[str, object]:
    return {"type": "object", "required": ["name", member], "properties": {"name": {}, member: {"type": "string"}}}
