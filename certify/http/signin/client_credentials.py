"""OAuth 2.0 client credentials (RFC 6749 §4.4), with every way in which a client can prove itself."""

from __future__ import annotations

from certify.http.signin.interface import Credentials, Flow, Means
from certify.http.signin.token_endpoint import TokenEndpoint
from certify.model.partner import Identity


class ClientCredentials(Flow):
    """Client id and its proof for an access token at the token endpoint (RFC 6749 §4.4)."""

    kind = "client_credentials"
    converses = renewable = True

    def __init__(self, means: Means) -> None:
        super().__init__(means)
        self._endpoint = TokenEndpoint(means)

    def sign_in(self, identity: Identity) -> Credentials:
        scope = {"scope": " ".join(identity.scopes)} if identity.scopes else {}
        return self._endpoint.grant(identity, {"grant_type": "client_credentials", **scope})
