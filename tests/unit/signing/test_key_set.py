"""The keys that a verifier trusts: what a JWK set may say, and what makes one worthless."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from certify.errors import KeyMaterialError
from certify.model.certificate import Provenance
from certify.signing.jwk import from_jwk, thumbprint
from certify.signing.key_set import MAX_BYTES, TrustedKey, Use, as_jwks, as_text, joined, load_key_set, read_key_set
from tests.unit.signing.people import person

_, ADA = person("Ada Byron", Use.APPROVAL, roles=("solution-engineer",))
_, CI = person(
    "CI", Use.CERTIFICATE, alg="ES256", provenance=Provenance.GATED, status="retired", retired=1_800_000_000.0
)


def jwk(key: TrustedKey = ADA, **changes: Any) -> dict[str, Any]:
    """The JWK of a key, with other members; those that are None are left out."""
    members = {**as_jwks([key])["keys"][0], **changes}
    return {name: value for name, value in members.items() if value is not None}


def trusted(**changes: Any) -> dict[str, Any]:
    """Ada's JWK with other members of ours."""
    return jwk(certify={**jwk()["certify"], **changes})


def read(*jwks: Any) -> tuple[TrustedKey, ...]:
    return read_key_set(json.dumps({"keys": list(jwks)}).encode(), "team.json").keys


def refused(*jwks: Any) -> str:
    with pytest.raises(KeyMaterialError) as caught:
        read(*jwks)
    return f"{caught.value.message} {caught.value.advice}"


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    file = tmp_path / "keys.jwks.json"
    file.write_text(as_text([ADA, CI]))
    keys = load_key_set(str(file))
    assert keys.keys == (ADA, CI)
    assert (keys.of(CI.kid), keys.of("x"), keys.of("")) == (CI, None, None)


def test_the_name_of_a_key_is_its_thumbprint() -> None:
    """RFC 8037 §A.3."""
    key = from_jwk({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
    assert thumbprint(key) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_single_jwk_is_a_set_of_one() -> None:
    assert read_key_set(json.dumps(jwk()).encode(), "ada.json").keys == (ADA,)


def test_a_strangers_key_is_trusted_for_nothing() -> None:
    (key,) = read(jwk(certify=None, kid="whatever"))
    assert (key.kid, key.owner, key.uses, key.roles, key.provenance) == ("whatever", "", (), (), Provenance.PRACTICE)


def test_an_entry_that_says_little_is_trusted_for_little() -> None:
    (key,) = read(jwk(certify={"uses": ["certificate"]}))
    assert (key.uses, key.provenance, key.status, key.person) == ((Use.CERTIFICATE,), "practice", "active", "")


@pytest.mark.parametrize(
    "odd",
    [
        RSAAlgorithm.to_jwk(rsa.generate_private_key(65537, 2048).public_key(), as_dict=True),
        ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP384R1()).public_key(), as_dict=True),
        {"kty": "from the future"},
        {"kty": "OKP", "crv": "Ed25519"},
        {"kty": "OKP", "crv": "Ed25519", "x": "AAAA"},
        {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43},
        jwk(certify=None, use="enc"),
        jwk(certify=None, alg="ECDH-ES"),
        jwk(certify=None, kid=["a"]),
        {},
    ],
)
def test_a_strangers_key_that_cannot_be_used_is_passed_over(odd: dict[str, Any]) -> None:
    """RFC 7517 §5."""
    assert read(odd, jwk()) == (ADA,)


