"""Credentials in every place of a request: applied by the wire, replaced by a check, never recorded."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from certify.http.call import Call
from certify.http.credentials import Credentials
from certify.http.session import open_session
from certify.model.exchange import Headers
from certify.model.partner import Identity, Partner, SecretRef, SignIn
from certify.suite.target import Target
from tests.unit.http.loopback import Asked, Told, loopback


def keyed(folder: Path, url: str, secret: str, **settings: str) -> Partner:
    (folder / "key").write_text(secret)
    identity = Identity("primary", secrets={"api_key": SecretRef("file", str(folder / "key"))})
    sign_in = SignIn("api_key", settings=settings)
    return Partner("p", "P", url, sign_in, {"primary": identity}, file=str(folder / "partner.yaml"))


def test_a_key_in_the_query_joins_the_parameters_of_the_call(tmp_path: Path) -> None:
    with loopback(Told()) as server:
        target = Target(open_session(keyed(tmp_path, server.url, "k&y=1", query="api key")))
        target.send(Call("GET", "/items?fixed=%2F", query=()))
        target.send(Call("GET", "/items", query=(("a", "1"), ("a", "2"))))
        target.anonymous(Call("GET", "/items"))

    paths = [asked.path for asked in server.asked]
    assert paths[0] == "/items?fixed=%2F&api+key=k%26y%3D1"
    assert parse_qsl(urlsplit(paths[1]).query) == [("a", "1"), ("a", "2"), ("api key", "k&y=1")]
    assert paths[2] == "/items"


def test_a_key_in_a_cookie_stands_beside_the_cookies_of_the_call(tmp_path: Path) -> None:
    with loopback(Told()) as server:
        target = Target(open_session(keyed(tmp_path, server.url, "secret-key", cookie="sid")))
        target.send(Call("GET", "/", headers=(("Cookie", "lang=en"),)))
        target.send(Call("GET", "/"))

    assert [asked.headers["cookie"] for asked in server.asked] == ["lang=en; sid=secret-key", "sid=secret-key"]


@pytest.mark.parametrize("place", ["header", "query", "cookie"])
@pytest.mark.parametrize("key", ["a-long-secret-key", "k1"])
def test_a_key_is_never_recorded_wherever_it_stands(tmp_path: Path, place: str, key: str) -> None:
    def echo(asked: Asked) -> Told:
        told = b'{"you_asked": "' + asked.path.encode() + b'"}'
        return Told(body=told, headers={"Set-Cookie": f"pass={key}"})

    with loopback(echo) as server:
        session = open_session(keyed(tmp_path, server.url, key, **{place: "pass"}), directory=tmp_path)
        Target(session).send(Call("GET", "/things", query=(("q", "kept"),)))

    record = (tmp_path / "exchanges.ndjson").read_text()
    assert f"={key}" not in record
    assert f'"{key}"' not in record
    assert "/things?q=kept" in record


@pytest.mark.parametrize("place", ["header", "query", "cookie"])
def test_an_unknown_credential_stands_where_the_known_one_does(tmp_path: Path, place: str) -> None:
    with loopback(Told()) as server:
        target = Target(open_session(keyed(tmp_path, server.url, "secret-key", **{place: "pass"})))
        target.unknown_credential(Call("GET", "/"))

    (asked,) = server.asked
    found = {
        "header": asked.headers.get("pass"),
        "query": dict(parse_qsl(urlsplit(asked.path).query)).get("pass"),
        "cookie": asked.headers.get("cookie", "").removeprefix("pass="),
    }
    assert found[place] == "certify-not-a-credential"
    assert "secret-key" not in str(asked)


def test_a_request_is_signed_as_it_goes_on_the_wire(tmp_path: Path) -> None:
    signed: list[tuple[str, str, str, bytes]] = []

    def sign(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Mapping[str, str]:
        signed.append((method, url, headers["Content-Type"], body))
        return {"X-Signature": f"{len(signed)}"}

    with loopback(Told()) as server:
        session = open_session(keyed(tmp_path, server.url, "secret-key"))
        for _ in range(2):
            session.wire.send(Call("POST", "/a b", query=(("q", "ä"),), body={"n": 1}), Credentials({}, sign=sign))

    assert signed == [("POST", f"{server.url}/a%20b?q=%C3%A4", "application/json", b'{"n": 1}')] * 2
    assert [asked.headers["x-signature"] for asked in server.asked] == ["1", "2"]


def test_an_answer_that_teaches_how_to_sign_is_followed_by_one_more_request(tmp_path: Path) -> None:
    nonces: list[str] = []

    def heard(url: str, status: int, headers: Headers, body: bytes) -> bool:
        nonces.extend(value for name, value in headers if name.lower() == "dpop-nonce")
        return status == 401

    with loopback(Told(401, headers={"DPoP-Nonce": "n-1"})) as server:
        session = open_session(keyed(tmp_path, server.url, "secret-key"))
        reply = session.wire.send(Call("GET", "/"), Credentials({}, heard=heard))

    assert (len(server.asked), reply.status, nonces) == (2, 401, ["n-1"])


def test_another_token_takes_the_place_of_the_known_one_and_leaves_the_rest() -> None:
    held = Credentials({"Authorization": "DPoP tok-1", "X-Tenant": "a"}, "tok-1", cookies={"sid": "tok-1"})

    other = held.with_token("tok-2")

    assert other.headers == {"Authorization": "DPoP tok-2", "X-Tenant": "a"}
    assert other.cookies == {"sid": "tok-2"}
    assert Credentials({"X-Key": "k"}).with_token("t").headers == {"Authorization": "Bearer t"}


def test_credentials_do_not_print_themselves() -> None:
    shown = repr(Credentials({"A": "hush-1"}, "hush-2", query=(("q", "hush-3"),), cookies={"c": "hush-4"}))

    assert "hush" not in shown
