"""A recorded request is sent again as it was, with what was single-use made anew, or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from certify.http.recorder import CAPTURE_LIMIT
from certify.http.session import Session, open_session
from certify.model.exchange import Exchange, Headers, ReceivedResponse, SentRequest
from certify.model.partner import Identity, Partner, Permissions, SecretRef, SignIn
from certify.replay.rebuild import CannotRebuildError, rebuild
from tests.unit.http.loopback import Asked, Told, loopback

BASE = "http://127.0.0.1:1/v1"
KEY = "11111111-2222-3333-4444-555555555555"
OWN: Headers = (("host", "127.0.0.1:1"), ("authorization", "Bearer [redacted]"), ("certify-run", "r/c"))


def session(folder: Path, url: str = BASE, **permissions: bool) -> Session:
    (folder / "token").write_text("TEST-ONLY-token")
    identity = Identity("primary", secrets={"token": SecretRef("file", "token")})
    partner = Partner("p", "P", url, SignIn("bearer"), {"primary": identity}, file=str(folder / "partner.yaml"))
    return open_session(replace(partner, permissions=Permissions(**permissions)), directory=folder)


def recorded(method: str = "GET", path: str = "/a?q=1", headers: Headers = OWN, **details: Any) -> Exchange:
    sent = SentRequest(method, BASE + path, headers, details.pop("body", None))
    details = {"signed": "primary", **details}
    return Exchange("s-1", "a.b", "op", "primary", "probe", sent, 1.0, ReceivedResponse(200), **details)


def test_credentials_are_fresh_and_the_place_is_todays(tmp_path: Path) -> None:
    again = rebuild(recorded(), BASE, session(tmp_path, "http://127.0.0.1:2/v1"))

    assert again.call.path == "http://127.0.0.1:2/v1/a?q=1"
    assert again.call.headers == ()
    assert again.credentials.headers == {"Authorization": "Bearer TEST-ONLY-token"}


def test_an_idempotency_key_is_made_anew_and_a_body_is_not_touched(tmp_path: Path) -> None:
    headers = (*OWN, ("idempotency-key", KEY), ("content-type", "text/csv"), ("x-own", "1"))
    again = rebuild(recorded("POST", headers=headers, body='{"ä": 1}'), BASE, session(tmp_path))

    assert again.call.header("Idempotency-Key") not in (None, KEY)
    assert again.call.header("X-Own") == "1"
    assert (again.call.content(), again.call.media_type) == ('{"ä": 1}'.encode(), "text/csv")


def test_a_conditional_write_gets_the_tag_of_now(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Told:
        return Told(headers={"ETag": '"new"'})

    with loopback(answer) as server:
        again = rebuild(
            recorded("PUT", headers=(*OWN, ("if-match", '"old"')), body="{}"), BASE, session(tmp_path, server.url)
        )

    assert again.call.header("If-Match") == '"new"'


@pytest.mark.parametrize(
    ("exchange", "why"),
    [
        (recorded(signed=""), "made for that one request"),
        (recorded(signed="somebody"), "no identity 'somebody'"),
        (recorded(path="/a/[redacted]"), "URL held a secret"),
        (recorded(headers=(*OWN, ("x-other", "[redacted]"))), "header x-other held a secret"),
        (recorded("POST", body='{"password": "[redacted]"}'), "body held a secret"),
        (recorded("POST", body="x" * CAPTURE_LIMIT), "not recorded whole"),
        (recorded("POST", body="�"), "not recorded whole"),
    ],
)
def test_what_is_not_in_the_record_is_not_guessed(tmp_path: Path, exchange: Exchange, why: str) -> None:
    with pytest.raises(CannotRebuildError, match=why):
        rebuild(exchange, BASE, session(tmp_path))


@pytest.mark.parametrize(("method", "permission"), [("POST", "allow_writes"), ("DELETE", "allow_destructive")])
def test_what_the_profile_forbids_is_not_rebuilt(tmp_path: Path, method: str, permission: str) -> None:
    with pytest.raises(CannotRebuildError, match=permission):
        rebuild(recorded(method), BASE, session(tmp_path, **{permission: False}))


def test_who_sent_no_credentials_sends_none_again(tmp_path: Path) -> None:
    again = rebuild(recorded(headers=(("host", "h"),), signed=""), BASE, session(tmp_path))
    assert again.credentials.headers == {}
