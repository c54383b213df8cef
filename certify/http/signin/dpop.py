"""Proof of possession for tokens (DPoP, RFC 9449): each request is signed with a key that lives as long as the run.

The key is made here, never written down, and its thumbprint binds the token (§6). A server may ask for a nonce in the
proof, at the token endpoint (§8) and at the resource (§9): it is remembered by origin.
"""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from certify.model.exchange import Headers, header
from certify.signing.strict import base64url

ALGORITHM = "ES256"


class Proofs:
    """Makes proofs with one key, and learns nonces. Thread-safe."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._public: dict[str, Any] = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self._key.public_key()))
        self._nonces: dict[str, str] = {}

    def sign(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> dict[str, str]:
        """The proof for one request (§4.2); ``ath`` binds it to the token that the request carries (§7)."""
        origin = _origin(url)
        claims: dict[str, Any] = {
            "jti": uuid.uuid4().hex,
            "htm": method,
            "htu": origin + (urlsplit(url).path or "/"),
            "iat": int(time.time()),
        }
        scheme, _, token = (header(tuple(headers.items()), "Authorization") or "").partition(" ")
        if scheme.lower() == "dpop":
            claims["ath"] = base64url(hashlib.sha256(token.encode()).digest())
        if nonce := self._nonces.get(origin):
            claims["nonce"] = nonce
        proof = jwt.encode(claims, self._key, ALGORITHM, headers={"typ": "dpop+jwt", "jwk": self._public})
        return {"DPoP": proof}

    def heard(self, url: str, status: int, headers: Headers, body: bytes) -> bool:
        """Remember a nonce; true where the request was refused for the want of it (§8, §9)."""
        nonce = header(headers, "DPoP-Nonce")
        if not nonce:
            return False
        self._nonces[_origin(url)] = nonce
        challenge = (header(headers, "WWW-Authenticate") or "").encode()
        return status in (400, 401) and (b"use_dpop_nonce" in challenge or b"use_dpop_nonce" in body)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
