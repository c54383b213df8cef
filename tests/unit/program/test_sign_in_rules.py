"""Each kind of sign-in says what it lacks, with a line that could stand there, and what it does not read."""

from __future__ import annotations

import pytest

from certify.program.partner import load_partner
from tests.unit.program.conftest import Write, problems

HEAD = "schema: certify/partner/1\nid: a\nname: A\ntarget: {base_url: 'http://127.0.0.1:1'}\n"
KEY = "{file: acme.secret}"


@pytest.mark.parametrize(
    ("profile", "message", "advice"),
    [
        ("sign_in: {kind: authorisation_code}", "did you mean 'authorization_code'?", ""),
        ("sign_in: {kind: api_key, heading: X}", "unknown member 'heading'; did you mean 'header'?", ""),
        (
            "sign_in: {kind: login, body: {a: b}, token_pointer: /t}\nidentities: {primary: {}}",
            "sign-in login needs 'login_url'",
            "login_url: https://",
        ),
        (
            "sign_in: {kind: login, login_url: 'http://127.0.0.1:1/l', body: {a: b}}\nidentities: {primary: {}}",
            "sign-in login needs 'token_pointer' or 'cookie'",
            "token_pointer: /token",
        ),
        (
            "sign_in: {kind: login, login_url: 'http://127.0.0.1:1/l', body: {p: '{password}'}, token_pointer: /t}\n"
            "identities: {primary: {username: ada}}",
            "sign-in login needs 'password' of identity 'primary'",
            "password: {env: PRIMARY_PASSWORD}",
        ),
        (
            "sign_in: {kind: login, login_url: 'http://127.0.0.1:1/l', body: {p: '{pasword}'}, token_pointer: /t}\n"
            "identities: {primary: {}}",
            "unknown placeholder 'pasword'; did you mean 'password'?",
            "",
        ),
        (
            "sign_in: {kind: login, login_url: 'http://127.0.0.1:1/l', body: {a: b}, token_pointer: /t,\n"
            "  login_headers: {X-P: '{pasword}'}}\nidentities: {primary: {}}",
            "unknown placeholder 'pasword'; did you mean 'password'?",
            "",
        ),
        (
            "sign_in: {kind: login, login_url: 'http://127.0.0.1:1/l', body: [{a: '{tenent}'}], token_pointer: /t}\n"
            "identities: {primary: {}}",
            "unknown placeholder 'tenent'; did you mean 'tenant'?",
            "",
        ),
        (
            "sign_in: {kind: login, login_url: 'http://127.0.0.1:1/l', body: {a: b}, token_pointer: /t,\n"
            "  login_headers: {X-P: '{password}'}}\nidentities: {primary: {username: ada}}",
            "sign-in login needs 'password' of identity 'primary'",
            "password: {env: PRIMARY_PASSWORD}",
        ),
        (
            "sign_in: {kind: authorization_code, authorize_url: 'http://127.0.0.1:1/a', redirect_uri: 'http://h/c',\n"
            "  token_url: 'http://127.0.0.1:1/t', client_auth: none, consent: [{fields: {p: '{pasword}'}}]}\n"
            "identities: {primary: {}}",
            "unknown placeholder 'pasword'; did you mean 'password'?",
            "",
        ),
        (
            "sign_in: {kind: client_credentials, token_url: 'http://127.0.0.1:1/t', client_auth: private_key_jwt}\n"
            f"identities: {{primary: {{client_secret: {KEY}}}}}",
            "sign-in client_credentials needs 'private_key' of identity 'primary'",
            "private_key: {env: PRIMARY_PRIVATE_KEY}",
        ),
        (
            f"sign_in: {{kind: hmac}}\nidentities: {{primary: {{signing_key: {KEY}}}}}",
            "sign-in hmac needs 'signature'",
            "X-Signature",
        ),
        (
            "sign_in: {kind: hmac, signature: {text: '{method}', headers: {X-S: '{timestamp}'}}}\n"
            f"identities: {{primary: {{signing_key: {KEY}}}}}",
            "no header carries {signature}",
            'X-Signature: "{signature}"',
        ),
        (
            f"sign_in: {{kind: api_key, header: X-Key, query: key}}\nidentities: {{primary: {{api_key: {KEY}}}}}",
            "stands in one place, not in header and query",
            "keep one",
        ),
        (
            f"sign_in: {{kind: basic, header: X-Key}}\nidentities: {{primary: {{password: {KEY}}}}}",
            "sign-in basic does not read 'header'",
            "it belongs to api_key, login",
        ),
        (
            f"sign_in: {{kind: basic}}\nidentities: {{primary: {{password: {KEY}, certificate: {KEY}}}}}",
            "'certificate' of identity 'primary' needs 'certificate_key' beside it",
            "certificate_key: {file: primary.pem}",
        ),
        (
            "sign_in: {kind: bearer}\nidentities: {primary: {token: eyJhbGciOiJIUzI1NiJ9.hush.hush}}",
            "a secret is written here; a profile only says where it is",
            "{env: NAME}",
        ),
    ],
)
def test_a_mistake_is_told_with_what_to_write(write: Write, profile: str, message: str, advice: str) -> None:
    found = problems(lambda: load_partner(write(f"{HEAD}{profile}\n")))

    [problem] = [problem for problem in found if message in problem.message] or [None]
    assert problem is not None, [item.message for item in found]
    assert advice in problem.advice
    assert problem.line >= 5
    assert "hush" not in str(found)
