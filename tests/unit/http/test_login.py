"""A login endpoint of the API's own: what is sent, where the token is found, and how it is carried."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from certify.errors import SandboxUnreachableError
from certify.http.call import Call
from certify.http.session import Session, open_session
from certify.http.signin.login import filled
from certify.model.partner import Identity, Partner, SecretRef, SignIn
from tests.unit.http.loopback import Asked, Told, loopback

PASSWORD = 'TEST-ONLY "{username}" p&ss'


def session(folder: Path, url: str, **settings: Any) -> Session:
    (folder / "password").write_text(PASSWORD)
    identity = Identity(
        "primary", settings={"username": "ada"}, secrets={"password": SecretRef("file", str(folder / "password"))}
    )
    body = {"user": "{username}", "nested": [{"pass": "{password}"}], "remember": True}
    known = {"login_url": f"{url}/login", "body": body, **settings}
    partner = Partner(
        "p", "P", url, SignIn("login", settings=known), {"primary": identity}, file=str(folder / "p.yaml")
    )
    return open_session(partner, directory=folder)


def answers(**members: Any) -> Any:
    """A server whose login answers these members, and everything else what it was asked."""

    def answer(asked: Asked) -> Told:
        return Told(body=json.dumps(members if asked.path == "/login" else {}).encode())

    return answer


def test_the_body_is_filled_in_and_the_token_carried_as_the_profile_says(tmp_path: Path) -> None:
    with loopback(answers(data={"session_key": "s3cret-of-the-answer"})) as server:
        opened = session(
            tmp_path, server.url, token_pointer="/data/session_key", header="X-Auth", value="Session {token}"
        )
        opened.wire.send(Call("GET", "/me"), opened.credentials("primary"))

    login, me = server.asked
    assert json.loads(login.body) == {"user": "ada", "nested": [{"pass": PASSWORD}], "remember": True}
    assert me.headers["x-auth"] == "Session s3cret-of-the-answer"
    record = (tmp_path / "exchanges.ndjson").read_text()
    assert "s3cret-of-the-answer" not in record
    assert "p&ss" not in record


def test_a_form_is_sent_and_the_cookie_of_the_answer_is_the_session(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Told:
        return Told(204, {"Set-Cookie": "sid=abcdef123; Path=/; HttpOnly"} if asked.path == "/login" else {}, b"")

    with loopback(answer) as server:
        opened = session(tmp_path, server.url, body={"u": "{username}"}, body_format="form", cookie="sid")
        opened.wire.send(Call("GET", "/me"), opened.credentials("primary"))

    login, me = server.asked
    assert parse_qs(login.body.decode()) == {"u": ["ada"]}
    assert me.headers["cookie"] == "sid=abcdef123"
    assert "abcdef123" not in (tmp_path / "exchanges.ndjson").read_text()


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        (100, 80),
        ("100", 80),
        (lambda: int(time.time()) + 3600, 2880),
        (lambda: (datetime.now(UTC) + timedelta(hours=1)).isoformat(), 2880),
        (None, 240),
        (-5, 240),
        (float("nan"), 240),
        ("inf", 69120),
        (10**400, 69120),
        (lambda: int(time.time()) - 3600, 240),
        (lambda: (datetime.now(UTC) + timedelta(hours=1)).replace(tzinfo=None).isoformat(), 2880),
        (True, 240),
    ],
)
def test_the_life_of_a_token_is_read_in_seconds_or_as_a_time(tmp_path: Path, told: Any, seconds: float) -> None:
    told = told() if callable(told) else told  # a time is one from now, not from when the test was collected
    with loopback(answers(t="token-1", life=told)) as server:
        expires = (
            session(tmp_path, server.url, token_pointer="/t", expires_pointer="/life").credentials("primary").expires
        )

    assert expires is not None
    assert expires - time.time() == pytest.approx(seconds, abs=40)


@pytest.mark.parametrize(
    ("answer", "settings", "message", "cause"),
    [
        (Told(401, body=b'{"message": "bad password p&ss"}'), {"token_pointer": "/t"}, "401", "user name or password"),
        (Told(404), {"token_pointer": "/t"}, "404", "does not point at the login endpoint"),
        (Told(body=b'{"jwt": "x"}'), {"token_pointer": "/t"}, "200", "no token at '/t': members are jwt"),
        (Told(), {"cookie": "sid"}, "200", "no cookie 'sid'"),
    ],
)
def test_a_refused_login_says_who_where_and_why(
    tmp_path: Path, answer: Told, settings: dict[str, str], message: str, cause: str
) -> None:
    with loopback(answer) as server, pytest.raises(SandboxUnreachableError) as caught:
        session(tmp_path, server.url, **settings).credentials("primary")

    assert caught.value.message.startswith(f"identity 'primary' cannot sign in at {server.url}/login: {message}")
    assert cause in caught.value.advice[0]
    assert PASSWORD not in caught.value.message


def test_a_value_is_never_read_as_a_template() -> None:
    assert filled("{a}{b}{c}", {"a": "{b}", "b": "x"}) == "{b}x{c}"
