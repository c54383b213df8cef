"""Collections are found in contracts of every style: PUT creates, creates and lists elsewhere, links."""

from __future__ import annotations

from typing import Any

import pytest

from certify.contract.creations import creations, made_by, ours
from certify.contract.naming import id_in, id_in_location, usable
from certify.contract.resources import Resource, singular
from tests.unit.contract.documents import contract

THING = {"$ref": "#/components/schemas/Thing"}
SCHEMAS = {
    "Thing": {"type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string"}}},
    "Page": {"type": "object", "properties": {"rows": {"type": "array", "items": THING}, "total": {"type": "integer"}}},
    "Other": {"type": "object", "properties": {"id": {"type": "string"}}},
}


def op(name: str, status: str = "200", schema: Any = None, **more: Any) -> dict[str, Any]:
    content = {"content": {"application/json": {"schema": schema}}} if schema else {}
    return {"operationId": name, "responses": {status: {"description": "-", **content, **more}}}


def found(paths: dict[str, Any]) -> Resource:
    return contract(paths, schemas=SCHEMAS).resources[0]


def parts(resource: Resource) -> dict[str, str]:
    names = ("create", "list", "read", "update", "delete")
    return {name: operation.id for name in names if (operation := getattr(resource, name)) is not None}


def test_a_put_that_documents_a_creation_creates() -> None:
    resource = found({"/bins/{code}": {"get": op("read"), "put": op("put", "201"), "delete": op("drop", "204")}})

    assert parts(resource) == {"create": "put", "read": "read", "update": "put", "delete": "drop"}
    assert resource.named_by_client


def test_a_put_that_only_replaces_creates_nothing() -> None:
    assert found({"/bins/{code}": {"get": op("read"), "put": op("put")}}).create is None


def test_a_create_on_another_path_is_known_by_what_it_answers() -> None:
    paths = {
        "/things/{id}": {"get": op("read", schema=THING)},
        "/things/new": {"post": op("make", "201", THING)},
        "/others": {"post": op("other", "201", {"$ref": "#/components/schemas/Other"})},
        "/all-things": {"get": op("all", schema={"$ref": "#/components/schemas/Page"})},
    }

    assert parts(found(paths)) == {"create": "make", "list": "all", "read": "read"}


def test_a_create_on_another_path_is_known_by_its_link() -> None:
    link = {"links": {"it": {"operationId": "read", "parameters": {"id": "$response.body#/made/key"}}}}
    document = contract({"/things/{id}": {"get": op("read")}, "/make": {"post": op("make", "200", **link)}})

    assert parts(document.resources[0]) == {"create": "make", "read": "read"}
    made = made_by(creations(document)["POST /make"], "/make", {"made": {"key": "k-1"}, "id": "another"})
    assert made is not None
    assert made.place == "/things/k-1"


def test_of_two_creates_elsewhere_none_is_guessed() -> None:
    paths = {
        "/things/{id}": {"get": op("read", schema=THING)},
        "/imports": {"post": op("a", "201", THING)},
        "/copies": {"post": op("b", "201", THING)},
    }

    assert found(paths).create is None


def test_an_action_on_a_thing_makes_none() -> None:
    paths = {
        "/things/{id}": {"get": op("read", schema=THING)},
        "/things/{id}/copy": {"post": op("copy", "201", THING)},
    }

    assert found(paths).create is None


def test_a_list_that_demands_a_filter_is_not_the_list() -> None:
    search = op("search", schema={"type": "array", "items": THING})
    search["parameters"] = [{"name": "q", "in": "query", "required": True, "schema": {"type": "string"}}]

    assert found({"/things/{id}": {"get": op("read", schema=THING)}, "/search": {"get": search}}).list is None


def test_thousands_of_operations_are_grouped_at_once() -> None:
    paths = {
        path: {"get": op(f"g{path}"), "post": op(f"p{path}")}
        for number in range(1_500)
        for path in (f"/r{number}", f"/r{number}/{{id}}")
    }

    assert len(contract(paths).resources) == 1_500


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"id": 7, "name": "x"}, "7"),
        ({"lead_id": "a", "uuid": "b"}, "a"),
        ({"leadId": "c"}, "c"),
        ({"data": {"type": "leads", "id": "8", "attributes": {"name": "x"}}}, "8"),
        ({"_links": {"self": {"href": "/api/leads/9"}}, "name": "x"}, "9"),
        ({"url": "https://sandbox.example/api/leads/10/", "name": "x"}, "10"),
        ({"url": "https://elsewhere.example/pages/11", "slug": "s"}, "s"),
        ({"@id": "/leads/12"}, "12"),
        ({"lead": {"uuid": "d"}}, "d"),
        ("plain-id", "plain-id"),
        ("a whole sentence", None),
        ({"id": True, "ok": "yes"}, None),
        ({}, None),
        ([], None),
    ],
)
def test_the_id_of_a_thing_is_found_wherever_the_answer_tells_it(body: Any, expected: str | None) -> None:
    assert id_in(body, "/leads/{lead_id}") == expected


def test_location_names_the_thing_unless_it_only_repeats_the_call() -> None:
    assert id_in_location("https://x.example/api/leads/7?v=1", "/leads", "/leads/{id}") == "7"
    assert id_in_location("/queue/7", "/leads", "/leads/{id}") == "7"
    assert id_in_location("https://x.example/api/leads", "/leads", "/leads/{id}") is None
    assert id_in_location("", "/leads", "/leads/{id}") is None


@pytest.mark.parametrize("identifier", ["", ".", "..", " ", "x" * 513, "a\x00b"])
def test_what_may_not_stand_in_a_path_is_no_id(identifier: str) -> None:
    assert not usable(identifier)


def test_only_what_was_certainly_created_may_be_deleted() -> None:
    document = contract({"/things": {"post": op("make")}, "/things/{id}": {"delete": op("drop"), "get": op("read")}})
    creation = creations(document)["POST /things"]
    made = made_by(creation, "/things", {"id": 10})
    assert made is not None

    assert made.remove == "DELETE /things/10"
    assert ours(201)
    assert not ours(200), "a find-or-create answers so with what was there before"
    assert ours(200, marked=True)


def test_nothing_is_deleted_on_another_server_or_below_an_unknown_parent() -> None:
    paths = {"/a/{x}/b": {"post": op("make", "201")}, "/a/{x}/b/{y}": {"delete": op("drop"), "get": op("read")}}
    creation = creations(contract(paths))["POST /a/{x}/b"]
    here, there = (made_by(creation, path, {"id": 1}) for path in ("/a/7/b", "https://else.example/a/7/b"))

    assert here is not None
    assert there is not None
    assert (here.remove, there.remove) == ("DELETE /a/7/b/1", "")


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("companies", "company"),
        ("boxes", "box"),
        ("addresses", "address"),
        ("status", "statu"),
        ("usage-records", "usage_record"),
    ],
)
def test_the_name_of_one_thing_is_guessed(plural: str, one: str) -> None:
    assert singular(plural) == one
