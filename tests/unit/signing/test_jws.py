"""Tokens: what is believed, and every reason for which one is not (RFC 8725)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from certify.model.certificate import SCHEMA
from certify.signing.algorithms import verifies_jose
from certify.signing.jwk import from_jwk, to_jwk
from certify.signing.jws import MAX_BYTES, Kind, Verified, peek, sign, verify
from certify.signing.key_set import KeySet, Use
from certify.signing.refusal import Reason, SignatureRefused
from certify.signing.strict import base64url, from_base64url
from tests.unit.signing.people import person, trusting

NOW = 1_800_000_000.0
CLAIMS: dict[str, Any] = {"iss": "ci", "aud": "certify", "iat": NOW - 10, "certificate": {"schema": SCHEMA, "id": "c"}}
KEY, TRUSTED = person("Ada Byron", Use.CERTIFICATE)
KEYS = trusting(TRUSTED)
TOKEN = sign(CLAIMS, KEY, Kind.CERTIFICATE).encode()


def believed(token: bytes, keys: KeySet = KEYS) -> Verified:
    return verify(token, keys, Kind.CERTIFICATE, Use.CERTIFICATE, now=NOW)


def refused(token: bytes, keys: KeySet = KEYS) -> SignatureRefused:
    with pytest.raises(SignatureRefused) as caught:
        believed(token, keys)
    return caught.value


def made(header: Mapping[str, Any] | bytes = b"", claims: Mapping[str, Any] | bytes = b"") -> bytes:
    """A token of Ada's with another header or payload, rightly signed."""
    standard = {"alg": "EdDSA", "kid": KEY.kid, "typ": Kind.CERTIFICATE.value}
    first, second = (
        part if isinstance(part, bytes) and part else json.dumps(part or default).encode()
        for part, default in ((header, standard), (claims, CLAIMS))
    )
    signed = f"{base64url(first)}.{base64url(second)}"
    return f"{signed}.{base64url(KEY.private.sign(signed.encode()))}".encode()  # type: ignore[call-arg]


@pytest.mark.parametrize("alg", ["EdDSA", "ES256"])
def test_what_a_trusted_key_signed_is_believed(alg: str) -> None:
    key, trusted = person("Ada Byron", Use.CERTIFICATE, alg=alg)
    verified = believed(sign(CLAIMS, key, Kind.CERTIFICATE).encode(), trusting(trusted))
    assert (verified.claims, verified.key) == (CLAIMS, trusted)


@pytest.mark.parametrize("alg", ["EdDSA", "ES256"])
def test_an_independent_reader_agrees_and_reads_the_type_in_the_header(alg: str) -> None:
    key, trusted = person("Ada Byron", Use.CERTIFICATE, alg=alg)
    token = sign(CLAIMS, key, Kind.CERTIFICATE)
    claims = jwt.decode(token, trusted.public, [alg], audience="certify", options={"verify_iat": False})
    assert (claims, jwt.get_unverified_header(token)) == (
        CLAIMS,
        {"alg": alg, "kid": trusted.kid, "typ": "certify-certificate+jwt"},
    )


