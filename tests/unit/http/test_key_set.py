"""The public keys of platform tokens: what a sandbox needs to verify them, and nothing that could mint one."""

import socket
from pathlib import Path

import httpx
import jwt
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from certify.cli.platform_keys import platform
from certify.errors import ProfileError
from certify.http.key_set import key_set, served
from certify.http.session import open_session
from certify.model.partner import Partner
from certify.program.partner import load_partner
from tests.unit.http.certificates import pem_of

KEYS = {
    "RS256": rsa.generate_private_key(65537, 2048),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
}
PROFILE = """\
schema: certify/partner/1
id: minting
name: Minting
target: {base_url: "http://127.0.0.1:1"}
sign_in: {kind: platform_tokens}
identities: {primary: {}}
platform_tokens:
  issuer: https://issuer.example
  audience: https://api.example
  algorithms: [RS256, ES256, EdDSA]
  keys: {RS256: {file: RS256.pem}, ES256: {file: ES256.pem}, EdDSA: {file: EdDSA.pem}}
  key_ids: {RS256: k-1}
"""


@pytest.fixture
def partner(tmp_path: Path) -> Partner:
    for name, key in KEYS.items():
        (tmp_path / f"{name}.pem").write_text(pem_of(key))
    (tmp_path / "partner.yaml").write_text(PROFILE)
    return load_partner(tmp_path / "partner.yaml")


def free_place() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("algorithm", KEYS)
def test_a_minted_token_verifies_with_the_served_keys_alone(partner: Partner, algorithm: str) -> None:
    session = open_session(partner)
    assert session.minter is not None
    token = session.minter.token(partner.identities["primary"], algorithm).compact()
    with served(partner, free_place()) as url:
        keys = httpx.get(url, trust_env=False).json()["keys"]

    row = next(row for row in keys if row["alg"] == algorithm)
    claims = jwt.decode(token, jwt.PyJWK(row), [algorithm], audience="https://api.example")
    assert claims["iss"] == "https://issuer.example"


def test_no_private_member_is_among_the_keys(partner: Partner) -> None:
    members = {name for row in key_set(partner)["keys"] for name in row}
    assert members <= {"kty", "use", "alg", "kid", "n", "e", "crv", "x", "y"}
    assert [row.get("kid") for row in key_set(partner)["keys"]] == ["k-1", None, None]


def test_a_sandbox_that_starts_at_the_issuer_finds_the_keys(partner: Partner) -> None:
    place = free_place()
    with served(partner, place):
        metadata = httpx.get(f"http://{place}/.well-known/openid-configuration", trust_env=False).json()
        missing = httpx.get(f"http://{place}/etc/passwd", trust_env=False).status_code

    assert metadata == {"issuer": "https://issuer.example", "jwks_uri": f"http://{place}/jwks.json"}
    assert missing == 404


def test_a_place_that_is_taken_is_told(partner: Partner) -> None:
    with served(partner, free_place()) as url, pytest.raises(ProfileError, match="cannot be served at"):
        served(partner, url.split("/")[2]).__enter__()


def test_nothing_is_served_where_nobody_asked_for_it(partner: Partner) -> None:
    with served(partner) as url:
        assert url == ""


def test_the_verb_prints_the_key_set(partner: Partner) -> None:
    result = CliRunner().invoke(platform, ["--partner", partner.file])
    assert (result.exit_code, '"kid": "k-1"' in result.output) == (0, True)
    assert "PRIVATE" not in result.output
