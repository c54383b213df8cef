"""Public keys as JWK (RFC 7517), and their names: the thumbprints of RFC 7638."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from certify.signing.algorithms import PublicKey
from certify.signing.strict import base64url, from_base64url

SECRET = ("d", "p", "q", "dp", "dq", "qi", "oth", "k")
"""The members that only a private or a symmetric key has (RFC 7518 §6)."""


def to_jwk(key: PublicKey) -> dict[str, str]:
    """The members that RFC 7638 §3.2 and RFC 8037 §2 require, and no others."""
    if isinstance(key, ed25519.Ed25519PublicKey):
        return {"crv": "Ed25519", "kty": "OKP", "x": base64url(key.public_bytes(Encoding.Raw, PublicFormat.Raw))}
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)  # 4, then x and y of equal length
    return {"crv": "P-256", "kty": "EC", "x": base64url(point[1:33]), "y": base64url(point[33:])}


def from_jwk(jwk: Mapping[str, Any]) -> PublicKey:
    """The key of a JWK. Raises ``ValueError`` where it is damaged, or of a kind that we do not use."""
    match jwk.get("kty"), jwk.get("crv"):
        case "OKP", "Ed25519":
            return ed25519.Ed25519PublicKey.from_public_bytes(_coordinate(jwk, "x"))
        case "EC", "P-256":
            x, y = (int.from_bytes(_coordinate(jwk, name), "big") for name in ("x", "y"))
            return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        case kty, crv:
            raise ValueError(f"it is of a kind that is not used here (kty {kty!r}, crv {crv!r}): Ed25519 and P-256 are")


def _coordinate(jwk: Mapping[str, Any], name: str) -> bytes:
    text = jwk.get(name)
    if not isinstance(text, str):
        raise ValueError(f"its member {name!r} is missing")
    data = from_base64url(text.encode())
    if len(data) != 32:
        raise ValueError(f"its member {name!r} has {len(data)} bytes instead of 32")
    return data


def thumbprint(key: PublicKey) -> str:
    """SHA-256 over the required members in lexical order, without white space (RFC 7638 §3)."""
    text = json.dumps(to_jwk(key), sort_keys=True, separators=(",", ":"))
    return base64url(hashlib.sha256(text.encode()).digest())