@pytest.mark.parametrize("member", ["d", "p", "q", "dp", "dq", "qi", "oth", "k"])
def test_a_set_that_holds_a_private_key_is_refused_without_quoting_it(member: str) -> None:
    text = refused(jwk(), {"kty": "oct", member: "c2VjcmV0"})
    assert f"team.json: key 2 is not public: it has the member '{member}'" in text
    assert "c2VjcmV0" not in text


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (jwk(kid="ada"), f"thumbprint (RFC 7638), which is {ADA.kid}"),
        (jwk(kty="RSA"), "kind that is not used here"),
        (jwk(alg="ES256"), "something else than signatures with EdDSA"),
        (jwk(alg="none"), "something else than signatures with EdDSA"),
        (jwk(use="enc"), "something else than signatures"),
        (jwk(x="AAAA"), "'x' has 3 bytes instead of 32"),
        (jwk(x=jwk()["x"] + "="), "not base64url"),
        (jwk(x=None), "'x' is missing"),
        (jwk(certify="yes"), "'certify' is not an object"),
        (jwk(certify=[]), "'certify' is not an object"),
        (trusted(ownr="x"), "certify.ownr is unknown; did you mean 'owner'?"),
        (trusted(owner=1), "certify.owner cannot be '1'"),
        (trusted(owner="a" * 201), "certify.owner cannot be"),
        (trusted(owner="Ada\x1b[31m"), "certify.owner cannot be"),
        (trusted(uses=["everything"]), "certify.uses cannot be"),
        (trusted(uses="approval"), "certify.uses cannot be"),
        (trusted(uses=[["approval"]]), "certify.uses cannot be"),
        (trusted(roles=[1]), "certify.roles cannot be"),
        (trusted(provenance="Gated"), "certify.provenance cannot be"),
        (trusted(status="fine"), "certify.status cannot be"),
        (trusted(status=[]), "certify.status cannot be"),
        (trusted(status="retired"), "certify.retired has to say since when"),
        (trusted(status="retired", retired="2026-01-01"), "certify.retired cannot be"),
        (trusted(status="retired", retired=True), "certify.retired cannot be"),
        (trusted(created=-1), "certify.created cannot be"),
    ],
)
def test_an_entry_that_claims_trust_has_to_be_right(entry: dict[str, Any], said: str) -> None:
    text = refused(jwk(CI), entry)
    assert "team.json: key 2" in text
    assert said in text


def test_both_names_of_the_algorithm_are_known() -> None:
    assert read(jwk(alg="Ed25519")) == read(jwk(alg=None)) == (ADA,)


def test_an_entry_that_stands_twice_counts_once_and_never_with_two_meanings() -> None:
    assert read(jwk(), jwk()) == (ADA,)
    assert f"key {ADA.short} is in it twice" in refused(jwk(), trusted(status="revoked"))


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"{}", b'{"keys": {}}', b'{"keys": [1]}', b"<html>", b"\xff\xfe", b'{"keys": [], "keys": []}']
)
def test_what_is_no_jwk_set_is_refused(text: bytes) -> None:
    with pytest.raises(KeyMaterialError, match="is not a JWK set"):
        read_key_set(text, "team.json")


def test_a_huge_set_is_refused_unread() -> None:
    with pytest.raises(KeyMaterialError, match="larger than 256 KiB"):
        read_key_set(b" " * (MAX_BYTES + 1), "team.json")
    assert "has 1,001 keys" in refused(*[{}] * 1001)


def test_a_place_that_is_no_file_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, said in (("nothing", "No such file"), (".", "is not a file"), ("pipe", "is not a file")):
        with pytest.raises(KeyMaterialError, match=said):
            load_key_set(str(tmp_path / name))


def test_sets_of_several_people_are_put_together(tmp_path: Path) -> None:
    places = {"ada": [ADA], "ci": [CI], "team": [ADA, CI]}
    files = {name: tmp_path / name for name in places}
    for name, keys in places.items():
        files[name].write_text(as_text(keys))
    assert joined([str(file) for file in files.values()]) == (ADA, CI)


def test_two_sets_that_say_different_things_of_a_key_are_not_put_together(tmp_path: Path) -> None:
    (tmp_path / "old").write_text(as_text([ADA]))
    (tmp_path / "new").write_text(as_text([replace(ADA, status="retired", retired=1_700_000_000.0)]))
    with pytest.raises(KeyMaterialError, match=f"different things about key {ADA.short} of Ada Byron") as caught:
        joined([str(tmp_path / "old"), str(tmp_path / "new")])
    assert "differ in status, retired" in caught.value.advice[0]
