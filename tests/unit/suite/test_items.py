"""Reading answers about things, whatever the envelope."""

import json
from typing import Any

import pytest

from certify.contract.naming import id_in
from certify.http.call import Call, Reply
from certify.suite.canary import canary_of, new_canary
from certify.suite.ids import strange_id
from certify.suite.items import item_id, items_of, listed
from tests.unit.contract.documents import contract

LINK = {"read": {"operationId": "read", "parameters": {"thing_id": "$response.body#/data/key"}}}
RESOURCE = contract(
    {
        "/things": {"post": {"operationId": "make", "responses": {"201": {"description": "-", "links": LINK}}}},
        "/things/{thing_id}": {"get": {"operationId": "read", "responses": {}}},
    }
).resources[0]


def reply(body: Any, status: int = 201, **headers: str) -> Reply:
    return Reply(status, tuple(headers.items()), json.dumps(body).encode(), 0, "s", Call("POST", "/things", "make"))


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        ({"data": {"key": "linked", "id": "other"}}, {}, "linked"),
        ({"id": 7, "name": "x"}, {}, "7"),
        ({"thing_id": "a"}, {}, "a"),
        ({"thing": {"uuid": "b"}}, {}, "b"),
        ({}, {"Location": "https://api.example/things/c/"}, "c"),
        ({"ok": True}, {}, None),
        ([], {}, None),
    ],
)
def test_the_id_of_what_was_created_is_found(body: Any, headers: dict[str, str], expected: str | None) -> None:
    assert item_id(reply(body, **headers), RESOURCE) == expected


@pytest.mark.parametrize(
    ("body", "pointer", "expected"),
    [
        ([1], "", [1]),
        ({"items": [1], "total": 1}, "", [1]),
        ({"a": [1], "b": [2]}, "", None),
        ({"a": [1], "b": [2]}, "/b", [2]),
        ({"data": {"rows": [3]}}, "/data/rows", [3]),
        ({"a": 1}, "", None),
    ],
)
def test_the_items_of_a_collection_are_found(body: Any, pointer: str, expected: Any) -> None:
    assert items_of(reply(body), pointer) == expected


def test_what_an_envelope_repeats_of_the_request_is_not_listed() -> None:
    assert "canary" not in listed(reply({"query": "canary", "data": {"rows": ["other"]}}))
    assert "canary" in listed(reply({"query": "x", "data": {"rows": [{"name": "canary"}]}}))


@pytest.mark.parametrize("known", ["7d444840-9dc0-4a52-b6d5-3c1c5d2f9a10", "17", "ord_8Xa2-QQ", "abc"])
def test_a_strange_id_has_the_shape_of_a_known_one_and_is_another(known: str) -> None:
    strange = strange_id(known)

    assert strange != known
    assert [c for c in strange if not c.isalnum()] == [c for c in known if not c.isalnum()]
    assert strange.isdigit() == known.isdigit()


def test_a_canary_is_found_in_a_body_and_an_idempotency_key_is_none() -> None:
    canary = new_canary()

    assert canary_of({"name": f"{canary}xxx", "n": 1}) == canary
    assert canary_of({"key": "certify-7d444840-9dc0-4a52-b6d5-3c1c5d2f9a10"}) == ""
    assert canary_of({"key": "certify-7d4448409dc04a52b6d53c1c5d2f9a10"}) == ""


def test_an_item_goes_by_the_member_that_its_path_names() -> None:
    assert id_in({"id": 99, "number": 7}, "/issues/{number}") == "7"
    assert id_in({"id": 99, "issue_id": 7}, "/issues/{issue_id}") == "99"
