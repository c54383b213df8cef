"""Keys of people and pipelines, made for a test: the private key that signs, and what a verifier trusts it for."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from certify.model.certificate import Provenance
from certify.signing.algorithms import EDDSA
from certify.signing.jwk import thumbprint
from certify.signing.key_set import KeySet, Status, TrustedKey, Use
from certify.signing.keyring import SigningKey


def person(
    owner: str,
    *uses: Use,
    roles: tuple[str, ...] = (),
    alg: str = EDDSA,
    provenance: Provenance = Provenance.PRACTICE,
    status: Status = "active",
    retired: float = 0.0,
) -> tuple[SigningKey, TrustedKey]:
    """A new key of somebody, and the entry of it in a verifier's key set."""
    private = ed25519.Ed25519PrivateKey.generate() if alg == EDDSA else ec.generate_private_key(ec.SECP256R1())
    public = private.public_key()
    kid = thumbprint(public)
    trusted = TrustedKey(kid, alg, public, owner, uses, roles, provenance, status, retired)
    return SigningKey(kid, alg, private, owner), trusted


def trusting(*keys: TrustedKey) -> KeySet:
    """A verifier's key set."""
    return KeySet(keys, "keys.jwks.json")
