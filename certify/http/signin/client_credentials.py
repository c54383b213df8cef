"""OAuth 2.0 client credentials (RFC 6749 §4.4), with HTTP basic or the secret in the form (§2.3.1)."""

from __future__ import annotations

import time

from certify.errors import SandboxUnreachableError
from certify.http.call import Reply
from certify.http.signin.interface import Credentials, Flow
from certify.http.token_request import token_request
from certify.http.wire import TransportError, unreachable
from certify.model.partner import Identity


class ClientCredentials(Flow):
    """Client id and secret for an access token at the token endpoint (RFC 6749 §4.4)."""

    kind = "client_credentials"

    def sign_in(self, identity: Identity) -> Credentials:
        call = token_request(self.means.partner, identity, self.secret(identity, "client_secret"))
        try:
            reply = self.means.wire.send(call, {}, identity=identity.name, purpose="sign-in")
        except TransportError as error:
            raise unreachable(call.path, error) from None
        token = reply.at("/access_token")
        if not reply.ok or not isinstance(token, str):
            raise refused(identity, reply)
        lifetime = reply.at("/expires_in")
        seconds = float(lifetime) if isinstance(lifetime, (int, float)) else 300.0
        # Renew well before the end, so that a request in flight never carries a token that expires on the way.
        return Credentials({"Authorization": f"Bearer {token}"}, token, time.time() + seconds * 0.8)


def refused(identity: Identity, reply: Reply) -> SandboxUnreachableError:
    """The error for a sign-in that the partner refused, with the likely causes in order."""
    code = reply.at("/error")
    said = f"{reply} {code}" if isinstance(code, str) else str(reply)
    causes = {
        "invalid_client": "the client id or its secret is wrong, or clients authenticate another way "
        "(sign_in.client_auth: basic or post)",
        "invalid_scope": f"the client may not ask for one of the scopes of identity {identity.name!r}",
        "unauthorized_client": "the client is not registered for the client credentials grant",
    }
    ranked = [causes[code]] if isinstance(code, str) and code in causes else list(causes.values())
    return SandboxUnreachableError(
        f"identity {identity.name!r} cannot sign in at {reply.call.path}: {said}",
        [*ranked, "sign_in.token_url does not point at the token endpoint"],
    )
