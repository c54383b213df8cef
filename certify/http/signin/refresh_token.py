"""Sign-in with a refresh token that somebody got by hand (RFC 6749 §6); rotation is followed."""

from __future__ import annotations

from certify.http.signin.interface import Credentials, Flow, Means
from certify.http.signin.token_endpoint import TokenEndpoint
from certify.model.partner import Identity


class RefreshToken(Flow):
    """A refresh token for an access token at the token endpoint (RFC 6749 §6)."""

    kind = "refresh_token"
    converses = renewable = True

    def __init__(self, means: Means) -> None:
        super().__init__(means)
        self._endpoint = TokenEndpoint(means)

    def sign_in(self, identity: Identity) -> Credentials:
        form = {"grant_type": "refresh_token", "refresh_token": self.secret(identity, "refresh_token")}
        credentials = self._endpoint.grant(identity, form)
        self._endpoint.keep_unless_rotated(identity, form["refresh_token"])
        return credentials

    def renew(self, identity: Identity) -> Credentials:
        return self._endpoint.renew(identity) or self.sign_in(identity)
