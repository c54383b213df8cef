"""What stands in a signed token, and the model object that it is: claims of RFC 7519 §4.1 around one member of ours.

    {"iss": "Integration desk", "sub": "acme", "aud": "certify", "iat": 1793700000, "exp": 1809252000,
     "jti": "20261103-100000-abcd-9f86d081", "certificate": {…}}
    {"iss": "Ada Byron", "sub": "20261103-100000-abcd-9f86d081", "aud": "certify", "iat": 1793700300, "approval": {…}}

The registered claims say again what our member says, for tools that know JWT only. Both have to agree: a token that
says two things is nobody's statement. Signatures, ``aud`` and keys are looked at before (``signing/jws.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from certify.errors import CertifyError
from certify.model.certificate import AUDIENCE, SCHEMA, Approval, Certificate
from certify.model.codec import decode, encode
from certify.model.gate import Answer

LATEST = 253_402_300_799.0
"""The last second of the year 9999: no calendar of ours has a later one."""
T = TypeVar("T")
Claims = Mapping[str, Any]


class ClaimsError(CertifyError):
    """A token whose claims cannot be relied upon: malformed, or saying two things."""

    exit_code = Answer.UNTRUSTED.exit_code


class NewerClaimsError(ClaimsError):
    """A token that a newer certify wrote, with a meaning that this one does not know."""


def to_claims(certificate: Certificate) -> dict[str, Any]:
    """The payload of ``certificate.jws``."""
    return {**_registered(certificate), "certificate": encode(certificate)}


def from_claims(claims: Claims) -> Certificate:
    """The certificate in a payload. Raises :class:`ClaimsError` where it is malformed or contradicts itself."""
    _refuse_newer(claims)
    certificate = _decoded(Certificate, claims, "certificate")
    _agree(claims, _registered(certificate), "certificate")
    if not 0 <= certificate.issued < certificate.expires <= LATEST:
        raise ClaimsError("the certificate expires before it was issued, or never", [_ASK])
    if not 0 <= certificate.started <= LATEST:
        raise ClaimsError("the certificate does not say when its run was", [_ASK])
    return certificate


def to_approval_claims(approval: Approval) -> dict[str, Any]:
    """The payload of ``approvals/<role>.jws``."""
    return {**_registered_of_approval(approval), "approval": encode(approval)}


def from_approval_claims(claims: Claims) -> Approval:
    """The approval in a payload. Raises :class:`ClaimsError` where it is malformed or contradicts itself."""
    approval = _decoded(Approval, claims, "approval")
    _agree(claims, _registered_of_approval(approval), "approval")
    return approval


def _registered(certificate: Certificate) -> dict[str, Any]:
    return {
        "iss": certificate.issuer,
        "sub": certificate.partner.id,
        "aud": AUDIENCE,
        "iat": _seconds(certificate.issued),
        "exp": _seconds(certificate.expires),
        "jti": certificate.id,
    }


def _registered_of_approval(approval: Approval) -> dict[str, Any]:
    return {"iss": approval.name, "sub": approval.certificate, "aud": AUDIENCE, "iat": _seconds(approval.at)}


def _seconds(moment: float) -> int | float:
    """A NumericDate (RFC 7519 §2), without a fraction where there is none."""
    return int(moment) if moment == moment // 1 else moment


def _refuse_newer(claims: Claims) -> None:
    """A later schema may have moved the meaning of a member; what it says cannot be told by reading it as ours."""
    content = claims.get("certificate")
    written = content.get("schema") if isinstance(content, Mapping) else None
    if isinstance(written, str) and written != SCHEMA:
        raise NewerClaimsError(
            f"the certificate is of schema {written[:80]!r}, and this certify reads {SCHEMA!r}",
            ["use the certify that wrote it, or a newer one"],
        )


def _decoded(kind: type[T], claims: Claims, member: str) -> T:
    try:
        return decode(kind, claims[member])
    except KeyError as error:
        what = f"has no member {error}" if member in claims else f"carries no {member}"
        raise ClaimsError(f"what was signed {what}", [_ASK]) from None
    except (ValueError, TypeError) as error:
        raise ClaimsError(f"what was signed is no {member}: {error}", [_ASK]) from None


def _agree(claims: Claims, expected: Mapping[str, Any], member: str) -> None:
    for name, value in expected.items():
        if claims.get(name) != value:
            raise ClaimsError(
                f"the claim {name} says {claims.get(name)!r} and the {member} itself {value!r}: it says two things",
                [_ASK],
            )


_ASK = "do not rely on it; ask whoever signed it"
