"""Signatures by a recipe, against values that were worked out by hand with openssl."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import pytest

from certify.http.signin.hmac import Signer

URL = "http://api.example:8080/v1/a%20b?b=2&a=%2F&b=1"
BODY = b'{"n": 1}'
NOW = 1_700_000_000.25


def signed(text: str, headers: dict[str, str], body: bytes = BODY, **recipe: Any) -> dict[str, str]:
    signer = Signer({"text": text, "headers": headers, **recipe}, b"key", "me", lambda: NOW)
    return signer.sign("POST", URL, {"Content-Type": "application/json"}, body)


def test_the_signature_is_that_of_openssl() -> None:
    # printf 'POST\n/v1/a%%20b\n1700000000' | openssl dgst -sha256 -hmac key
    found = signed("{method}\n{path}\n{timestamp}", {"X-S": "{signature}"})
    assert found == {"X-S": hmac.new(b"key", b"POST\n/v1/a%20b\n1700000000", hashlib.sha256).hexdigest()}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{query}", "b=2&a=%2F&b=1"),
        ("{sorted_query}", "a=%2F&b=1&b=2"),
        ("{target}", "/v1/a%20b?b=2&a=%2F&b=1"),
        ("{host}", "api.example:8080"),
        ("{url}", URL),
        ("{key_id}", "me"),
        ("{header:content-type}", "application/json"),
        ("{header:X-None}", ""),
        ("{body}", BODY.decode()),
        ("{body_hash}", hashlib.sha256(BODY).hexdigest()),
        ("{unknown}", "{unknown}"),
    ],
)
def test_each_part_of_a_request_can_be_signed(text: str, wanted: str) -> None:
    assert signed("x", {"H": text})["H"] == wanted


@pytest.mark.parametrize(
    ("style", "wanted"),
    [
        ("unix", "1700000000"),
        ("unix_ms", "1700000000250"),
        ("iso8601", "2023-11-14T22:13:20Z"),
        ("http_date", "Tue, 14 Nov 2023 22:13:20 GMT"),
    ],
)
def test_a_time_is_written_as_the_recipe_says(style: str, wanted: str) -> None:
    assert signed("x", {"H": "{timestamp}"}, timestamp=style)["H"] == wanted


def test_a_body_that_is_no_text_is_signed_as_it_is() -> None:
    found = signed("{body}", {"H": "{signature}"}, b"\xff\x00", algorithm="sha512", encoding="base64")
    assert found["H"] == base64.b64encode(hmac.new(b"key", b"\xff\x00", hashlib.sha512).digest()).decode()


def test_a_nonce_is_used_once_and_is_the_same_in_text_and_header() -> None:
    first, second = (signed("{nonce}", {"N": "{nonce}", "S": "{signature}"}) for _ in range(2))
    assert first["N"] != second["N"]
    assert first["S"] == hmac.new(b"key", first["N"].encode(), hashlib.sha256).hexdigest()


def test_a_body_cannot_smuggle_a_placeholder_in() -> None:
    found = signed("{body}", {"H": "{signature}"}, b"{key_id}")
    assert found["H"] == hmac.new(b"key", b"{key_id}", hashlib.sha256).hexdigest()
