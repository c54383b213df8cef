"""Token requests that must be refused, in every way in which a client proves itself."""

from __future__ import annotations

from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from certify.http.session import open_session
from certify.model.partner import Identity, Partner, SecretRef, SignIn
from certify.suite.token_requests import TokenRequests
from tests.unit.http.certificates import pem_of

KEY = ec.generate_private_key(ec.SECP256R1())


def requests(folder: Path, method: str) -> TokenRequests:
    (folder / "key").write_text(pem_of(KEY) if method == "private_key_jwt" else "TEST-ONLY-secret-of-a-client-of-ours")
    secret = SecretRef("file", str(folder / "key"), signs=method == "private_key_jwt")
    names = ("client_secret", "private_key", "certificate", "certificate_key")
    identity = Identity("primary", secrets=dict.fromkeys(names, secret))
    sign_in = SignIn("client_credentials", token_url="http://127.0.0.1:1/t", settings={"client_auth": method})
    partner = Partner("p", "P", "http://127.0.0.1:1", sign_in, {"primary": identity}, file=str(folder / "p.yaml"))
    return TokenRequests(open_session(partner))


@pytest.mark.parametrize("method", ["basic", "post", "client_secret_jwt", "private_key_jwt"])
def test_a_wrong_proof_is_tried_and_nothing_of_the_right_one_is_left(tmp_path: Path, method: str) -> None:
    made = requests(tmp_path, method)
    wrong = dict(made.refusable())

    valid, secret, nobody = made.valid(), wrong["a wrong secret"], wrong["no client"]
    assert (secret.body, secret.headers) != (valid.body, valid.headers)
    assert nobody.body == {"grant_type": "client_credentials"}
    assert nobody.header("Authorization") is None


def test_a_wrong_key_signs_an_assertion_that_is_right_but_for_its_signature(tmp_path: Path) -> None:
    made = requests(tmp_path, "private_key_jwt")
    right, wrong = (call.body["client_assertion"] for call in (made.valid(), dict(made.refusable())["a wrong secret"]))

    check = {"algorithms": ["ES256"], "audience": "http://127.0.0.1:1/t"}
    assert jwt.decode(right, KEY.public_key(), **check)["sub"] == "primary"  # type: ignore[arg-type]
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(wrong, KEY.public_key(), **check)  # type: ignore[arg-type]
    claims = jwt.decode(wrong, options={"verify_signature": False})
    assert (claims["iss"], claims["sub"], claims["exp"] - claims["iat"]) == ("primary", "primary", 60)


def test_a_certificate_is_not_called_wrong_because_of_another_secret(tmp_path: Path) -> None:
    assert "a wrong secret" not in dict(requests(tmp_path, "tls").refusable())
