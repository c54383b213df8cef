"""The token request of OAuth 2.0 client credentials (RFC 6749 §4.4.2), for signing in and for the checks of it."""

from __future__ import annotations

import base64
from urllib.parse import quote_plus

from certify.http.call import Call
from certify.model.partner import Identity, Partner

FORM = "application/x-www-form-urlencoded"


def token_request(partner: Partner, identity: Identity, secret: str, scopes: tuple[str, ...] | None = None) -> Call:
    """The request that gets an identity its token, with HTTP basic or the secret in the form (RFC 6749 §2.3.1).

    ``scopes`` replaces those of the identity; where there are none, the parameter is left out.
    """
    wanted = identity.scopes if scopes is None else scopes
    form = {"grant_type": "client_credentials", **({"scope": " ".join(wanted)} if wanted else {})}
    call = Call("POST", partner.sign_in.token_url, media_type=FORM, body=form, expects=(200,))
    return with_client(partner, call, client_id(identity), secret)


def with_client(partner: Partner, call: Call, client: str, secret: str) -> Call:
    """A token request that a client signs in the way the profile says."""
    if partner.sign_in.settings.get("client_auth", "basic") == "basic":
        return call.with_header("Authorization", basic(client, secret))
    return call.with_body({**call.body, "client_id": client, "client_secret": secret})


def client_id(identity: Identity) -> str:
    return identity.settings.get("client_id", identity.name)


def basic(client: str, secret: str) -> str:
    """Client password by HTTP basic: both parts form-encoded first (RFC 6749 §2.3.1)."""
    pair = f"{quote_plus(client)}:{quote_plus(secret)}"
    return "Basic " + base64.b64encode(pair.encode()).decode()
