"""The sandbox's own authorization server: client credentials in, access tokens out (RFC 6749 §4.4, RFC 9068)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any

import jwt

from certify.sandbox.clock import Clock
from certify.sandbox.ids import Ids
from certify.sandbox.keys import AUDIENCE, OWN_KEY_ID, client_secret, own_private_key

LIFETIME_S = 600


@dataclass(frozen=True)
class Client:
    """A registered client: the tenant it acts for, and the scopes it may have, in the contract's order."""

    id: str
    tenant: str
    scopes: tuple[str, ...]

    @property
    def secret(self) -> str:
        return client_secret(self.id)


class OAuthError(Exception):
    """An error of RFC 6749 §5.2. ``status`` is 400, or 401 for ``invalid_client``."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(code)
        self.code = code
        self.description = description
        self.status = 401 if code == "invalid_client" else 400


class AuthorizationServer:
    """Knows the clients, and signs tokens for them."""

    def __init__(self, issuer: str, clients: tuple[Client, ...], clock: Clock, ids: Ids) -> None:
        self.issuer = issuer
        self.clients = {client.id: client for client in clients}
        self._secrets = {client.id: client.secret for client in clients}
        self._clock = clock
        self._ids = ids

    def authenticate(self, client_id: str, secret: str) -> Client:
        """The client, if the secret is its own; unknown clients and wrong secrets look alike."""
        expected = self._secrets.get(client_id, "")
        if client_id in self.clients and self.secret_matches(secret, expected):
            return self.clients[client_id]
        raise OAuthError("invalid_client", "Client authentication failed.")

    def secret_matches(self, given: str, expected: str) -> bool:
        return hmac.compare_digest(given.encode(), expected.encode())

    def grant_scopes(self, client: Client, asked: str) -> tuple[str, ...]:
        """All scopes of the client, or those it asks for, if it may have them (RFC 6749 §3.3)."""
        if not asked:
            return client.scopes
        wanted = asked.split(" ")
        if not set(wanted) <= set(client.scopes):
            raise OAuthError("invalid_scope", "The client may not have this scope.")
        return tuple(scope for scope in client.scopes if scope in wanted)

    def token_response(self, client: Client, scopes: tuple[str, ...]) -> dict[str, Any]:
        """RFC 6749 §5.1, and no refresh token (§4.4.3)."""
        return {
            "access_token": self._sign(client, scopes),
            "token_type": "Bearer",
            "expires_in": LIFETIME_S,
            "scope": " ".join(scopes),
        }

    def _sign(self, client: Client, scopes: tuple[str, ...]) -> str:
        """The claims of RFC 9068 §2.2; the subject of such a grant is the client itself."""
        now = int(self._clock.now())
        claims = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": client.id,
            "client_id": client.id,
            "tenant": client.tenant,
            "scope": " ".join(scopes),
            "iat": now,
            "exp": now + LIFETIME_S,
            "jti": self._ids.next(),
        }
        return jwt.encode(claims, own_private_key(), "ES256", headers={"typ": "at+jwt", "kid": OWN_KEY_ID})
