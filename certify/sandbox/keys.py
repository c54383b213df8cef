"""Signing keys, each bound to one algorithm (RFC 8725 §3.1), and the TEST ONLY files they come from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from certify.sandbox.places import KEYS

ALGORITHMS = {"RS256": RSAAlgorithm(RSAAlgorithm.SHA256), "ES256": ECAlgorithm(ECAlgorithm.SHA256)}

PLATFORM_ISSUER = "https://issuer.platform.example"
AUDIENCE = "https://api.partner.example"
OWN_KEY_ID = "sandbox-es256-1"


@dataclass(frozen=True)
class Key:
    """A public key that verifies one algorithm only."""

    key_id: str
    algorithm: str
    material: Any

    def verifies(self, signed: bytes, signature: bytes) -> bool:
        """RFC 7515 §5.2. Whatever is wrong with a signature, it is simply not valid."""
        try:
            return bool(ALGORITHMS[self.algorithm].verify(signed, self.material, signature))
        except (ValueError, TypeError):
            return False


@cache
def platform_keys() -> tuple[Key, ...]:
    """The keys of the platform issuer, as its JWKS publishes them."""
    rows = json.loads((KEYS / "TEST-ONLY-platform-jwks.json").read_text(encoding="utf-8"))["keys"]
    return tuple(Key(row["kid"], row["alg"], ALGORITHMS[row["alg"]].from_jwk(row)) for row in rows)


@cache
def own_private_key() -> Any:
    """The key with which the sandbox's own authorization server signs."""
    return ALGORITHMS["ES256"].prepare_key((KEYS / "TEST-ONLY-sandbox-es256.pem").read_bytes())


@cache
def own_keys() -> tuple[Key, ...]:
    """The public half of :func:`own_private_key`."""
    return (Key(OWN_KEY_ID, "ES256", own_private_key().public_key()),)


@cache
def own_jwk() -> dict[str, str]:
    """The public half as RFC 7517 writes it."""
    row = ECAlgorithm.to_jwk(own_keys()[0].material, as_dict=True)
    return {
        "kty": "EC",
        "use": "sig",
        "alg": "ES256",
        "kid": OWN_KEY_ID,
        "crv": row["crv"],
        "x": row["x"],
        "y": row["y"],
    }


def client_secret(client_id: str) -> str:
    """The TEST ONLY secret of a client."""
    return (KEYS / f"TEST-ONLY-{client_id}.secret").read_text(encoding="utf-8").strip()
