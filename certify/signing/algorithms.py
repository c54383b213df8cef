"""The two algorithms: EdDSA with Ed25519 (RFC 8037), and ES256 (RFC 7518 §3.4).

Which one applies is a property of a key and never of what a token says of itself (RFC 8725 §3.1). An ECDSA signature
has a twin that verifies as well (s and n - s). It is let pass, because nothing hangs on the bytes of a signature: an
approval names the digest of the whole certificate, so it does not count for the twin; a revocation names the
certificate's id, so it counts for the twin too. Ed25519 has no twins (RFC 8032 §5.1.7).
"""

from __future__ import annotations

from typing import TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

EDDSA, ES256 = "EdDSA", "ES256"

PrivateKey: TypeAlias = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey
PublicKey: TypeAlias = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey


def algorithm_of(key: object) -> str:
    """The one algorithm that a key, private or public, is for; empty where we use no such keys."""
    match key:
        case ed25519.Ed25519PrivateKey() | ed25519.Ed25519PublicKey():
            return EDDSA
        case ec.EllipticCurvePrivateKey() | ec.EllipticCurvePublicKey() if isinstance(key.curve, ec.SECP256R1):
            return ES256
        case _:
            return ""


def signed(key: PrivateKey, data: bytes) -> bytes:
    """A signature as supply-chain tools write it: of ECDSA, the DER form (RFC 3279 §2.2.3)."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(data)
    return key.sign(data, ec.ECDSA(SHA256()))


def verifies(key: PublicKey, data: bytes, signature: bytes) -> bool:
    """Whether a signature, of ECDSA in DER form, is one of the key over the data."""
    try:
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, data)
        else:
            key.verify(signature, data, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def verifies_jose(key: PublicKey, data: bytes, signature: bytes) -> bool:
    """The same for a JWS, where a signature of ECDSA is r and s side by side, 32 bytes each (RFC 7518 §3.4)."""
    if len(signature) != 64:
        return False
    if isinstance(key, ec.EllipticCurvePublicKey):
        numbers = (int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
        signature = encode_dss_signature(*numbers)
    return verifies(key, data, signature)
