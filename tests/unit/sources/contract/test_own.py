"""Generated requests change only what they made themselves."""

from __future__ import annotations

import json
from typing import Any

import pytest

from certify.contract.scalars import fits
from certify.sources.contract.own import Ownership

THEIRS, OURS = "8deacce1-0000-4000-8000-000000000001", "11111111-0000-4000-8000-000000000002"


def known() -> Ownership:
    own = Ownership()
    own.learn("GET /pets", 200, json.dumps({"items": [{"id": THEIRS, "owner": {"owner_id": 7}}]}).encode())
    return own


def sent(own: Ownership, label: str, value: Any) -> Any:
    values = {"pet_id": value}
    own.protect(label, values)
    return values["pet_id"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
def test_a_thing_that_was_only_seen_is_not_changed(method: str) -> None:
    replaced = sent(known(), f"{method} /pets/{{pet_id}}", THEIRS)
    assert replaced != THEIRS
    assert len(replaced) == len(THEIRS), "of the same shape, so that the request stays what it was"


def test_a_thing_of_our_own_takes_its_place() -> None:
    own = known()
    own.learn("POST /pets", 201, json.dumps({"data": {"id": OURS, "tenant_id": "acme"}}).encode())
    assert sent(own, "PUT /pets/{pet_id}", THEIRS) == OURS
    assert sent(own, "PUT /pets/{pet_id}", OURS) == OURS


def test_numbers_stay_numbers() -> None:
    own = known()
    assert isinstance(sent(own, "DELETE /owners/{pet_id}", 7), int)
    assert sent(own, "DELETE /owners/{pet_id}", 7) != 7
    own.learn("POST /owners", 201, b'{"id": 12}')
    assert sent(own, "DELETE /owners/{pet_id}", 7) == 12


def test_reads_and_what_no_id_looks_like_are_left_alone() -> None:
    assert sent(known(), "GET /pets/{pet_id}", THEIRS) == THEIRS
    assert sent(known(), "PUT /pets/{pet_id}", "'; \x00") == "'; \x00"


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        (1, {"type": "integer", "minimum": 1}),
        (0, {"type": "integer", "maximum": 2_147_483_647}),
        ("1", {"type": "string"}),
        ("admin", {"type": "string", "maxLength": 12}),
        ("AB-0001", {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{4}$"}),
        (THEIRS, {"type": "string", "format": "uuid"}),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
def test_a_thing_that_nobody_has_read_yet_is_not_changed_either(
    method: str, value: Any, schema: dict[str, Any]
) -> None:
    own, values = Ownership(), {"pet_id": value}
    own.protect(f"{method} /pets/{{pet_id}}", values, schemas={"pet_id": schema})
    assert values["pet_id"] != value
    assert fits(schema, values["pet_id"]), "a valid id stays valid, or its refusal would be blamed on the server"
    own.learn("POST /pets", 201, b'{"id": 12}')
    own.protect(f"{method} /pets/{{pet_id}}", values, schemas={"pet_id": schema})
    assert str(values["pet_id"]) == "12"


def test_a_setting_and_an_id_that_is_invalid_on_purpose_are_sent() -> None:
    values = {"channel": "email", "pet_id": "not-a-number"}
    schemas = {"channel": {"enum": ["email", "sms"]}, "pet_id": {"type": "integer"}}
    Ownership().protect("PUT /pets/{pet_id}/consents/{channel}", values, schemas=schemas)
    assert values == {"channel": "email", "pet_id": "not-a-number"}


def test_a_body_does_not_name_a_number_that_somebody_may_have_counted_up_to() -> None:
    own, body = Ownership(), {"id": 3, "name": "x"}
    own.protect("PUT /pets", {}, body)
    assert body["id"] > 1_000_000_000


@pytest.mark.parametrize("content", [b"", b"<html>", b"[" * 5_000, b'"text"', b"\xff"])
def test_whatever_a_partner_answers_is_survived(content: bytes) -> None:
    own = Ownership()
    own.learn("GET /pets", 200, content)
    own.learn("POST /pets", 201, content)
    assert sent(own, "GET /pets/{pet_id}", THEIRS) == THEIRS


def test_a_refused_creation_makes_nothing_ours() -> None:
    own = known()
    own.learn("POST /pets", 422, json.dumps({"id": OURS}).encode())
    assert sent(own, "PUT /pets/{pet_id}", THEIRS) != OURS
