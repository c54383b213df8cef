"""Access tokens: which are good here, and which are not, whatever they look like."""

from __future__ import annotations

import time
from typing import Any

import pytest

from certify.sandbox.keys import PLATFORM_ISSUER, client_secret
from tests.sandbox.conftest import Talk

AUDIENCE = "https://api.partner.example"


def status(talk: Talk, token: str) -> int:
    return talk.get("/v1/leads?limit=1", token=token).status_code


@pytest.mark.parametrize("alg", ["RS256", "ES256"])
@pytest.mark.parametrize("typ", ["at+jwt", "application/at+jwt", "AT+JWT", "JWT"])
def test_every_declared_algorithm_and_type_is_accepted(honest: Talk, alg: str, typ: str) -> None:
    assert status(honest, honest.mint(alg=alg, header={"typ": typ})) == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": [AUDIENCE]},
        {"aud": ["https://other.example", AUDIENCE]},
        {"favourite_colour": "green"},
        {"client_id": None},
    ],
    ids=str,
)
def test_lawful_spellings_are_accepted(honest: Talk, claims: dict[str, Any]) -> None:
    assert status(honest, honest.mint(**claims)) == 200


@pytest.mark.parametrize(("claim", "seconds"), [("exp", -5), ("nbf", 5), ("exp", 60.5)])
def test_times_are_accepted_within_the_leeway_and_with_fractions(honest: Talk, claim: str, seconds: float) -> None:
    # Relative to now, which is when the test runs, not when it is collected.
    assert status(honest, honest.mint(**{claim: time.time() + seconds})) == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": int(time.time()) - 100},
        {"exp": None},
        {"exp": True},
        {"exp": "tomorrow"},
        {"nbf": int(time.time()) + 86_400},  # from when it is collected; a whole suite may pass before it runs
        {"aud": None},
        {"aud": []},
        {"aud": AUDIENCE + "/"},
        {"aud": AUDIENCE.upper()},
        {"aud": AUDIENCE[:-1]},
        {"aud": ["https://other.example"]},
        {"iss": None},
        {"iss": PLATFORM_ISSUER + "/"},
        {"iss": PLATFORM_ISSUER.upper()},
        {"tenant": None},
        {"sub": None},
    ],
    ids=str,
)
def test_a_token_with_one_wrong_claim_is_refused(honest: Talk, claims: dict[str, Any]) -> None:
    reply = honest.get("/v1/leads", token=honest.mint(**claims))
    assert reply.status_code == 401
    assert reply.headers["WWW-Authenticate"] == 'Bearer realm="partner-api", error="invalid_token"'


@pytest.mark.parametrize(
    "header",
    [{"typ": "id+jwt"}, {"crit": ["exp"]}, {"kid": "no-such-key"}, {"kid": "platform-es256-1"}],
    ids=str,
)
def test_a_token_with_one_wrong_header_is_refused(honest: Talk, header: dict[str, Any]) -> None:
    assert status(honest, honest.mint(header=header)) == 401


def test_a_changed_signature_is_refused_down_to_its_spare_bits(honest: Talk) -> None:
    token = honest.mint()
    for place in (-1, -40, -200):
        changed = "B" if token[place] == "A" else "A"
        assert (
            status(honest, token[:place] + changed + token[place + 1 :] if place != -1 else token[:-1] + changed) == 401
        )
    assert status(honest, token.rpartition(".")[0] + ".") == 401
    assert status(honest, token) == 200


def test_a_key_is_good_for_its_own_issuer_only(honest: Talk) -> None:
    assert status(honest, honest.mint(iss=honest.running.base_url)) == 401


def test_a_believed_token_still_expires(honest: Talk) -> None:
    """What is remembered about a token is never its time."""
    token = honest.mint(exp=time.time() - 29)
    assert status(honest, token) == 200
    time.sleep(1.1)
    assert status(honest, token) == 401


def test_no_credential_is_answered_without_an_error_code(honest: Talk) -> None:
    assert honest.get("/v1/leads", token="").headers["WWW-Authenticate"] == 'Bearer realm="partner-api"'


def test_a_missing_scope_is_named(honest: Talk) -> None:
    reply = honest.get("/v1/leads", token=honest.mint(scope="leads:write xleads:read leads:read:all"))
    assert reply.status_code == 403
    assert 'error="insufficient_scope", scope="leads:read"' in reply.headers["WWW-Authenticate"]


def test_the_own_authorization_server_issues_tokens_that_work(honest: Talk) -> None:
    reply = honest.sign_in(scope="leads:read customers:read")
    assert reply.json()["scope"] == "leads:read customers:read"
    assert reply.headers["Cache-Control"] == "no-store"
    assert status(honest, reply.json()["access_token"]) == 200
    assert honest.lead(token=reply.json()["access_token"]).status_code == 403


def test_a_client_may_sign_in_inside_the_form(honest: Talk) -> None:
    form = {"grant_type": "client_credentials", "client_id": "primary", "client_secret": client_secret("primary")}
    assert honest.http.post("/oauth/token", data=form).status_code == 200
    assert honest.http.post("/oauth/token", data=form, auth=("primary", "x")).json()["error"] == "invalid_request"


@pytest.mark.parametrize(
    ("sent", "error", "code"),
    [
        ({"data": {}}, "invalid_request", 400),
        ({"data": {"grant_type": "password"}}, "unsupported_grant_type", 400),
        ({"data": {"grant_type": "client_credentials", "scope": ["a", "b"]}}, "invalid_request", 400),
        ({"data": {"grant_type": "client_credentials", "scope": "no:such"}}, "invalid_scope", 400),
        ({"json": {"grant_type": "client_credentials"}}, "invalid_request", 400),
        ({"data": {"grant_type": "client_credentials"}, "auth": ("nobody", "x")}, "invalid_client", 401),
        ({"data": {"grant_type": "client_credentials"}, "auth": None}, "invalid_client", 401),
    ],
    ids=str,
)
def test_the_token_endpoint_answers_standard_errors(honest: Talk, sent: dict[str, Any], error: str, code: int) -> None:
    reply = honest.http.post("/oauth/token", **{"auth": ("primary", client_secret("primary")), **sent})
    assert (reply.status_code, reply.json()["error"]) == (code, error)
    assert ("WWW-Authenticate" in reply.headers) == (code == 401)


def test_a_token_cannot_be_had_by_get(honest: Talk) -> None:
    reply = honest.http.get("/oauth/token", params={"grant_type": "client_credentials"})
    assert (reply.status_code, reply.headers["Allow"]) == (405, "POST")
    assert reply.json()["error"] == "invalid_request"
