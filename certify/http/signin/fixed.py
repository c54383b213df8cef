"""Sign-in without a conversation: nothing, a fixed bearer token, HTTP basic, an API key."""

from __future__ import annotations

import base64

from certify.http.signin.interface import Credentials, Flow
from certify.model.partner import Identity


class NoSignIn(Flow):
    """The API is open."""

    kind = "none"

    def sign_in(self, identity: Identity) -> Credentials:
        return Credentials({})


class Bearer(Flow):
    """A token that somebody issued by hand (RFC 6750 §2.1)."""

    kind = "bearer"

    def sign_in(self, identity: Identity) -> Credentials:
        token = self.secret(identity, "token")
        return Credentials({"Authorization": f"Bearer {token}"}, token)


class Basic(Flow):
    """User name and password (RFC 7617 §2)."""

    kind = "basic"

    def sign_in(self, identity: Identity) -> Credentials:
        pair = f"{identity.settings.get('username', identity.name)}:{self.secret(identity, 'password')}"
        return Credentials({"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()})


class ApiKey(Flow):
    """A key in a header, a query parameter or a cookie, as ``sign_in.header``, ``query`` or ``cookie`` names it."""

    kind = "api_key"

    def sign_in(self, identity: Identity) -> Credentials:
        key, settings = self.secret(identity, "api_key"), self.settings
        if name := settings.get("query"):
            return Credentials({}, query=((str(name), key),))
        if name := settings.get("cookie"):
            return Credentials({}, cookies={str(name): key})
        return Credentials({str(settings.get("header", "X-API-Key")): key})


class MutualTls(Flow):
    """A client certificate and nothing else (RFC 8705 §2, RFC 8446 §4.4.2); with any other kind it comes on top."""

    kind = "mutual_tls"

    def sign_in(self, identity: Identity) -> Credentials:
        return Credentials({})
