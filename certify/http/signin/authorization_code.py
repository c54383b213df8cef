"""OAuth 2.0 authorization code with PKCE (RFC 6749 §4.1, RFC 7636), the person's part played from a script.

The state, and where the server sends one its issuer (RFC 9207), are compared before the code is used. The refresh
token, where one is given, renews the sign-in; a refused one leads to a full sign-in.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from certify.errors import SandboxUnreachableError
from certify.http.credentials import Credentials
from certify.http.signin.consent import Consent
from certify.http.signin.interface import Flow, Means
from certify.http.signin.token_endpoint import TokenEndpoint
from certify.http.token_request import client_id
from certify.model.partner import Identity
from certify.signing.strict import base64url


class AuthorizationCode(Flow):
    """A person's sign-in and consent, from a script, for an access token (RFC 6749 §4.1, with PKCE, RFC 7636)."""

    kind = "authorization_code"
    converses = renewable = True

    def __init__(self, means: Means) -> None:
        super().__init__(means)
        self._endpoint = TokenEndpoint(means)

    def sign_in(self, identity: Identity) -> Credentials:
        redirect_uri, state = str(self.settings["redirect_uri"]), secrets.token_urlsafe(24)
        verifier = secrets.token_urlsafe(48)
        for secret in (state, verifier):
            self.means.wire.redactor.learn(secret)
        start = self._start(identity, redirect_uri, state, verifier)
        steps: Sequence[Mapping[str, Any]] = self.settings.get("consent", ())
        arrived = Consent(self.means, identity, redirect_uri).walk(start, steps, self._values(identity))
        code = self._code(identity, dict(parse_qsl(urlsplit(arrived).query)), state)
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        return self._endpoint.grant(identity, {**form, "code_verifier": verifier})

    def renew(self, identity: Identity) -> Credentials:
        return self._endpoint.renew(identity) or self.sign_in(identity)

    def _start(self, identity: Identity, redirect_uri: str, state: str, verifier: str) -> str:
        """The authorization request (RFC 6749 §4.1.1), with the challenge of its verifier (RFC 7636 §4.2)."""
        query = {
            "response_type": "code",
            "client_id": client_id(identity),
            "redirect_uri": redirect_uri,
            "state": state,
            "code_challenge": base64url(hashlib.sha256(verifier.encode()).digest()),
            "code_challenge_method": "S256",
            **({"scope": " ".join(identity.scopes)} if identity.scopes else {}),
            **self.settings.get("authorize_parameters", {}),
        }
        address = str(self.settings["authorize_url"])
        return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"

    def _values(self, identity: Identity) -> dict[str, str]:
        username = identity.settings.get("username", identity.name)
        return {"username": username, "password": self.secret(identity, "password"), "tenant": identity.tenant}

    def _code(self, identity: Identity, answer: Mapping[str, str], state: str) -> str:
        """The code of an authorization response (RFC 6749 §4.1.2), after what it must be compared with."""
        if "error" in answer:
            said = self.means.wire.redactor.text(f"{answer['error']} {answer.get('error_description', '')}".strip())
            raise self._refused(identity, said[:200], ["a scope, or the client itself, may not do this"])
        if answer.get("state") != state:
            raise self._refused(
                identity, "the state that came back is not ours", ["RFC 6749 §4.1.2: return it as sent"]
            )
        issuer = self.settings.get("issuer")
        if issuer and "iss" in answer and answer["iss"] != issuer:
            said = f"iss is {answer['iss'][:100]!r}, and the profile says {issuer!r}"
            raise self._refused(identity, said, ["sign_in.issuer is wrong, or somebody answers in its name (RFC 9207)"])
        if not answer.get("code"):
            raise self._refused(identity, "no code came back", ["the client is registered for another response_type"])
        return answer["code"]

    def _refused(self, identity: Identity, said: str, causes: Sequence[str]) -> SandboxUnreachableError:
        where = self.settings["authorize_url"]
        return SandboxUnreachableError(f"identity {identity.name!r} cannot sign in at {where}: {said}", list(causes))
