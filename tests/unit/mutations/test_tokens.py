"""Each mutation of a token changes exactly one property of it."""

import base64
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from certify.http.minting import Minter
from certify.model.partner import Identity, PlatformTokens
from certify.mutations import Mutation, mutations

NOW = 1_793_700_000
KEY = ec.generate_private_key(ec.SECP256R1())
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()
PRIMARY = Identity("primary", tenant="acme", subject="ada", scopes=("read", "write"))


def minter(**changes: Any) -> Minter:
    settings = {"issuer": "https://issuer.example", "audience": "https://api.example", "algorithms": ("ES256",)}
    tokens = PlatformTokens(**{**settings, "keys": {}, "leeway_s": 30, "rfc9068": True, **changes})
    return Minter(tokens, {"ES256": PEM}, clock=lambda: NOW)


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes]:
    raw = [base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in token.split(".")]
    return json.loads(raw[0]), json.loads(raw[1]), raw[2]


def verified(token: str) -> bool:
    """Whether the signature fits, whatever the claims say."""
    off = {"verify_aud": False, "verify_iss": False, "verify_exp": False}
    try:
        jwt.decode(token, KEY.public_key(), algorithms=["ES256"], options=off)  # type: ignore[arg-type]
    except jwt.InvalidTokenError:
        return False
    return True


def each(family: str) -> Any:
    return pytest.mark.parametrize("mutation", mutations(family), ids=lambda mutation: mutation.name)


def test_a_token_is_never_issued_in_the_future() -> None:
    late = Minter(PlatformTokens("i", "a", ("ES256",), {}), {"ES256": PEM}, clock=lambda: NOW + 0.9)
    assert late.now() == NOW


def test_a_plain_token_is_valid_and_says_who_what_and_for_how_long() -> None:
    header, claims, _ = parts(minter().token(PRIMARY).compact())

    assert header == {"alg": "ES256", "typ": "at+jwt"}
    assert {k: claims[k] for k in ("iss", "aud", "sub", "scope", "iat", "exp")} == {
        "iss": "https://issuer.example",
        "aud": "https://api.example",
        "sub": "ada",
        "scope": "read write",
        "iat": NOW,
        "exp": NOW + 300,
    }
    assert verified(minter().token(PRIMARY).compact())


def test_times_follow_the_servers_clock() -> None:
    ahead = minter()
    ahead.offset = 120.0

    assert ahead.token(PRIMARY).claims["iat"] == NOW + 120


@each("token.expired")
def test_an_expired_token_differs_in_exp_alone(mutation: Mutation) -> None:
    token = minter().token(PRIMARY)
    header, claims, _ = parts(mutation.apply(token, minter()))

    assert (header, {**claims, "exp": 0}) == (token.header, {**token.claims, "exp": 0})
    assert claims["exp"] <= NOW - 30 - 60
    assert verified(mutation.apply(token, minter()))


@each("token.signature")
def test_a_wrong_signature_never_verifies(mutation: Mutation) -> None:
    token = minter().token(PRIMARY)
    spoiled = mutation.apply(token, minter())

    assert not verified(spoiled)
    assert parts(spoiled)[0] == token.header


def test_a_flipped_bit_is_one_bit() -> None:
    token = minter().token(PRIMARY)
    flip = next(mutation for mutation in mutations("token.signature") if mutation.name.endswith("flipped"))
    signature = parts(flip.apply(token, minter()))[2]

    assert len(signature) == len(token.signature())


@each("token.none")
def test_an_unsigned_token_has_the_claims_and_no_algorithm_that_signs(mutation: Mutation) -> None:
    token = minter().token(PRIMARY)
    spoiled = mutation.apply(token, minter())
    header, claims, signature = parts(spoiled)

    assert claims == token.claims
    assert str(header.get("alg", "none")).lower() == "none"
    assert spoiled.count(".") == 2
    assert signature in (b"", b"certify")


@each("token.audience")
def test_a_wrong_audience_is_the_only_difference(mutation: Mutation) -> None:
    token = minter().token(PRIMARY)
    _, claims, _ = parts(mutation.apply(token, minter()))

    assert claims.get("aud") not in ("https://api.example", ["https://api.example"])
    assert {**claims, "aud": 0} == {**token.claims, "aud": 0}
    assert verified(mutation.apply(token, minter()))


@each("token.issuer")
def test_a_wrong_issuer_is_the_only_difference(mutation: Mutation) -> None:
    token = minter().token(PRIMARY)
    _, claims, _ = parts(mutation.apply(token, minter()))

    assert claims.get("iss") != "https://issuer.example"
    assert {**claims, "iss": 0} == {**token.claims, "iss": 0}


@each("token.lawful")
def test_a_lawful_spelling_is_another_text_with_the_same_meaning(mutation: Mutation) -> None:
    token = minter().token(PRIMARY)
    header, claims, _ = parts(mutation.apply(token, minter()))

    assert verified(mutation.apply(token, minter()))
    assert claims["aud"] in ("https://api.example", ["https://api.example"])
    assert {k: v for k, v in claims.items() if k in token.claims and k != "aud"} == {
        k: v for k, v in token.claims.items() if k != "aud"
    }
    assert header["alg"] == "ES256"


def test_an_audience_without_letters_has_no_other_case() -> None:
    plain = minter(audience="12345")
    spoiled = {m.name: m.apply(plain.token(PRIMARY), plain) for m in mutations("token.audience")}

    assert spoiled["token.audience.other-case"] is None


def test_the_long_type_is_lawful_only_for_access_tokens() -> None:
    plain = minter(rfc9068=False)
    spoiled = {m.name: m.apply(plain.token(PRIMARY), plain) for m in mutations("token.lawful")}

    assert spoiled["token.lawful.long-type"] is None


def test_an_unknown_family_is_an_error_that_names_the_known() -> None:
    with pytest.raises(LookupError, match=r"token\.expired"):
        mutations("token.expird")
