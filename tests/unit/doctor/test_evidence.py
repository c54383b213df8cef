"""What a credential and a refusal tell by themselves, and what they do not."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from certify.doctor.evidence import claims, lacks, missing_scope, says_expired, scopes_of, tenant_of
from certify.http.call import Call, Reply


def token(payload: Any) -> str:
    written = base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")
    return f"e30.{written}.sig"


def refusal(status: int, challenge: str = "", body: str = "") -> Reply:
    headers = (("WWW-Authenticate", challenge),) if challenge else ()
    return Reply(status, headers, body.encode(), 0.0, "", Call("GET", "/"))


def test_the_claims_of_a_token_are_read_without_its_key() -> None:
    assert claims(token({"tid": "acme", "exp": 1})) == {"tid": "acme", "exp": 1}
    assert tenant_of(claims(token({"tid": "acme"}))) == "acme"


@pytest.mark.parametrize("opaque", ["", "abc", "a.b.c", "a.!!.c", token([1]), token("x"), "a.b.c.d.e"])
def test_what_is_no_token_says_nothing(opaque: str) -> None:
    assert claims(opaque) == {}
    assert tenant_of(claims(opaque)) == ""


@pytest.mark.parametrize(
    ("written", "expected"),
    [({"scope": "a b"}, {"a", "b"}), ({"scp": ["a"]}, {"a"}), ({"scope": ""}, set()), ({"sub": "x"}, None)],
)
def test_scopes_are_a_text_or_a_list_and_may_be_silent(written: dict[str, Any], expected: set[str] | None) -> None:
    assert scopes_of(written) == expected


def test_the_nearest_alternative_says_what_is_lacking() -> None:
    assert lacks(frozenset({"a"}), [("a", "b"), ("c", "d")]) == ("b",)
    assert lacks(frozenset({"a"}), [("b",), ("a",)]) == ()
    assert lacks(frozenset(), []) == ()


def test_only_a_refusal_that_speaks_of_scopes_is_about_scopes() -> None:
    assert missing_scope(refusal(403, 'Bearer error="insufficient_scope", scope="books:read"')) == "books:read"
    assert missing_scope(refusal(403, body='{"error": "insufficient_scope"}')) == ""
    assert missing_scope(refusal(403, body='{"error": "forbidden"}')) is None
    assert missing_scope(refusal(401, 'Bearer error="invalid_token"')) is None


def test_a_refusal_may_say_that_the_credential_has_expired() -> None:
    assert says_expired(refusal(401, 'Bearer error="invalid_token", error_description="The access token expired"'))
    assert says_expired(refusal(401, body='{"message": "API key has expired"}'))
    assert not says_expired(refusal(401, 'Bearer realm="api"', '{"message": "no"}'))
