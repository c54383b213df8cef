"""A conversation with the token endpoint of OAuth 2.0, shared by the grants: client proof, DPoP, and what it gives."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

from certify.http.call import Reply
from certify.http.credentials import Credentials
from certify.http.signin.dpop import Proofs
from certify.http.signin.interface import Means
from certify.http.signin.refusal import asked, refused, usable_token
from certify.http.token_request import client_auth, client_proof, grant_request
from certify.model.partner import Identity

LIFETIME_S = 300.0
"""Seconds that a token is taken to live where the answer does not say (RFC 6749 §5.1: expires_in is optional)."""
LONGEST_S = 86_400.0
"""Seconds that any token is taken to live: no run is longer, and a partner may name any number."""
USED = 0.8
"""The share of a token's life after which it is renewed: a request in flight never carries one that ends on the way."""
_SPOKEN = {
    **dict.fromkeys(("basic", "post", "client_secret_jwt"), "secret"),
    **{"private_key_jwt": "private key or key_id", "tls": "certificate", "none": "registration"},
}


class TokenEndpoint:
    """Exchanges grants for credentials. It remembers refresh tokens, and the DPoP key of each identity."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._refresh: dict[str, str] = {}
        self._proofs: dict[str, Proofs] = {}

    def grant(self, identity: Identity, form: Mapping[str, str]) -> Credentials:
        """Credentials for a grant. Raises :class:`SandboxUnreachableError` with ranked causes where it is refused."""
        reply = self._ask(identity, form)
        token = reply.at("/access_token")
        if not reply.ok or not usable_token(token):
            raise refused(self._means, identity, reply, self._causes(identity))
        return self._credentials(identity, reply, str(token))

    def renew(self, identity: Identity) -> Credentials | None:
        """Credentials by the refresh token that is held (RFC 6749 §6); None where there is none, or it is refused.

        A refused refresh token is forgotten. One that is given in its place is the one to use (RFC 9700 §4.14.2).
        """
        held = self._refresh.pop(identity.name, "")
        if not held:
            return None
        reply = self._ask(identity, {"grant_type": "refresh_token", "refresh_token": held})
        token = reply.at("/access_token")
        if not reply.ok or not usable_token(token):
            return None
        self._refresh[identity.name] = held
        return self._credentials(identity, reply, str(token))

    def keep_unless_rotated(self, identity: Identity, refresh_token: str) -> None:
        """Hold a refresh token that was used, where none was given in its place."""
        self._refresh.setdefault(identity.name, refresh_token)

    def _ask(self, identity: Identity, form: Mapping[str, str]) -> Reply:
        secrets = self._means.secrets.get(identity.name, {})
        partner = self._means.partner
        call = grant_request(partner, identity, client_proof(partner, secrets), form)
        self._means.wire.redactor.learn(str(form.get("code", "")))
        bare = Credentials({}, certificate=self._means.certificate(identity))
        return asked(self._means, call, identity, self._bound(identity, bare))

    def _credentials(self, identity: Identity, reply: Reply, token: str) -> Credentials:
        if isinstance(refresh := reply.at("/refresh_token"), str):
            self._refresh[identity.name] = refresh
            self._means.wire.redactor.learn(refresh)
        seconds = lifetime(reply.at("/expires_in"))
        kind = str(reply.at("/token_type")).lower()
        scheme = "DPoP" if kind == "dpop" and self._means.partner.sign_in.settings.get("dpop") else "Bearer"
        certificate = self._means.certificate(identity)
        bearer = Credentials(
            {"Authorization": f"{scheme} {token}"}, token, time.time() + seconds * USED, certificate=certificate
        )
        return self._bound(identity, bearer) if scheme == "DPoP" else bearer

    def _bound(self, identity: Identity, credentials: Credentials) -> Credentials:
        """The credentials with a DPoP proof on each request, where the profile asks for it (RFC 9449 §5, §7)."""
        if not self._means.partner.sign_in.settings.get("dpop"):
            return credentials
        proofs = self._proofs.setdefault(identity.name, Proofs())
        return replace(credentials, sign=proofs.sign, heard=proofs.heard)

    def _causes(self, identity: Identity) -> dict[str, str]:
        method = client_auth(self._means.partner)
        return {
            "invalid_client": f"the client id or its {_SPOKEN[method]} is wrong, or clients authenticate another way "
            f"(sign_in.client_auth is {method})",
            "invalid_scope": f"the client may not ask for one of the scopes of identity {identity.name!r}",
            "invalid_grant": "the code or refresh token was used before, has expired, or belongs to another client",
            "unauthorized_client": "the client is not registered for this grant",
            "unsupported_grant_type": "the token endpoint does not offer this grant: another sign_in.kind is needed",
            "invalid_request": "a parameter is missing (sign_in.parameters: audience, resource …), or the client may "
            "not use this grant",
            "invalid_dpop_proof": "the server does not take our proof of possession: is its clock right?",
            "invalid_target": "sign_in.parameters names an audience or resource that the server does not know",
            "": "sign_in.token_url does not point at the token endpoint",
        }


def lifetime(told: object) -> float:
    """Seconds that a token is taken to live: what the answer told, if that can be one (RFC 6749 §5.1), at most a day.

    A life that is over before it began would mean one sign-in for each request.
    """
    if isinstance(told, bool) or not isinstance(told, (int, float)) or not told > 0:  # NaN is not greater either
        return LIFETIME_S
    return float(min(told, LONGEST_S))
