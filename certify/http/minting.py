"""Access tokens that certify mints itself, as the platform's issuer, and every part of one that a check may spoil.

Times are relative to the *server's* clock: ``offset`` (seconds the server is ahead of us) is measured before minting.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import jwt

from certify.model.partner import Identity, PlatformTokens
from certify.signing.strict import base64url


@dataclass(frozen=True)
class Token:
    """A token before it is signed: header, claims, and the key (PEM) and algorithm that will sign it."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    key: str = field(repr=False)
    algorithm: str

    def claim(self, **changes: Any) -> Token:
        """The same token with other claims; a value of None removes the claim."""
        merged = {**self.claims, **changes}
        return replace(self, claims={name: value for name, value in merged.items() if value is not None})

    def head(self, **changes: Any) -> Token:
        """The same token with other header parameters; a value of None removes the parameter."""
        merged = {**self.header, **changes}
        return replace(self, header={name: value for name, value in merged.items() if value is not None})

    def signing_input(self) -> str:
        """``BASE64URL(header).BASE64URL(payload)`` (RFC 7515 §5.1)."""
        parts = (json.dumps(part, separators=(",", ":")).encode() for part in (self.header, self.claims))
        return ".".join(base64url(part) for part in parts)

    def signature(self) -> bytes:
        algorithm = jwt.get_algorithm_by_name(self.algorithm)
        return algorithm.sign(self.signing_input().encode(), _prepared(self.algorithm, self.key))

    def compact(self) -> str:
        """The compact serialisation (RFC 7515 §7.1)."""
        return f"{self.signing_input()}.{base64url(self.signature())}"


@cache
def _prepared(algorithm: str, key: str) -> Any:
    # Reading a private key proves it first, which takes far longer than a signature.
    return jwt.get_algorithm_by_name(algorithm).prepare_key(key)


class Minter:
    """Mints tokens for the identities of a profile. ``keys`` are PEM texts by algorithm."""

    def __init__(
        self, settings: PlatformTokens, keys: Mapping[str, str], clock: Callable[[], float] = time.time
    ) -> None:
        self.settings = settings
        self.offset = 0.0
        self._keys, self._clock = keys, clock

    def now(self) -> int:
        """The server's time in whole seconds, never ahead of it: a token of the future may be refused."""
        return int(self._clock() + self.offset)

    def token(self, identity: Identity, algorithm: str = "", scopes: tuple[str, ...] | None = None) -> Token:
        """A valid token for an identity, unsigned. ``algorithm`` defaults to the first that the profile declares."""
        algorithm = algorithm or self.settings.algorithms[0]
        header = {"alg": algorithm, "typ": "at+jwt" if self.settings.rfc9068 else "JWT"}
        if key_id := self.settings.key_ids.get(algorithm):
            header["kid"] = key_id
        return Token(header, self._claims(identity, scopes), self._keys[algorithm], algorithm)

    def _claims(self, identity: Identity, scopes: tuple[str, ...] | None) -> dict[str, Any]:
        now = self.now()
        values = {
            "subject": identity.subject or identity.name,
            "tenant": identity.tenant,
            "client_id": identity.settings.get("client_id", identity.name),
            "scope": " ".join(identity.scopes if scopes is None else scopes),
        }
        template = self.settings.claims or {"sub": "{subject}", "scope": "{scope}"}
        custom = {name: text.format_map(values) for name, text in template.items()}
        return {
            "iss": self.settings.issuer,
            "aud": self.settings.audience,
            "iat": now,
            "exp": now + self.settings.lifetime_s,
            "jti": uuid.uuid4().hex,
            **custom,
        }
