"""What ``--since`` stands on: a certificate, and the keys by which it is believed."""

from __future__ import annotations

from pathlib import Path

from certify.certificate.signatory import key_set_for
from certify.errors import UsageError
from certify.pipeline import Basis
from certify.signing.key_set import load_key_set


def basis(since: Path | None, key: str | None, jwks: str) -> Basis | None:
    """None without ``--since``. The key set is the one named, or the one beside the key that signs."""
    if since is None:
        return None
    keys = key_set_for(key, jwks) if key is not None else load_key_set(jwks) if jwks else None
    if keys is None:
        raise UsageError(
            f"no key set says who signed {since}",
            ["name the one that you trust with --jwks: a certificate proves nothing"],
        )
    return Basis(since, keys)
