"""A scripted consent against pages that misbehave: nothing is fetched that the profile does not name."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from certify.errors import CertifyError, SandboxUnreachableError
from certify.http.session import Session, open_session
from certify.http.signin.forms import forms
from certify.model.partner import Identity, Partner, SecretRef, SignIn
from tests.unit.http.loopback import Asked, Told, loopback

REDIRECT = "https://nobody.example/callback"
LOGIN = """<form id=search action=/search><input name=q></form>
<form id=login method=post action="/login?step=1"><input type=hidden name=csrf value="a&amp;b">
<input name=user><input type=password name=pass><input type=checkbox name=keep checked>
<input type=checkbox name=spam><button name=go value=in>Go</button></form>"""


def session(folder: Path, url: str, **settings: Any) -> Session:
    (folder / "password").write_text("TEST-ONLY-password")
    secret = SecretRef("file", str(folder / "password"))
    secrets = {"password": secret, "client_secret": secret}
    identity = Identity("primary", settings={"username": "ada"}, secrets=secrets)
    steps = [{"form": "login", "fields": {"user": "{username}", "pass": "{password}"}}]
    known = {"authorize_url": f"{url}/authorize", "redirect_uri": REDIRECT, "consent": steps, **settings}
    sign_in = SignIn("authorization_code", token_url=f"{url}/token", settings=known)
    partner = Partner("p", "P", url, sign_in, {"primary": identity}, file=str(folder / "p.yaml"))
    return open_session(partner, directory=folder)


class Provider:
    """Sends the code back; ``changed`` replaces parameters of that redirect."""

    def __init__(self, **changed: str) -> None:
        self.changed = changed
        self.state = ""

    def __call__(self, asked: Asked) -> Told:
        path, query = urlsplit(asked.path).path, dict(parse_qsl(urlsplit(asked.path).query))
        if path == "/authorize":
            self.state = query["state"]
            return Told(302, {"Location": "/page", "Set-Cookie": "flow=f-1; Path=/"})
        if path == "/page":
            return Told(200, {"Content-Type": "text/html"}, LOGIN.encode())
        if path == "/login":
            answer = {"code": "the-code", "state": self.state, **self.changed}
            return Told(303, {"Location": REDIRECT + "?" + "&".join(f"{k}={v}" for k, v in answer.items())})
        return Told(body=b'{"access_token": "opaque-token-2", "token_type": "bearer", "expires_in": 60}')


def test_the_form_is_sent_as_a_person_would_with_its_hidden_fields_and_its_button(tmp_path: Path) -> None:
    with loopback(Provider()) as server:
        credentials = session(tmp_path, server.url).credentials("primary")

    _, page, login, token = server.asked
    assert parse_qs(login.body.decode()) == {
        "csrf": ["a&b"],
        "user": ["ada"],
        "pass": ["TEST-ONLY-password"],
        "keep": ["on"],
        "go": ["in"],
    }
    assert (login.path, page.headers["cookie"], login.headers["cookie"]) == ("/login?step=1", "flow=f-1", "flow=f-1")
    assert credentials.headers == {"Authorization": "Bearer opaque-token-2"}
    form = parse_qs(token.body.decode())
    challenge = dict(parse_qsl(urlsplit(server.asked[0].path).query))["code_challenge"]
    assert form["code"] == ["the-code"]
    assert form["code_verifier"] != [challenge]
    record = (tmp_path / "exchanges.ndjson").read_text()
    assert not [secret for secret in ("TEST-ONLY-password", "the-code", form["code_verifier"][0]) if secret in record]


@pytest.mark.parametrize(
    ("changed", "settings", "told"),
    [
        ({"state": "another"}, {}, "the state that came back is not ours"),
        ({"iss": "https://evil.example"}, {"issuer": "https://good.example"}, "iss is 'https://evil.example'"),
        ({"error": "access_denied"}, {}, "access_denied"),
        ({"code": ""}, {}, "no code came back"),
    ],
)
def test_an_answer_that_is_not_ours_is_not_used(
    tmp_path: Path, changed: dict[str, str], settings: dict[str, str], told: str
) -> None:
    with loopback(Provider(**changed)) as server, pytest.raises(SandboxUnreachableError, match=told):
        session(tmp_path, server.url, **settings).credentials("primary")

    assert not [asked for asked in server.asked if asked.path == "/token"]


def test_a_redirect_to_a_host_that_nobody_named_is_not_followed(tmp_path: Path) -> None:
    away = Told(302, {"Location": "http://127.0.0.1:9/steal"})
    with loopback(away) as server, pytest.raises(CertifyError, match="not a host that the profile names"):
        session(tmp_path, server.url).credentials("primary")


def test_pages_that_send_us_to_each_other_are_left_after_twenty_requests(tmp_path: Path) -> None:
    told = pytest.raises(SandboxUnreachableError, match="more than 20 requests")
    with loopback(Told(302, {"Location": "/again"})) as server, told:
        session(tmp_path, server.url).credentials("primary")

    assert len(server.asked) == 20


def test_a_page_without_the_form_says_what_it_offers(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Told:
        return Told(
            200, {"Content-Type": "text/html"}, b"<form id=other><input name=q></form><script>alert(1)</script>"
        )

    with (
        loopback(answer) as server,
        pytest.raises(SandboxUnreachableError, match=r"stopped at step 1.*form 'other' \(q\)"),
    ):
        session(tmp_path, server.url).credentials("primary")


def test_forms_of_any_page_are_read_and_nothing_is_run() -> None:
    assert forms("<form><input name=a value=1><form><input name=b value='&lt;'>")[1].fields == {"b": "<"}
    assert forms("<input name=loose>" + "<" * 100_000) == []


GET_LOGIN = b"<form method=get action=/in><input name=user><input type=password name=pass></form>"
PAGE = {"Content-Type": "text/html"}
TYPED = [{"fields": {"user": "{username}", "pass": "{password}"}}]


def test_a_password_is_not_typed_into_a_form_that_sends_it_in_a_url(tmp_path: Path) -> None:
    with loopback(Told(200, PAGE, GET_LOGIN)) as server, pytest.raises(SandboxUnreachableError) as caught:
        session(tmp_path, server.url, consent=TYPED).credentials("primary")

    assert "stopped at step 1" in caught.value.message
    assert "would send the password in a URL" in caught.value.message
    assert len(server.asked) == 1


def test_what_a_form_of_method_get_sends_is_not_told_when_no_answer_comes(tmp_path: Path) -> None:
    dead = "http://127.0.0.1:9/in"
    page = f"<form method=dialog action={dead}><input name=user value=hidden-value></form>".encode()
    with loopback(Told(200, PAGE, page)) as server, pytest.raises(SandboxUnreachableError) as caught:
        session(tmp_path, server.url, consent=[{"fields": {}}], login_url=dead).credentials("primary")

    assert caught.value.message.startswith(f"the sandbox at {dead} gives no answer")
    assert "hidden-value" not in caught.value.message


@pytest.mark.parametrize(
    "broken",
    [
        Told(302, {"Location": "http://["}),
        Told(200, PAGE, b'<form method=post action="http://["><input name=user></form>'),
        Told(302, {"Location": "http://127.0.0.1:99999/"}),
        Told(302, {"Location": "//" + "a" * 70 + ".example/"}),
    ],
)
def test_an_address_that_is_none_is_told_and_not_followed(tmp_path: Path, broken: Told) -> None:
    named = {"login_url": "http://" + "a" * 70 + ".example/"}  # also where the profile names the host
    with loopback(broken) as server, pytest.raises(CertifyError) as caught:
        session(tmp_path, server.url, consent=TYPED, **named).credentials("primary")

    assert caught.value.message
    assert len(server.asked) == 1


def test_a_method_that_html_does_not_know_is_get() -> None:
    assert [form.method for form in forms("<form method=p\u00f6st></form><form method=POST></form><form></form>")] == [
        "get",
        "post",
        "get",
    ]


def test_a_cookie_beyond_ascii_goes_back_as_it_came(tmp_path: Path) -> None:
    provider = Provider()

    def answer(asked: Asked) -> Told:
        told = provider(asked)
        return Told(told.status, {**told.headers, "Set-Cookie": "flow=caf\u00e9"}, told.body)

    with loopback(answer) as server:
        session(tmp_path, server.url).credentials("primary")

    assert server.asked[1].headers["cookie"].encode("iso-8859-1").decode() == "flow=caf\u00e9"
