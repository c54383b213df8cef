"""Who signs: a private key, and what a key set says of it.

    signatory("env:CERTIFY_SIGNING_KEY", Use.CERTIFICATE, jwks="https://platform.example/jwks.json")

The key set is the one that verifiers use, or the one beside the key's file. Where it says that the key may not sign
this, signing is refused here and now, and not months later at a gate.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from certify.errors import KeyMaterialError
from certify.model.certificate import Provenance
from certify.signing.key_set import KeySet, TrustedKey, Use, load_key_set
from certify.signing.keyring import KEY_SET, VARIABLE, SigningKey, load_signing_key


@dataclass(frozen=True)
class Signatory:
    """``known`` is what the key set says of the key, None where there is none or it does not hold it; ``issuer`` the
    name under which it signs, empty: the owner's."""

    key: SigningKey
    known: TrustedKey | None = None
    issuer: str = ""

    @property
    def name(self) -> str:
        """Under which name it signs: the one given, else the owner's, else the key's own."""
        owner = self.known.owner if self.known else self.key.owner
        return self.issuer or owner or f"key {self.key.short}"

    @property
    def gated(self) -> bool:
        """Whether the key is named as one that only a pipeline can use."""
        return self.known is not None and self.known.provenance is Provenance.GATED


def signatory(reference: str, use: Use, *, jwks: str = "", issuer: str = "") -> Signatory:
    """The key of ``FILE`` or ``env:NAME``. Raises :class:`KeyMaterialError` where it cannot be had, or may not sign."""
    key, keys = load_signing_key(reference), key_set_for(reference, jwks)
    known = keys.of(key.kid) if keys else None
    if known is not None and keys is not None:
        _refuse_unfit(known, use, keys.place)
    elif jwks:
        raise KeyMaterialError(
            f"{jwks} does not hold key {key.short}: nobody who verifies with it would believe what this key signs",
            ["sign with a key that is in it, or have the public half of this one added (certify keys jwks)"],
        )
    return Signatory(key, known, issuer)


def key_set_for(reference: str, jwks: str = "") -> KeySet | None:
    """The key set that was named, or else the one beside the key's file, or else none."""
    if jwks:
        return load_key_set(jwks)
    beside = None if reference.startswith(VARIABLE) else Path(reference).parent / KEY_SET
    return load_key_set(str(beside)) if beside and beside.is_file() else None


def _refuse_unfit(known: TrustedKey, use: Use, place: str) -> None:
    named = f"key {known.short} of {known.owner or 'nobody named'}"
    if not known.in_force(time.time()):
        raise KeyMaterialError(f"{named} is {known.status} in {place}: what it signs now is refused", [_ANOTHER])
    if use not in known.uses:
        uses = " and ".join(f"{item}s" for item in known.uses) or "nothing"
        raise KeyMaterialError(f"{named} may sign {uses}, and no {use}, by {place}", [_ANOTHER])


_ANOTHER = "sign with another key; `certify keys list` names yours, and what each may sign"
