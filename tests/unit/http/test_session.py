"""Signing in: when it is needed, again before it ends, and never in the record."""

import base64
import json
import time
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from certify.errors import SandboxUnreachableError
from certify.http.call import Call
from certify.http.session import Session, open_session
from certify.http.token_request import basic
from certify.model.partner import Identity, Partner, SecretRef, SignIn
from tests.unit.http.loopback import Asked, Told, loopback

SECRET = "TEST-ONLY sec/ret"


def partner(folder: Path, url: str, kind: str, **settings: str) -> Partner:
    (folder / "secret").write_text(SECRET)
    secret = SecretRef("file", str(folder / "secret"))
    secrets = {"client_secret": secret, "token": secret, "password": secret, "api_key": secret}
    identity = Identity("primary", settings={"client_id": "me:too"}, secrets=secrets, scopes=("a", "b"))
    sign_in = SignIn(kind, token_url=f"{url}/token", settings=settings)
    return Partner("p", "P", url, sign_in, {"primary": identity}, file=str(folder / "partner.yaml"))


def opened(folder: Path, url: str, kind: str, **settings: str) -> Session:
    return open_session(partner(folder, url, kind, **settings), directory=folder)


def issue(asked: Asked) -> Told:
    return Told(body=json.dumps({"access_token": "opaque-token-1", "token_type": "Bearer", "expires_in": 100}).encode())


def test_a_client_signs_in_with_http_basic_once_and_keeps_its_token(tmp_path: Path) -> None:
    with loopback(issue) as server:
        session = opened(tmp_path, server.url, "client_credentials", client_auth="basic")
        headers = [session.credentials("primary").headers for _ in range(2)]

    (asked,) = server.asked
    user, _, password = base64.b64decode(asked.headers["authorization"].split()[1]).decode().partition(":")
    assert (user, password) == ("me%3Atoo", "TEST-ONLY+sec%2Fret")
    assert parse_qs(asked.body.decode()) == {"grant_type": ["client_credentials"], "scope": ["a b"]}
    assert headers == [{"Authorization": "Bearer opaque-token-1"}] * 2


def test_a_client_signs_in_with_its_secret_in_the_form(tmp_path: Path) -> None:
    with loopback(issue) as server:
        opened(tmp_path, server.url, "client_credentials", client_auth="post").credentials("primary")

    form = parse_qs(server.asked[0].body.decode())
    assert (form["client_id"], form["client_secret"]) == (["me:too"], [SECRET])
    assert "authorization" not in server.asked[0].headers


def test_a_token_is_renewed_before_it_expires(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with loopback(issue) as server:
        session = opened(tmp_path, server.url, "client_credentials")
        expires = session.credentials("primary").expires
        assert expires is not None
        monkeypatch.setattr("certify.http.office.time.time", lambda: expires + 0.1)
        session.credentials("primary")

    assert len(server.asked) == 2


def test_nothing_of_a_sign_in_survives_in_the_record(tmp_path: Path) -> None:
    def echo(asked: Asked) -> Told:
        if asked.path == "/token":
            return issue(asked)
        return Told(body=json.dumps([*asked.headers.values(), asked.body.decode()]).encode())

    with loopback(echo) as server:
        for auth in ("basic", "post"):
            session = opened(tmp_path, server.url, "client_credentials", client_auth=auth)
            session.wire.send(Call("POST", "/echo", body={"n": SECRET}), session.credentials("primary").headers)
            session.wire.send(Call("GET", "/echo").with_header("X-Pair", basic("me:too", SECRET)), {})

    text = (tmp_path / "exchanges.ndjson").read_text()
    pair = base64.b64encode(b"me%3Atoo:TEST-ONLY+sec%2Fret").decode()
    assert not any(secret in text for secret in (SECRET, "sec%2Fret", "sec/ret", "opaque-token-1", pair))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("none", {}),
        ("bearer", {"Authorization": f"Bearer {SECRET}"}),
        ("api_key", {"X-Key": SECRET}),
        ("basic", {"Authorization": "Basic " + base64.b64encode(f"primary:{SECRET}".encode()).decode()}),
    ],
)
def test_the_fixed_kinds_need_no_conversation(tmp_path: Path, kind: str, expected: dict[str, str]) -> None:
    session = opened(tmp_path, "http://127.0.0.1:1", kind, header="X-Key")

    assert session.credentials("primary").headers == expected


def test_a_refused_sign_in_says_the_likely_cause_first(tmp_path: Path) -> None:
    with loopback(Told(401, body=b'{"error": "invalid_client"}')) as server:
        session = opened(tmp_path, server.url, "client_credentials")
        with pytest.raises(SandboxUnreachableError) as caught:
            session.credentials("primary")

    assert "invalid_client" in caught.value.message
    assert "secret is wrong" in caught.value.advice[0]


@pytest.mark.parametrize("told", ["0", "-1", "NaN", "1e400", "1" + "0" * 400, "true", '"soon"', "null"])
def test_a_life_that_is_none_does_not_mean_a_sign_in_for_each_request(tmp_path: Path, told: str) -> None:
    body = f'{{"access_token": "opaque-token-1", "expires_in": {told}}}'.encode()
    with loopback(Told(body=body)) as server:
        session = opened(tmp_path, server.url, "client_credentials")
        expires = session.credentials("primary").expires
        session.credentials("primary")

    assert len(server.asked) == 1
    assert expires is not None
    assert 0 < expires - time.time() <= 86_400


@pytest.mark.parametrize("token", ["line\nbreak", "", "nul\0", 7])
def test_a_token_that_cannot_be_sent_is_a_refused_sign_in(tmp_path: Path, token: object) -> None:
    body = json.dumps({"access_token": token}).encode()
    with loopback(Told(body=body)) as server, pytest.raises(SandboxUnreachableError, match="cannot sign in"):
        opened(tmp_path, server.url, "client_credentials").credentials("primary")


def test_a_token_beyond_ascii_is_sent_as_it_came(tmp_path: Path) -> None:
    body = json.dumps({"access_token": "caf\u00e9-token"}).encode()
    with loopback(Told(body=body)) as server:
        session = opened(tmp_path, server.url, "client_credentials")
        session.wire.send(Call("GET", "/x"), session.credentials("primary"))

    assert server.asked[1].headers["authorization"].encode("iso-8859-1").decode() == "Bearer caf\u00e9-token"
