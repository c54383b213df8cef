"""The claims of a token and what is in it say the same, or it is nobody's statement."""

from __future__ import annotations

import json
from typing import Any

import pytest

from certify.certificate.claims import (
    ClaimsError,
    NewerClaimsError,
    from_approval_claims,
    from_claims,
    to_approval_claims,
    to_claims,
)
from certify.model.certificate import Approval, Certificate
from tests.unit.certificate.golden import NOW, a_certificate

APPROVAL = Approval("20261103-abcd", "sha256:0", "solution-engineer", "Ada Byron", NOW, "read it all")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return a_certificate(tmp_path_factory.mktemp("golden"))


@pytest.fixture
def claims(certificate: Certificate) -> dict[str, Any]:
    claims: dict[str, Any] = json.loads(json.dumps(to_claims(certificate)))
    return claims


def test_a_certificate_survives_its_claims(claims: dict[str, Any], certificate: Certificate) -> None:
    assert from_claims(claims) == certificate


def test_an_approval_survives_its_claims() -> None:
    assert from_approval_claims(json.loads(json.dumps(to_approval_claims(APPROVAL)))) == APPROVAL


@pytest.mark.parametrize("name", ["iss", "sub", "aud", "iat", "exp", "jti"])
def test_a_claim_that_says_something_else_than_the_certificate_is_refused(claims: dict[str, Any], name: str) -> None:
    claims[name] = claims[name] + 1 if isinstance(claims[name], int) else "another"
    with pytest.raises(ClaimsError, match=f"claim {name}"):
        from_claims(claims)


@pytest.mark.parametrize("name", ["iss", "sub", "aud", "iat"])
def test_a_claim_that_says_something_else_than_the_approval_is_refused(name: str) -> None:
    with pytest.raises(ClaimsError, match=f"claim {name}"):
        from_approval_claims({**to_approval_claims(APPROVAL), name: "another"})


def test_an_approval_is_no_certificate(claims: dict[str, Any]) -> None:
    with pytest.raises(ClaimsError, match="carries no certificate"):
        from_claims(to_approval_claims(APPROVAL))
    with pytest.raises(ClaimsError, match="carries no approval"):
        from_approval_claims(claims)


def test_a_certificate_of_a_newer_schema_is_refused_as_that(claims: dict[str, Any]) -> None:
    claims["certificate"]["schema"] = "certify/certificate/2"
    with pytest.raises(NewerClaimsError, match="certify/certificate/2"):
        from_claims(claims)


@pytest.mark.parametrize("value", [None, 7, "text", [], {}, {"id": 7}])
def test_whatever_else_stands_in_its_place_is_refused(claims: dict[str, Any], value: object) -> None:
    with pytest.raises(ClaimsError):
        from_claims({**claims, "certificate": value})


def test_each_member_of_the_wrong_type_is_refused(claims: dict[str, Any]) -> None:
    for name in claims["certificate"]:
        with pytest.raises(ClaimsError):
            from_claims({**claims, "certificate": {**claims["certificate"], name: True if name != "complete" else 1}})


def test_one_that_never_expires_is_refused(claims: dict[str, Any]) -> None:
    forever = json.loads('{"exp": Infinity}')["exp"]
    claims["exp"] = claims["certificate"]["expires"] = forever
    with pytest.raises(ClaimsError, match="or never"):
        from_claims(claims)
