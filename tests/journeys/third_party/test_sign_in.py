"""Every flow of OAuth 2.0 that certify speaks, against a certified OpenID provider that somebody else wrote.

What is asserted is what the provider itself decides: it issued a token to this client for this proof, and its own
resource (RFC 6750, RFC 9449 and RFC 8705 as it understands them) took it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from certify.errors import SandboxUnreachableError
from certify.http.call import Call
from certify.http.session import Session, open_session
from certify.program.partner import load_partner
from tests.journeys.console import certify
from tests.journeys.third_party.packages import Package
from tests.journeys.third_party.serving import free_port, serving
from tests.unit.http.certificates import pem_of, self_signed

PROVIDER = Package("oidc-provider", "npm", ("oidc-provider@9.13.3",))
APP = Path(__file__).with_name("apps") / "oidc_provider.mjs"
REDIRECT = "https://certify.example/callback"
SECRET = "TEST-ONLY-secret-of-more-than-thirty-two-bytes"
CONSENT = [{"fields": {"login": "{username}", "password": "{password}"}}, {"fields": {}}]


@dataclass(frozen=True)
class Provider:
    folder: Path
    url: str

    def session(self, kind: str, client: str, **sign_in: Any) -> Session:
        """A session of one client; what it sends is recorded in ``folder``."""
        identity = {
            "client_id": client,
            "username": "ada",
            "client_secret": {"file": "secret"},
            "password": {"file": "secret"},
        }
        if client in ("rsa", "ec"):
            identity["private_key"] = {"file": f"{client}.pem"}
        if "tls" in client:
            identity |= {"certificate": {"file": "client.crt"}, "certificate_key": {"file": "client.key"}}
        profile = {
            "schema": "certify/partner/1",
            "id": "provider",
            "name": "Provider",
            "target": {"base_url": self.url, "ca_file": "server.crt"},
            "sign_in": {"kind": kind, "token_url": f"{self.url}/token", **sign_in},
            "identities": {"primary": {**identity, "scopes": sign_in.pop("scopes", [])}},
        }
        profile["sign_in"].pop("scopes", None)
        (self.folder / "partner.yaml").write_text(yaml.safe_dump(profile))
        (self.folder / "exchanges.ndjson").write_text("")
        return open_session(load_partner(self.folder / "partner.yaml"), directory=self.folder)

    def person(self, client: str, **sign_in: Any) -> Session:
        return self.session(
            "authorization_code",
            client,
            authorize_url=f"{self.url}/auth",
            redirect_uri=REDIRECT,
            issuer=self.url,
            consent=sign_in.pop("consent", CONSENT),
            authorize_parameters={"prompt": "consent"},
            scopes=["openid", "offline_access"],
            **sign_in,
        )

    def recorded(self) -> str:
        return (self.folder / "exchanges.ndjson").read_text()


def _jwk(key: Any, **members: str) -> dict[str, Any]:
    kind = jwt.algorithms.RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else jwt.algorithms.ECAlgorithm
    return {**json.loads(kind.to_jwk(key.public_key())), "use": "sig", **members}


def _clients(folder: Path) -> list[dict[str, Any]]:
    """The clients as the provider knows them; private keys are left in ``folder``."""
    keys = {"rsa": rsa.generate_private_key(65537, 2048), "ec": ec.generate_private_key(ec.SECP256R1())}
    for name, key in keys.items():
        (folder / f"{name}.pem").write_text(pem_of(key))
    pair = self_signed("client")
    (folder / "client.crt").write_text(pair.certificate)
    (folder / "client.key").write_text(pair.key)
    machine = {"grant_types": ["client_credentials"], "response_types": [], "redirect_uris": [], "scope": "things:read"}
    person = {"grant_types": ["authorization_code", "refresh_token"], "redirect_uris": [REDIRECT]}
    person |= {"client_secret": SECRET, "scope": "openid offline_access"}
    secret = {**machine, "client_secret": SECRET}
    x5c = pair.certificate.replace("\n", "").split("-----")[2]
    tls_key = {"kty": "EC", "crv": "P-256", "x5c": [x5c], **_public(pair.certificate)}
    return [
        {**secret, "client_id": "basic", "token_endpoint_auth_method": "client_secret_basic"},
        {**secret, "client_id": "post", "token_endpoint_auth_method": "client_secret_post"},
        {**secret, "client_id": "secret_jwt", "token_endpoint_auth_method": "client_secret_jwt"},
        {
            **machine,
            "client_id": "rsa",
            "token_endpoint_auth_method": "private_key_jwt",
            "jwks": {"keys": [_jwk(keys["rsa"])]},
        },
        {
            **machine,
            "client_id": "ec",
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": "ES256",
            "jwks": {"keys": [_jwk(keys["ec"])]},
        },
        {
            **machine,
            "client_id": "tls",
            "token_endpoint_auth_method": "self_signed_tls_client_auth",
            "tls_client_certificate_bound_access_tokens": True,
            "jwks": {"keys": [tls_key]},
        },
        {**person, "client_id": "web"},
        {**person, "client_id": "dpop", "dpop_bound_access_tokens": True},
    ]


def _public(certificate: str) -> dict[str, Any]:
    from cryptography import x509

    key: Any = x509.load_pem_x509_certificate(certificate.encode()).public_key()
    members = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key))
    return {"x": members["x"], "y": members["y"]}


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    place, folder, port = PROVIDER.installed(), tmp_path_factory.mktemp("provider"), free_port()
    pair = self_signed("127.0.0.1", server=True)
    (folder / "server.crt").write_text(pair.certificate)
    (folder / "server.key").write_text(pair.key)
    (folder / "secret").write_text(SECRET)
    (folder / "clients.json").write_text(json.dumps(_clients(folder)))
    words = ["node", APP, place / "node_modules", port, folder / "server.crt", folder / "server.key"]
    with serving([*words, folder / "clients.json"], f"https://127.0.0.1:{port}/", folder / "provider.log"):
        yield Provider(folder, f"https://127.0.0.1:{port}")


@pytest.mark.parametrize(
    ("client", "method"),
    [
        ("basic", "basic"),
        ("post", "post"),
        ("secret_jwt", "client_secret_jwt"),
        ("rsa", "private_key_jwt"),
        ("ec", "private_key_jwt"),
        ("tls", "tls"),
    ],
)
def test_a_client_signs_in_with_every_proof_and_its_token_is_taken(
    provider: Provider, client: str, method: str
) -> None:
    session = provider.session(
        "client_credentials", client, client_auth=method, assertion_audience=provider.url, scopes=["things:read"]
    )
    with closing(session):
        reply = session.wire.send(Call("GET", "/things"), session.credentials("primary"))

    assert (reply.status, reply.json()) == (200, {"client": client})
    assert session.credentials("primary").token not in provider.recorded()
    assert SECRET not in provider.recorded()


def test_a_token_of_two_seconds_never_expires_on_the_way(provider: Provider) -> None:
    session = provider.session("client_credentials", "basic", scopes=["things:read"])
    with closing(session):
        statuses, tokens, sent = set(), set(), 0
        while len(tokens) < 3:
            credentials = session.credentials("primary")
            tokens.add(credentials.token)
            statuses.add(session.wire.send(Call("GET", "/things"), credentials).status)
            sent += 1

    assert statuses == {200}
    assert sent > len(tokens), "each token serves until shortly before its end"


def test_a_person_signs_in_by_script_and_is_renewed_by_rotating_refresh_tokens(provider: Provider) -> None:
    session = provider.person("web")
    with closing(session):
        statuses, tokens = [], set()
        for _ in range(3):
            credentials = session.credentials("primary")
            tokens.add(credentials.token)
            statuses.append(session.wire.send(Call("GET", "/me"), credentials).status)
            time.sleep(1.7)

    assert (statuses, len(tokens)) == ([200] * 3, 3)
    record = provider.recorded()
    assert record.count("grant_type=authorization_code") == 1
    assert record.count("grant_type=refresh_token") == 2
    assert SECRET not in record
    assert not any(token in record for token in tokens)


def test_a_reused_refresh_token_leads_to_a_full_sign_in(provider: Provider) -> None:
    """The provider revokes the whole grant when a rotated refresh token comes twice (RFC 9700 §4.14.2)."""
    session = provider.person("web")
    with closing(session):
        session.credentials("primary")
        endpoint = session.provider._flow._endpoint  # type: ignore[attr-defined]
        used = endpoint._refresh["primary"]
        time.sleep(1.7)
        session.credentials("primary")
        endpoint._refresh["primary"] = used
        time.sleep(1.7)
        reply = session.wire.send(Call("GET", "/me"), session.credentials("primary"))

    assert reply.status == 200
    assert provider.recorded().count("grant_type=authorization_code") == 2


def test_a_bound_token_is_proved_with_each_request_and_the_nonce_that_the_server_asks_for(provider: Provider) -> None:
    session = provider.person("dpop", dpop=True)
    with closing(session):
        statuses = [session.wire.send(Call("GET", "/me"), session.credentials("primary")).status for _ in range(3)]
        stolen = session.wire.send(
            Call("GET", "/me"), {"Authorization": f"DPoP {session.credentials('primary').token}"}
        )

    assert statuses == [200] * 3
    assert stolen.status in (400, 401)
    assert "use_dpop_nonce" in provider.recorded()


def test_a_certificate_bound_token_is_worth_nothing_on_another_connection(provider: Provider) -> None:
    session = provider.session("client_credentials", "tls", client_auth="tls", scopes=["things:read"])
    with closing(session):
        held = session.credentials("primary")
        with_it = session.wire.send(Call("GET", "/things"), held)
        without = session.wire.send(Call("GET", "/things"), dict(held.headers))

    assert (with_it.status, without.status) == (200, 401)
    assert "PRIVATE KEY" not in provider.recorded()


@pytest.mark.parametrize(
    ("client", "settings", "told", "first"),
    [
        ("nobody", {}, "invalid_client", "secret is wrong"),
        ("basic", {"scopes": ["things:write"]}, "invalid_scope", "scopes of identity 'primary'"),
        ("web", {}, "grant type is not allowed for this client", "sign_in.parameters"),
    ],
)
def test_a_refusal_names_identity_endpoint_and_the_likely_cause_first(
    provider: Provider, client: str, settings: dict[str, Any], told: str, first: str
) -> None:
    session = provider.session("client_credentials", client, **settings)
    with closing(session), pytest.raises(SandboxUnreachableError) as caught:
        session.credentials("primary")

    assert f"'primary' cannot sign in at {provider.url}/token" in caught.value.message
    assert told in caught.value.message
    assert first in caught.value.advice[0]


def test_a_script_that_lacks_a_step_says_where_it_stopped(provider: Provider) -> None:
    session = provider.person("web", consent=CONSENT[:1])
    with closing(session), pytest.raises(SandboxUnreachableError) as caught:
        session.credentials("primary")

    assert "stopped after the last step (1)" in caught.value.message
    assert "/interaction/" in caught.value.message
    assert "prompt" in caught.value.message


def test_a_whole_run_lives_on_bound_tokens_of_two_seconds(provider: Provider, tmp_path: Path) -> None:
    """The provider's own /me by its own contract: a certified provider has no finding against it that blocks.

    Suites and generated requests both sign in through the parent, with proofs, nonces and rotating refresh tokens.
    """
    provider.person("dpop", dpop=True).close()
    (provider.folder / "me.json").write_text(json.dumps(_contract_of_me(provider.url)))
    profile = yaml.safe_load((provider.folder / "partner.yaml").read_text())
    profile["target"]["contract"] = "me.json"
    (provider.folder / "partner.yaml").write_text(yaml.safe_dump(profile))
    out = tmp_path / "run"
    result = certify(
        "run", "--partner", str(provider.folder / "partner.yaml"), "--out", str(out), "--max-examples", "1"
    )

    outcomes = [json.loads(line) for line in (out / "outcomes.ndjson").read_text().splitlines()]
    assert not [outcome for outcome in outcomes if outcome["status"] == "failed"], result.out
    assert {"auth.missing-credentials-rejected", "contract.schema-valid"} <= {
        outcome["check"] for outcome in outcomes if outcome["status"] == "passed"
    }
    record = (out / "exchanges.ndjson").read_text()
    assert SECRET not in record
    assert record.count("grant_type=authorization_code") == 0, "the doctor's sign-in is the run's"
    assert record.count("grant_type=refresh_token") >= 2


def _contract_of_me(url: str) -> dict[str, Any]:
    claims = {"type": "object", "required": ["sub"], "properties": {"sub": {"type": "string"}}}
    answers: dict[str, Any] = {status: {"description": "refused"} for status in ("400", "401")}
    answers["200"] = {"description": "claims", "content": {"application/json": {"schema": claims}}}
    scheme = {"type": "openIdConnect", "openIdConnectUrl": f"{url}/.well-known/openid-configuration"}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Userinfo", "version": "1"},
        "security": [{"provider": []}],
        "paths": {"/me": {"get": {"operationId": "me", "responses": answers}}},
        "components": {"securitySchemes": {"provider": scheme}},
    }