def test_the_example_of_rfc_7515_verifies_and_one_bit_less_does_not() -> None:
    key = from_jwk(
        {
            "kty": "EC",
            "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        }
    )
    signed = (
        b"eyJhbGciOiJFUzI1NiJ9."
        b"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    )
    signature = from_base64url(
        b"DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    )
    assert verifies_jose(key, signed, signature)
    assert not verifies_jose(key, signed, signature[:-1] + bytes([signature[-1] ^ 1]))
    assert not verifies_jose(key, signed, bytes(64))
    assert not verifies_jose(key, signed, signature + b"\0")


def test_no_character_of_a_token_can_change_unnoticed() -> None:
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=\n "
    for position in range(len(TOKEN)):
        other = alphabet[(alphabet.index(TOKEN[position]) + 1) % len(alphabet)]
        edited = TOKEN[:position] + bytes([other]) + TOKEN[position + 1 :]
        assert refused(edited).exit_code == 14, position


@pytest.mark.parametrize(
    "edit",
    [
        lambda token: token + b"\n",
        lambda token: b" " + token,
        lambda token: token + b"=",
        lambda token: token + b"==",
        lambda token: token + b".",
        lambda token: token.replace(b".", b"=.", 1),
        lambda token: token[:-1],
        lambda token: token[: len(token) // 2],
        lambda token: b"",
        lambda token: b"\xef\xbb\xbf" + token,
        lambda token: b"..",
        lambda token: token.rsplit(b".", 1)[0] + b".",
    ],
)
def test_a_second_spelling_and_a_torn_token_are_refused(edit: Any) -> None:
    assert refused(edit(TOKEN)).reason in (Reason.MALFORMED, Reason.SIGNATURE)


def test_bits_after_the_last_byte_are_refused() -> None:
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = alphabet.index(TOKEN[-1])  # 64 bytes leave four bits in the last character, all zero
    twins = [TOKEN[:-1] + alphabet[last + bits : last + bits + 1] for bits in (1, 7, 15)]
    assert all(base64.urlsafe_b64decode(t.rsplit(b".")[-1] + b"==") for t in twins)
    assert [refused(twin).reason for twin in twins] == [Reason.MALFORMED] * 3


def test_the_algorithm_is_the_keys_and_not_the_tokens() -> None:
    for alg in ("none", "None", "HS256", "ES256", "Ed25519", "eddsa", ""):
        header = {"alg": alg, "kid": KEY.kid, "typ": Kind.CERTIFICATE.value}
        assert refused(made(header)).reason is Reason.ALGORITHM, alg


def test_an_unsigned_token_is_refused() -> None:
    header = base64url(json.dumps({"alg": "none", "kid": KEY.kid, "typ": Kind.CERTIFICATE.value}).encode())
    for signature in ("", base64url(b"x"), base64url(bytes(64))):
        token = f"{header}.{base64url(json.dumps(CLAIMS).encode())}.{signature}".encode()
        assert refused(token).reason is Reason.ALGORITHM


def test_a_public_key_is_no_secret_of_a_keyed_hash() -> None:
    public = TRUSTED.public
    secrets = [
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        public.public_bytes(Encoding.Raw, PublicFormat.Raw),
        json.dumps(to_jwk(public)).encode(),
    ]
    for secret, alg in [(secret, alg) for secret in secrets for alg in ("HS256", "EdDSA")]:
        header = {"alg": alg, "kid": KEY.kid, "typ": Kind.CERTIFICATE.value}
        signed = ".".join(base64url(json.dumps(part).encode()) for part in (header, CLAIMS))
        token = f"{signed}.{base64url(hmac.digest(secret, signed.encode(), hashlib.sha256))}".encode()
        assert refused(token).reason in (Reason.ALGORITHM, Reason.SIGNATURE)


@pytest.mark.parametrize("member", ["jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256"])
def test_a_key_that_a_token_brings_along_is_not_looked_at(member: str) -> None:
    mallory, _ = person("Mallory", Use.CERTIFICATE)
    value: Any = to_jwk(mallory.private.public_key()) if member == "jwk" else "http://127.0.0.1:9/keys"
    header = {"alg": "EdDSA", "kid": KEY.kid, "typ": Kind.CERTIFICATE.value, member: value}
    refusal = refused(made(header))
    assert refusal.reason is Reason.MALFORMED
    assert f"brings a key along ({member})" in refusal.message


@pytest.mark.parametrize("extra", [{"crit": ["exp"]}, {"b64": False, "crit": ["b64"]}, {"zip": "DEF"}, {"x": 1}])
def test_a_header_with_anything_else_in_it_is_refused(extra: dict[str, Any]) -> None:
    header = {"alg": "EdDSA", "kid": KEY.kid, "typ": Kind.CERTIFICATE.value, **extra}
    assert refused(made(header)).reason is Reason.MALFORMED


@pytest.mark.parametrize("member", ["alg", "kid", "typ"])
@pytest.mark.parametrize("value", [None, 1, ["EdDSA"], {}])
def test_a_header_says_all_three_things_as_text(member: str, value: Any) -> None:
    header = {"alg": "EdDSA", "kid": KEY.kid, "typ": Kind.CERTIFICATE.value, member: value}
    lacking = {name: text for name, text in header.items() if name != member}
    assert [refused(made(head)).reason for head in (header, lacking)] == [Reason.MALFORMED] * 2


def test_members_that_stand_twice_are_refused_in_header_and_payload() -> None:
    header = f'{{"alg":"EdDSA","kid":"{KEY.kid}","typ":"x","typ":"{Kind.CERTIFICATE}"}}'.encode()
    payload = b'{"aud":"certify","iat":1,"certificate":{"id":"a","id":"b"}}'
    assert "'typ' stands in it twice" in refused(made(header)).message
    assert "'id' stands in it twice" in refused(made(claims=payload)).message


@pytest.mark.parametrize(
    "payload",
    [
        b"[]",
        b'"x"',
        b"{",
        b'{"a":NaN}',
        b'{"a":"\xff"}',
        b'{"a":"\\ud800"}',
        b"[" * 100_000,
        '{"a":1}'.encode("utf-16"),
    ],
)
def test_a_payload_that_is_no_json_object_is_refused(payload: bytes) -> None:
    assert refused(made(claims=payload)).reason is Reason.MALFORMED


def test_a_hundred_thousand_members_are_refused_in_no_time() -> None:
    names = ",".join(f'"{n}":1' for n in range(60_000))
    token = made(claims=f"{{{names},{names[:5]}}}".encode())
    started = time.perf_counter()
    assert refused(token).reason is Reason.MALFORMED
    assert time.perf_counter() - started < 2


def test_a_key_that_is_not_in_the_set_is_unknown_and_those_in_it_are_named() -> None:
    mallory, _ = person("Mallory", Use.CERTIFICATE)
    refusal = refused(sign(CLAIMS, mallory, Kind.CERTIFICATE).encode())
    assert refusal.reason is Reason.UNKNOWN_KEY
    assert f"{TRUSTED.short} (Ada Byron)" in refusal.advice[0]


def test_another_key_under_a_trusted_name_is_refused() -> None:
    mallory, _ = person("Mallory", Use.CERTIFICATE)
    token = sign(CLAIMS, replace(mallory, kid=KEY.kid), Kind.CERTIFICATE).encode()
    assert refused(token).reason is Reason.SIGNATURE


def test_a_retired_key_vouches_for_what_is_older_than_its_retirement_only() -> None:
    def token(issued: float) -> bytes:
        return made(claims={**CLAIMS, "iat": issued})

    retired = trusting(replace(TRUSTED, status="retired", retired=NOW - 1000))
    assert believed(token(NOW - 2000), retired).key.status == "retired"
    assert believed(token(NOW - 1000), retired)
    assert refused(token(NOW - 900), retired).reason is Reason.RETIRED_KEY


def test_a_revoked_key_vouches_for_nothing() -> None:
    revoked = trusting(replace(TRUSTED, status="revoked", retired=NOW + 1000))
    assert refused(TOKEN, revoked).reason is Reason.REVOKED_KEY


@pytest.mark.parametrize("uses", [(), (Use.APPROVAL,), (Use.APPROVAL, Use.REVOCATION)])
def test_a_key_signs_only_what_it_is_for(uses: tuple[Use, ...]) -> None:
    assert refused(TOKEN, trusting(replace(TRUSTED, uses=uses))).reason is Reason.WRONG_USE


def test_a_token_of_one_kind_does_not_pass_for_another() -> None:
    everything = trusting(replace(TRUSTED, uses=tuple(Use)))
    for kind in (Kind.APPROVAL, Kind.REVOCATIONS):
        token = sign(CLAIMS, KEY, kind).encode()
        assert refused(token, everything).reason is Reason.WRONG_TYPE
    for typ in ("JWT", "certify-certificate+JWT", "application/certify-certificate+jwt", ""):
        header = {"alg": "EdDSA", "kid": KEY.kid, "typ": typ}
        assert refused(made(header)).reason is Reason.WRONG_TYPE


@pytest.mark.parametrize("audience", [None, "other", ["certify"], "", 1])
def test_a_token_for_somebody_else_is_refused(audience: Any) -> None:
    assert refused(made(claims={**CLAIMS, "aud": audience})).reason is Reason.WRONG_AUDIENCE


def test_clocks_may_differ_by_a_minute() -> None:
    assert believed(made(claims={**CLAIMS, "iat": NOW + 59}))
    assert refused(made(claims={**CLAIMS, "iat": NOW + 61})).reason is Reason.NOT_YET_VALID
    assert believed(made(claims={**CLAIMS, "nbf": NOW + 59}))
    assert refused(made(claims={**CLAIMS, "nbf": NOW + 61})).reason is Reason.NOT_YET_VALID


@pytest.mark.parametrize("issued", [None, "1", True, -1, 1e400, [], {}, 10**12])
def test_a_time_of_issue_is_a_number(issued: Any) -> None:
    claims = json.dumps({**CLAIMS, "iat": issued}).replace("Infinity", "1e400").encode()
    assert refused(made(claims=claims)).reason is Reason.MALFORMED


def test_expiry_is_the_callers_matter() -> None:
    assert believed(made(claims={**CLAIMS, "exp": 1})).claims["exp"] == 1


def test_a_certificate_of_a_newer_version_is_refused_as_such() -> None:
    refusal = refused(made(claims={**CLAIMS, "certificate": {"schema": "certify/certificate/2"}}))
    assert (refusal.reason, refusal.advice) == (Reason.NEWER_VERSION, ("update certify where it is verified",))


@pytest.mark.parametrize(
    "schema", [None, "", 2, "certify/certificate/0", "certify/certificate/1a", "other/9", [SCHEMA]]
)
def test_a_certificate_of_no_known_schema_is_refused(schema: Any) -> None:
    assert refused(made(claims={**CLAIMS, "certificate": {"schema": schema}})).reason is Reason.MALFORMED


def test_a_token_of_more_than_a_mebibyte_is_neither_read_nor_made() -> None:
    assert refused(b"a" * (MAX_BYTES + 1)).reason is Reason.TOO_LARGE
    with pytest.raises(SignatureRefused, match="no token has more"):
        sign({"text": "a" * MAX_BYTES}, KEY, Kind.CERTIFICATE)
    long = {"alg": "EdDSA", "kid": "k" * 2000, "typ": Kind.CERTIFICATE.value}
    assert refused(made(long)).reason is Reason.TOO_LARGE


def test_a_peek_shows_what_a_token_says_without_believing_it() -> None:
    forged = TOKEN.rsplit(b".", 1)[0] + b"."
    assert peek(forged) == CLAIMS
    for token in (b"", b"a", b"a.b.c", b"a.W10.c", b"\xff.\xff.\xff", b"a" * (MAX_BYTES + 1)):
        with pytest.raises(SignatureRefused):
            peek(token)


def test_the_twin_of_an_ecdsa_signature_has_another_digest() -> None:
    """It verifies (s and n - s both do); approvals bind the bytes, so the twin has none: see algorithms.py."""
    key, trusted = person("Ada Byron", Use.CERTIFICATE, alg="ES256")
    token = sign(CLAIMS, key, Kind.CERTIFICATE).encode()
    signed, _, text = token.rpartition(b".")
    raw = from_base64url(text)
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    twin = signed + b"." + base64url(raw[:32] + (order - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")).encode()
    assert believed(twin, trusting(trusted)).claims == CLAIMS
    assert hashlib.sha256(twin).digest() != hashlib.sha256(token).digest()


def test_an_ecdsa_signature_has_all_of_its_bytes() -> None:
    """One that begins with zero would be the same number without it."""
    private = ec.generate_private_key(ec.SECP256R1())
    raw = b""
    while raw[32:33] != b"\0":
        raw = jwt.get_algorithm_by_name("ES256").sign(b"signed", private)
    assert verifies_jose(private.public_key(), b"signed", raw)
    assert not verifies_jose(private.public_key(), b"signed", raw[:32] + raw[33:])


def test_two_keys_of_one_person_are_one_person() -> None:
    one, other = (replace(TRUSTED, owner=owner) for owner in ("Ada  Byron", "ada byron "))
    assert one.person == other.person != replace(TRUSTED, owner="Ada Lovelace").person


def test_no_private_key_shows_in_what_is_printed_of_one() -> None:
    key, _ = person("Ada Byron", alg="ES256")
    assert isinstance(key.private, ec.EllipticCurvePrivateKey)
    number = key.private.private_numbers().private_value
    shown = f"{key!r} {key} {key.__dict__!r}"
    assert str(number) not in shown
    assert f"{number:x}" not in shown
    assert "private=" not in repr(key)
