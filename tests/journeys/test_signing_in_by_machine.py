"""Generated requests are signed wherever the API looks: query, cookie, signature, proof of possession, TLS.

The engine's own processes send them. What is asserted is what the server saw: it let the positive requests in, and
nothing of the credentials is on disk afterwards.
"""

from __future__ import annotations

import json
import ssl
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from certify.model.outcome import Outcome, Status
from certify.model.partner import Identity, Partner, SecretRef, SignIn
from certify.program.sign_in_rules import SIGNING
from certify.sources.contract.source import ContractSource
from tests.unit.http.certificates import self_signed
from tests.unit.sources.contract.guarded import (
    KEY,
    GuardedApi,
    by_cookie,
    by_proof,
    by_query,
    by_signature,
    by_token,
    contract,
)
from tests.unit.sources.contract.scene import an_assignment, served

BEARER = {"type": "http", "scheme": "bearer"}
RECIPE = {
    "text": "{method}\n{target}\n{timestamp}\n{body_hash}",
    "encoding": "base64",
    "headers": {"X-Timestamp": "{timestamp}", "X-Signature": "{signature}"},
}


def partner(url: str, folder: Path, sign_in: SignIn, secrets: dict[str, str]) -> Partner:
    refs = {}
    for name, value in secrets.items():
        (folder / name).write_text(value)
        refs[name] = SecretRef("file", name, signs=name in SIGNING)
    identity = Identity("primary", secrets=refs, settings={"client_id": "me"})
    return Partner("g", "Guarded", url, sign_in, {"primary": identity}, file=str(folder / "partner.yaml"))


def recorded(folder: Path, subject: Partner, scheme: dict[str, Any] | None, max_examples: int = 8) -> list[Outcome]:
    file = folder / "contract.json"
    file.write_text(json.dumps(contract(scheme)))
    assignment = an_assignment(subject, file, folder, processes=2, max_examples=max_examples)
    ContractSource().record(assignment)
    return list(assignment.rundir.outcomes())


def everything_written(folder: Path, *but: str) -> str:
    """Every file that the run left, besides the secrets that the test itself wrote."""
    files = [file for file in folder.rglob("*") if file.is_file() and file.name not in but]
    return "\n".join(file.read_text("utf-8", "replace") for file in files)


def failures(outcomes: list[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.status is not Status.PASSED]


@pytest.mark.parametrize(
    ("guard", "sign_in", "secret", "scheme"),
    [
        (
            by_query,
            SignIn("api_key", settings={"query": "key"}),
            {"api_key": KEY},
            {"type": "apiKey", "in": "query", "name": "key"},
        ),
        (
            by_cookie,
            SignIn("api_key", settings={"cookie": "sid"}),
            {"api_key": "TEST-ONLY-session"},
            {"type": "apiKey", "in": "cookie", "name": "sid"},
        ),
        (
            by_signature,
            SignIn("hmac", settings={"signature": RECIPE}),
            {"signing_key": KEY},
            {"type": "apiKey", "in": "header", "name": "X-Signature"},
        ),
    ],
)
def test_generated_requests_carry_the_credential_where_it_belongs(
    tmp_path: Path, guard: Any, sign_in: SignIn, secret: dict[str, str], scheme: dict[str, Any]
) -> None:
    api = GuardedApi(guard)
    with served(api.app) as url:
        outcomes = recorded(tmp_path, partner(url, tmp_path, sign_in, secret), scheme)

    assert not failures(outcomes), outcomes
    assert api.let_in > 50
    assert api.refused, "requests without a credential, and with a made-up one, were tried too"
    written = everything_written(tmp_path, *secret)
    assert not [value for value in secret.values() if value in written or value.replace(" ", "+") in written]


@pytest.mark.parametrize(("guard", "dpop"), [(by_token, False), (by_proof, True)])
def test_tokens_of_two_seconds_outlive_a_run_of_many(tmp_path: Path, guard: Any, dpop: bool) -> None:
    api = GuardedApi(lambda request, body: guard(lambda: api)(request, body))
    with served(api.app) as url:
        sign_in = SignIn("client_credentials", token_url=f"{url}/token", settings={"dpop": dpop})
        subject = partner(url, tmp_path, sign_in, {"client_secret": "TEST-ONLY-secret"})
        outcomes = recorded(tmp_path, subject, BEARER, max_examples=30)

    assert len(api.tokens) >= 2, "the run was longer than a token lives"
    assert not failures(outcomes), outcomes
    signed_and_refused = [told for told in api.refused if told.split(" ")[-1] in api.tokens]
    assert len(signed_and_refused) <= (len(api.tokens) * 8 if dpop else 0), "only for the want of a nonce"
    written = everything_written(tmp_path, "client_secret")
    assert not [token for token in api.tokens if token in written]


def test_the_engine_shows_its_certificate_and_trusts_the_private_authority(tmp_path: Path) -> None:
    server, client = self_signed("127.0.0.1", server=True), self_signed("client")
    for name, text in (("ca.pem", server.certificate), ("server.key", server.key), ("clients.pem", client.certificate)):
        (tmp_path / name).write_text(text)
    api = GuardedApi(lambda request, body: None)
    tls = {
        "ssl_certfile": str(tmp_path / "ca.pem"),
        "ssl_keyfile": str(tmp_path / "server.key"),
        "ssl_ca_certs": str(tmp_path / "clients.pem"),
        "ssl_cert_reqs": ssl.CERT_REQUIRED,
    }
    with served(api.app, **tls) as url:
        secrets = {"certificate": client.certificate, "certificate_key": client.key}
        subject = partner(url, tmp_path, SignIn("mutual_tls"), secrets)
        outcomes = recorded(tmp_path, replace(subject, ca_file=str(tmp_path / "ca.pem")), None)

    assert api.let_in > 50, outcomes
    assert "PRIVATE KEY" not in everything_written(tmp_path, "certificate_key", "server.key")
