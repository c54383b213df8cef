"""Certificates, approvals and revocation lists are JWS in compact form (RFC 7515) that carry a JWT (RFC 7519).

A token is read as RFC 8725 asks: the algorithm is the key's and never the token's word (§3.1), which rules out ``none``
and keyed hashes over a public key; the type is explicit (§3.11), the audience checked (§3.9); no key that a token
brings along or points to is looked at (§3.10). A header has ``alg``, ``kid`` and ``typ`` and nothing else; every part
has one spelling only (``strict.py``), so that no byte of a token can change unnoticed.

Signing is PyJWT's. Reading is not, because loading that library takes a fifth of the time in which the gate has to
answer, and because its reader allows more spellings than one; the tests hold both against each other.

    token = sign({"iss": "ci", "aud": "certify", "iat": 1_700_000_000, …}, key, Kind.CERTIFICATE)
    verify(token.encode(), keys, Kind.CERTIFICATE, Use.CERTIFICATE, now=time.time()).claims
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from certify.model.certificate import SCHEMA
from certify.signing.algorithms import verifies_jose
from certify.signing.key_set import KeySet, TrustedKey, Use
from certify.signing.refusal import Reason, SignatureRefused
from certify.signing.strict import from_base64url, json_object

if TYPE_CHECKING:
    from certify.signing.keyring import SigningKey

AUDIENCE = "certify"
SKEW = 60.0
"""Seconds by which the clocks of an issuer and a verifier may differ."""
MAX_BYTES = 1024 * 1024
"""A certificate of 150 checks takes 30 KB and one of a thousand checks 200 KB; what is larger is not one."""
MAX_HEADER_BYTES = 1024
_HEADER = {"alg", "kid", "typ"}
_EMBEDDED = ("jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256")


class Kind(StrEnum):
    """What a token is: its ``typ`` (RFC 8725 §3.11)."""

    CERTIFICATE = "certify-certificate+jwt"
    APPROVAL = "certify-approval+jwt"
    REVOCATIONS = "certify-revocations+jwt"


@dataclass(frozen=True)
class Verified:
    """What a token says, and the key that vouches for it."""

    claims: Mapping[str, Any]
    key: TrustedKey


def sign(claims: Mapping[str, Any], key: SigningKey, kind: Kind) -> str:
    """The token. Raises :class:`SignatureRefused` where it were larger than any verifier reads."""
    from jwt import api_jws

    payload = json.dumps(claims, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    headers = {"typ": Kind(kind).value, "kid": key.kid}
    token = api_jws.encode(payload, key.private, algorithm=key.alg, headers=headers)
    _bounded(token.encode())
    return token


def verify(token: bytes, keys: KeySet, kind: Kind, use: Use, *, now: float) -> Verified:
    """What a token says, if all of it can be believed. Raises :class:`SignatureRefused`.

    ``now`` is in seconds since the epoch. The time of expiry is not looked at.
    """
    _bounded(token)
    header, payload, signature, signed = _parts(token)
    _plain(header)
    key = trusted_key(keys, str(header["kid"]), use)
    if header["alg"] != key.alg:
        raise SignatureRefused(
            Reason.ALGORITHM,
            f"its header says alg {header['alg']!r}, but key {key.short} signs with {key.alg} only",
            ["it was made by something other than certify, or edited: do not rely on it"],
        )
    if not verifies_jose(key.public, signed, signature):
        raise SignatureRefused(
            Reason.SIGNATURE, f"its signature is not one of key {key.short} over what it says", _LOST
        )
    _of_kind(header, kind)
    claims = _object(payload, "payload")
    _for_us(claims)
    issued_by(key, _time(claims, "iat"), now)
    if "nbf" in claims and _time(claims, "nbf") > now + SKEW:
        raise SignatureRefused(Reason.NOT_YET_VALID, "its nbf lies in the future", _CLOCKS)
    _known_version(claims, kind)
    return Verified(claims, key)


def peek(token: bytes) -> Mapping[str, Any]:
    """What a token says, **unverified**, and read leniently: to find, quickly, the one to verify.

    Raises :class:`SignatureRefused`: malformed or too large.
    """
    _bounded(token)
    try:
        claims = json.loads(urlsafe_b64decode(token.split(b".", 2)[1] + b"=="))
    except (ValueError, IndexError, RecursionError):
        raise _malformed("it is not a JWS whose payload is JSON") from None
    if not isinstance(claims, dict):
        raise _malformed("its payload is not a JSON object")
    return claims


def trusted_key(keys: KeySet, kid: str, use: Use) -> TrustedKey:
    """The key of a name, if it may sign for that use. Raises :class:`SignatureRefused`."""
    key = keys.of(kid)
    if key is None:
        known = ", ".join(f"{key.short} ({key.owner or 'no owner'})" for key in keys.keys[:20]) or "none at all"
        raise SignatureRefused(
            Reason.UNKNOWN_KEY,
            f"it is signed with key {kid[:12]!r}, which {keys.place} does not hold",
            [f"keys in it: {known}", "if the key should be trusted, its owner's JWK belongs into that key set"],
        )
    if key.status == "revoked":
        raise SignatureRefused(
            Reason.REVOKED_KEY,
            f"key {key.short} of {key.owner or 'nobody named'} was revoked: nothing that it signed counts",
            ["have it signed again with a key that is trusted"],
        )
    if use not in key.uses:
        uses = ", ".join(key.uses) or "nothing"
        raise SignatureRefused(
            Reason.WRONG_USE,
            f"key {key.short} of {key.owner or 'nobody named'} may not sign this: it is trusted for {uses}, not {use}",
            [f"sign with a key that has {use!r} among its uses, or let {keys.place} say that this one has"],
        )
    return key


def issued_by(key: TrustedKey, issued: float, now: float) -> None:
    """Raise unless a key could have signed something issued at that time: not in the future, not after it retired."""
    if issued > now + SKEW:
        raise SignatureRefused(
            Reason.NOT_YET_VALID, f"it says that it was issued {issued - now:.0f} s from now", _CLOCKS
        )
    if key.status == "retired" and issued > key.retired + SKEW:
        raise SignatureRefused(
            Reason.RETIRED_KEY,
            f"it was issued after key {key.short} of {key.owner or 'nobody named'} was retired",
            ["have it signed again with the key that took its place"],
        )


_LOST = ["it was changed after it was signed, or damaged on its way: fetch it again from where it was made"]
_CLOCKS = [f"compare the clocks of both machines; {SKEW:.0f} seconds of difference are tolerated"]


def _malformed(message: str) -> SignatureRefused:
    return SignatureRefused(Reason.MALFORMED, message, _LOST)


def _bounded(token: bytes) -> None:
    if len(token) > MAX_BYTES:
        raise SignatureRefused(Reason.TOO_LARGE, f"it has {len(token):,} bytes; no token has more than {MAX_BYTES:,}")


def _parts(token: bytes) -> tuple[dict[str, Any], bytes, bytes, bytes]:
    """Header, payload, signature, and the bytes that were signed (RFC 7515 §5.2)."""
    parts = token.split(b".", 3)
    if len(parts) != 3:
        raise _malformed("it is not a JWS in compact form: three parts with dots between them")
    if len(parts[0]) > MAX_HEADER_BYTES:
        raise SignatureRefused(
            Reason.TOO_LARGE, f"its header has {len(parts[0]):,} bytes, {MAX_HEADER_BYTES:,} at most"
        )
    try:
        names = ("header", "payload", "signature")
        header, payload, signature = (_decoded(part, name) for part, name in zip(parts, names, strict=True))
    except ValueError as error:
        raise _malformed(str(error)) from None
    return _object(header, "header"), payload, signature, token[: token.rindex(b".")]


def _decoded(part: bytes, name: str) -> bytes:
    try:
        return from_base64url(part)
    except ValueError as error:
        raise ValueError(f"its {name} cannot be read: {error}") from None


def _object(data: bytes, name: str) -> dict[str, Any]:
    try:
        return json_object(data)
    except ValueError as error:
        raise _malformed(f"its {name} cannot be read: {error}") from None


def _plain(header: Mapping[str, Any]) -> None:
    """Refuse a header that brings a key along, wants an extension understood, or has anything else in it."""
    if brought := [name for name in _EMBEDDED if name in header]:
        raise _malformed(f"its header brings a key along ({brought[0]}): keys come from the verifier's key set only")
    if further := sorted(set(header) - _HEADER):
        raise _malformed(f"its header has the member {further[0][:40]!r}: no token of certify has one")
    for name in sorted(_HEADER):
        if not isinstance(header.get(name), str):
            raise _malformed(f"its header does not say its {name}")


def _of_kind(header: Mapping[str, Any], kind: Kind) -> None:
    if header["typ"] != kind:
        raise SignatureRefused(
            Reason.WRONG_TYPE, f"its typ is {str(header['typ'])[:60]!r}, which is not {kind.value!r}"
        )


def _for_us(claims: Mapping[str, Any]) -> None:
    if claims.get("aud") != AUDIENCE:
        raise SignatureRefused(Reason.WRONG_AUDIENCE, f"its aud is not {AUDIENCE!r}: it was made for something else")


def _time(claims: Mapping[str, Any], name: str) -> float:
    """A NumericDate (RFC 7519 §2)."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e11:
        raise _malformed(f"its claim {name!r} is not a time")
    return float(value)


def _known_version(claims: Mapping[str, Any], kind: Kind) -> None:
    """Refuse a certificate of a schema that this version cannot read: what it means by more might be a limit."""
    certificate = claims.get("certificate") if kind is Kind.CERTIFICATE else None
    if not isinstance(certificate, dict):
        return
    schema = certificate.get("schema")
    if schema == SCHEMA:
        return
    family, _, known = SCHEMA.rpartition("/")
    newer = re.fullmatch(rf"{re.escape(family)}/(\d{{1,9}})", schema) if isinstance(schema, str) else None
    if newer and int(newer[1]) > int(known):
        raise SignatureRefused(
            Reason.NEWER_VERSION,
            f"it is of schema {schema}, and this certify reads {SCHEMA}",
            ["update certify where it is verified"],
        )
    raise _malformed(f"it does not say that it is of schema {SCHEMA}")
