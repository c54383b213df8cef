"""Scouting on real servers of several styles: which operation serves as what, why, and what the profile could say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from certify.contract import Contract
from certify.ledger import STATE, Ledger, open_ledger
from certify.model.partner import OperationHint, Permissions
from certify.model.role import ROLES, RoleFound
from certify.suite.scouting import scout
from tests.unit.contract.documents import body, contract
from tests.unit.http.loopback import Asked, Loopback, Told, loopback
from tests.unit.suite.bench import kit

NEW = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
KEYED = [{"k": []}]


def op(name: str, status: int = 200, **more: Any) -> dict[str, Any]:
    return {"operationId": name, "security": KEYED, "responses": {str(status): {"description": "-"}}, **more}


def number(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "integer"}}


SHELF = contract(
    {
        "/books": {
            "get": op("list", parameters=[number("offset"), number("limit")]),
            "post": op("add", 201, requestBody=body(NEW)),
        },
        "/books/{isbn}": {"get": op("read"), "put": op("put", requestBody=body(NEW)), "delete": op("drop", 204)},
        "/admin/stats": {"get": op("stats")},
    }
)


class Shelf:
    """A small server that keeps what it is given, and deletes it."""

    def __init__(self) -> None:
        self.books: dict[str, Any] = {}

    def __call__(self, asked: Asked) -> Told:
        path = asked.path.split("?")[0]
        key = path.removeprefix("/books/")
        match asked.method, path:
            case "POST", "/books":
                key = str(len(self.books) + 1)
                self.books[key] = {"isbn": key, **json.loads(asked.body)}
                return Told(201, body=json.dumps(self.books[key]).encode())
            case "GET", "/books":
                return Told(200, body=json.dumps(list(self.books.values())).encode())
            case _ if key not in self.books:
                return Told(403 if path.startswith("/admin") else 404)
            case "DELETE", _:
                del self.books[key]
                return Told(204, body=b"")
            case _:
                return Told(200, body=json.dumps(self.books[key]).encode())


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    monkeypatch.setenv(STATE, str(tmp_path))
    ledger = open_ledger("http://127.0.0.1", "run", "p")
    yield ledger
    ledger.close()


def scouted(
    answer: Callable[[Asked], Told] | Told, document: Contract, ledger: Ledger | None = None, **details: Any
) -> tuple[dict[str, RoleFound], Loopback]:
    with loopback(answer) as server:
        found = kit(server.url, document, ledger, **details)
        roles = scout(found)
        found.clean_up()
    return {role.role: role for role in roles}, server


def test_every_role_is_tried_and_explained_and_what_was_made_is_gone(ledger: Ledger) -> None:
    shelf = Shelf()
    roles, server = scouted(shelf, SHELF, ledger)

    assert tuple(roles) == ROLES
    assert {name: role.operation for name, role in roles.items()} == {
        **{"read": "list", "collection": "list", "item": "read", "create": "add", "update": "put", "delete": "drop"},
        **{"paginated": "list", "privileged": "stats"},
    }
    assert all(role.exchange and role.status for role in roles.values())
    assert roles["create"].reason.endswith("POST /books answered 201 Created")
    assert "offset, limit" in roles["paginated"].reason
    assert shelf.books == {}
    assert len(server.asked) <= 9, [(asked.method, asked.path) for asked in server.asked]


def test_a_sandbox_that_may_not_be_written_is_only_read() -> None:
    shelf = Shelf()
    shelf.books["7"] = {"isbn": "7", "name": "theirs"}
    roles, server = scouted(shelf, SHELF, permissions=Permissions(allow_writes=False))

    assert {asked.method for asked in server.asked} == {"GET"}
    assert roles["item"].operation == "read"
    for name in ("create", "update", "delete"):
        assert roles[name].operation == ""
        assert yaml.safe_load(roles[name].entry) == {"permissions": {"allow_writes": True}}


def test_nothing_is_deleted_where_that_is_forbidden() -> None:
    roles, server = scouted(Shelf(), SHELF, permissions=Permissions(allow_destructive=False))

    assert "DELETE" not in {asked.method for asked in server.asked}
    assert yaml.safe_load(roles["delete"].entry) == {"permissions": {"allow_destructive": True}}


def test_what_is_not_found_names_the_entry_that_would_enable_it() -> None:
    roles, _ = scouted(Told(500), SHELF)

    assert {role.operation for role in roles.values()} == {""}
    assert yaml.safe_load(roles["update"].entry) == {
        "operations": {"update": {"operation": "put", "path": {"isbn": "FILL-IN"}, "body": {"name": "certify"}}}
    }
    assert "list: 500 Internal Server Error" in roles["read"].reason


def test_a_failing_create_is_not_sent_over_and_over() -> None:
    _, server = scouted(lambda asked: Told(403 if asked.method == "POST" else 200, body=b"[]"), SHELF)

    assert len([asked for asked in server.asked if asked.method == "POST"]) <= 2


def test_another_valid_body_is_tried_where_one_is_refused() -> None:
    schema = {
        "type": "object",
        "required": ["name"],
        "properties": {"name": {"type": "string"}, "colour": {"type": "string"}},
    }
    document = contract(
        {"/things": {"post": op("make", 201, requestBody=body(schema))}, "/things/{id}": {"get": op("r")}}
    )

    def answer(asked: Asked) -> Told:
        return Told(201 if b"colour" in asked.body else 422, body=b'{"id": 1}')

    roles, server = scouted(answer, document)
    assert roles["create"].status == 201
    assert [b"colour" in asked.body for asked in server.asked if asked.method == "POST"] == [False, True]


def test_a_list_of_names_without_items_is_a_collection_that_is_paginated() -> None:
    catalogue = op("catalogue", parameters=[number("n"), number("limit")])
    schema = {"type": "object", "properties": {"names": {"type": "array", "items": {"type": "string"}}}}
    catalogue["responses"] = {"200": {"description": "-", "content": {"application/json": {"schema": schema}}}}
    roles, _ = scouted(Told(200, body=b'{"names": ["a"]}'), contract({"/_catalog": {"get": catalogue}}))

    assert roles["collection"].operation == roles["paginated"].operation == "catalogue"


def test_a_conflict_asks_for_texts_that_nobody_used() -> None:
    schema = {
        "type": "object",
        "required": ["isbn", "kind"],
        "properties": {
            "isbn": {"type": "string", "minLength": 3, "maxLength": 20},
            "kind": {"type": "string", "enum": ["a"]},
        },
    }
    document = contract(
        {"/books": {"post": op("add", 201, requestBody=body(schema))}, "/books/{isbn}": {"get": op("r")}}
    )
    used: set[str] = {"certify"}

    def answer(asked: Asked) -> Told:
        sent = json.loads(asked.body or b"{}")
        if asked.method == "POST" and sent["isbn"] in used:
            return Told(409)
        used.add(sent.get("isbn", ""))
        return Told(201 if asked.method == "POST" else 200, body=json.dumps(sent).encode())

    with loopback(answer) as server:
        found = kit(server.url, document)
        made = [found.things.create(document.resources[0]).id for _ in range(3)]

    assert len(set(made)) == 3
    assert len([asked for asked in server.asked if asked.method == "POST"]) <= 4


def test_the_profile_knows_better(ledger: Ledger) -> None:
    hints = {"paginated": OperationHint("stats"), "read": OperationHint("stats")}
    roles, _ = scouted(lambda asked: Told(200, body=b"[]"), SHELF, ledger, operations=hints)

    assert roles["paginated"].operation == "stats"
    assert "the profile names it under operations.read" in roles["read"].reason


RPC = contract(
    {
        "/findThings": {"get": op("find")},
        "/addThing": {"post": op("add", requestBody=body(NEW))},
        "/thing/{key}": {"get": op("show"), "delete": op("drop", 204)},
    }
)


def test_what_the_profile_says_of_a_collection_belongs_together(ledger: Ledger) -> None:
    def answer(asked: Asked) -> Told:
        if asked.method == "POST":
            return Told(200, body=b'{"key": "k-1"}')
        return Told(200 if asked.path in ("/thing/k-1", "/findThings") else 404, body=b'{"key": "k-1"}')

    hints = {
        "collection": OperationHint("find"),
        "create": OperationHint("add", body={"name": "x"}),
        "item": OperationHint("show"),
    }
    roles, server = scouted(answer, RPC, ledger, operations=hints)

    assert [roles[name].operation for name in ("collection", "item", "create", "delete")] == [
        *("find", "show", "add", "drop")
    ]
    assert ("DELETE", "/thing/k-1") in [(asked.method, asked.path) for asked in server.asked]


def test_a_thing_that_is_made_by_put_gets_an_id_that_nobody_has(ledger: Ledger) -> None:
    code = {"name": "code", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^BIN-[0-9]{5}$"}}
    document = contract(
        {
            "/bins/{code}": {
                "parameters": [code],
                "put": op("put", 201, requestBody=body(NEW)),
                "get": op("read"),
                "delete": op("drop", 204),
            }
        }
    )
    roles, server = scouted(lambda asked: Told(201 if asked.method == "PUT" else 200), document, ledger)
    made = {asked.path for asked in server.asked if asked.method == "PUT"}
    deleted = {asked.path for asked in server.asked if asked.method == "DELETE"}

    assert roles["create"].operation == "put"
    assert all(re.fullmatch(r"/bins/BIN-[0-9]{5}", path) for path in made)
    assert made == deleted


def test_a_singleton_is_never_written_to_and_a_collection_never_deleted() -> None:
    document = contract(
        {
            "/account": {"get": op("me"), "put": op("setMe", requestBody=body(NEW)), "delete": op("leave")},
            "/things": {"get": op("list"), "delete": op("purge")},
        }
    )
    with loopback(Told(200, body=b"[]")) as server:
        found = kit(server.url, document)
        surveyed = found.survey.results()

    assert {asked.method for asked in server.asked} == {"GET"}
    assert "operations.update" in surveyed["setMe"].reason
    assert "operations.delete" in surveyed["purge"].reason


def test_references_and_values_seen_before_fill_what_nobody_could_guess() -> None:
    wanted = {"name": "customer_id", "in": "query", "required": True, "schema": {"type": "string"}}
    document = contract(
        {
            "/customers": {"get": op("customers")},
            "/customers/{customerId}": {"get": op("customer")},
            "/invoices": {"get": op("invoices", parameters=[wanted])},
            "/by-region/{region}": {"get": op("region")},
        }
    )
    listed = json.dumps({"items": [{"id": "c-9", "region": "north"}]}).encode()
    with loopback(Told(200, body=listed)) as server:
        kit(server.url, document).survey.results()

    paths = [asked.path for asked in server.asked]
    assert "/customers/c-9" in paths
    assert "/invoices?customer_id=c-9" in paths
    assert "/by-region/north" in paths


def test_forms_with_files_and_cookies_go_as_the_contract_says(ledger: Ledger) -> None:
    schema = {
        "type": "object",
        "required": ["name", "file"],
        "properties": {"name": {"type": "string"}, "file": {"type": "string", "format": "binary"}},
    }
    cookie = {"name": "theme", "in": "cookie", "required": True, "schema": {"type": "string", "enum": ["dark"]}}
    form = {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    document = contract(
        {"/files": {"post": op("upload", 201, requestBody=form, parameters=[cookie])}, "/files/{id}": {"get": op("r")}}
    )
    with loopback(Told(201, body=b'{"id": 3}')) as server:
        made = kit(server.url, document, ledger).things.create(document.resources[0])

    (asked,) = server.asked
    assert made.id == "3"
    assert asked.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="file"; filename="certify.txt"' in asked.body
    assert re.search(rb'name="name"\r\n\r\ncertify-[0-9a-f]{12}\r\n', asked.body)
    assert asked.headers["cookie"] == "theme=dark"
