"""Access tokens: what makes one valid here (RFC 9068 §4, RFC 8725, RFC 7519).

Validation is a list of named statements about a token; each holds or raises :class:`RefusedTokenError`. What cannot
change (signature, issuer, audience …) is decided once per token and remembered, what is about time on every call.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from certify.sandbox.call import Caller
from certify.sandbox.clock import Clock
from certify.sandbox.keys import ALGORITHMS, Key

TYPES = ("at+jwt", "application/at+jwt", "jwt")
REMEMBERED_TOKENS = 4096


class RefusedTokenError(Exception):
    """The token is not valid here; says which statement does not hold."""


@dataclass(frozen=True)
class Token:
    """A token taken apart, with nothing about it believed yet."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    signed: bytes
    signature: bytes


Statement = Callable[[Token], None]


class Verifier:
    """Holds every statement against a token. ``issuers`` maps each trusted issuer to its own keys."""

    def __init__(self, audience: str, issuers: Mapping[str, tuple[Key, ...]], clock: Clock, leeway_s: int = 30) -> None:
        self.audience = audience
        self.issuers = issuers
        self.clock = clock
        self.leeway_s = leeway_s
        self.keys_for: Callable[[Token], Iterable[Key]] = self._keys_of_its_issuer
        self.lasting: dict[str, Statement] = {
            "type": self._has_a_token_type,
            "extensions": self._needs_no_extension,
            "algorithm": self._has_a_declared_algorithm,
            "issuer": self._is_from_a_trusted_issuer,
            "signature": self._is_signed_by_its_issuer,
            "audience": self._is_meant_for_us,
            "subject": self._names_who_and_whose,
        }
        self.passing: dict[str, Statement] = {
            "expiry": self._has_not_expired,
            "start": self._has_begun,
        }
        self._believed: dict[str, tuple[Token, Caller]] = {}

    def verify(self, raw: str) -> Caller:
        """Who the token speaks for, or :class:`RefusedTokenError`."""
        if raw not in self._believed:
            self._believe(raw)
        token, caller = self._believed[raw]
        for holds in self.passing.values():
            holds(token)
        return caller

    def _believe(self, raw: str) -> None:
        token = take_apart(raw)
        for holds in self.lasting.values():
            holds(token)
        if len(self._believed) >= REMEMBERED_TOKENS:
            self._believed.clear()
        self._believed[raw] = (token, caller_of(token.claims))

    def _has_a_token_type(self, token: Token) -> None:
        """RFC 9068 §4 wants ``at+jwt``; ``JWT`` is let in for issuers that are older than it. Never an ID token's."""
        kind = token.header.get("typ", "JWT")
        _require(isinstance(kind, str) and kind.lower() in TYPES, "typ")

    def _needs_no_extension(self, token: Token) -> None:
        """RFC 7515 §4.1.11: an extension that is marked critical and not understood refuses the token."""
        _require("crit" not in token.header, "crit")

    def _has_a_declared_algorithm(self, token: Token) -> None:
        """RFC 8725 §3.1: an allow-list, compared as it is written."""
        algorithm = token.header.get("alg")
        _require(isinstance(algorithm, str) and algorithm in ALGORITHMS, "alg")

    def _is_from_a_trusted_issuer(self, token: Token) -> None:
        """RFC 9068 §4: "The issuer identifier … MUST exactly match the value of the iss claim"."""
        issuer = token.claims.get("iss")
        _require(isinstance(issuer, str) and issuer in self.issuers, "iss")

    def _is_signed_by_its_issuer(self, token: Token) -> None:
        """RFC 8725 §3.8: the key belongs to the issuer that the token names, and to the algorithm that it names."""
        candidates = [key for key in self.keys_for(token) if key.algorithm == token.header.get("alg")]
        wanted = token.header.get("kid")
        fitting = [key for key in candidates if wanted is None or key.key_id == wanted]
        _require(any(key.verifies(token.signed, token.signature) for key in fitting), "signature")

    def _keys_of_its_issuer(self, token: Token) -> Iterable[Key]:
        return self.issuers.get(token.claims.get("iss", ""), ())

    def _is_meant_for_us(self, token: Token) -> None:
        """RFC 7519 §4.1.3: one audience as a string, or several as an array; compared exactly."""
        audience = token.claims.get("aud")
        _require(self.audience in audience if isinstance(audience, list) else audience == self.audience, "aud")

    def _names_who_and_whose(self, token: Token) -> None:
        for name in ("sub", "tenant"):
            value = token.claims.get(name)
            _require(isinstance(value, str) and 0 < len(value) <= 255, name)
        for name in ("scope", "client_id"):
            _require(isinstance(token.claims.get(name, ""), str), name)

    def _has_not_expired(self, token: Token) -> None:
        """RFC 7519 §4.1.4, with the leeway of the contract. Every token has an end (RFC 9068 §2.2)."""
        expires = token.claims.get("exp")
        _require(is_moment(expires) and expires + self.leeway_s > self.clock.now(), "exp")

    def _has_begun(self, token: Token) -> None:
        """RFC 7519 §4.1.5."""
        starts = token.claims.get("nbf", 0)
        _require(is_moment(starts) and self.clock.now() >= starts - self.leeway_s, "nbf")


def _require(holds: bool, statement: str) -> None:
    if not holds:
        raise RefusedTokenError(statement)


def is_moment(value: Any) -> TypeGuard[float]:
    """A NumericDate (RFC 7519 §2): a JSON number, which ``true`` is not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def caller_of(claims: Mapping[str, Any]) -> Caller:
    """The caller that believed claims describe. Unknown claims are ignored (RFC 7519 §4)."""
    subject = claims["sub"]
    return Caller(
        subject=subject,
        client_id=claims.get("client_id") or subject,
        tenant=claims["tenant"],
        scopes=tuple(claims.get("scope", "").split(" ")),
    )


def take_apart(raw: str) -> Token:
    """The three parts of a JWS in compact form (RFC 7515 §7.1), decoded and nothing more."""
    parts = raw.split(".")
    if len(parts) != 3:
        raise RefusedTokenError("form")
    header, claims = (_json_object(part) for part in parts[:2])
    return Token(header, claims, ".".join(parts[:2]).encode("ascii"), _base64url(parts[2]))


def _json_object(part: str) -> Mapping[str, Any]:
    try:
        document = json.loads(_base64url(part))
    except (ValueError, RecursionError) as error:
        raise RefusedTokenError("form") from error
    if not isinstance(document, dict):
        raise RefusedTokenError("form")
    return document


def _base64url(part: str) -> bytes:
    """RFC 7515 §2: no padding, and one spelling only, so that a changed last character is a changed token."""
    try:
        decoded = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise RefusedTokenError("form") from error
    if base64.urlsafe_b64encode(decoded).rstrip(b"=") != part.encode("ascii", "replace"):
        raise RefusedTokenError("form")
    return decoded
