"""The token request of OAuth 2.0 and how a client proves itself with it, for signing in and for the checks of it.

basic, post          client password (RFC 6749 §2.3.1)
client_secret_jwt    an assertion signed with the client secret (RFC 7523 §2.2, HS256)
private_key_jwt      an assertion signed with the client's private key (RFC 7523 §2.2)
tls                  the client certificate; the form carries the id (RFC 8705 §2)
none                 a public client; the form carries the id (RFC 6749 §3.2.1)
"""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

from certify.errors import ProfileError
from certify.http.call import Call
from certify.model.partner import Identity, Partner

FORM = "application/x-www-form-urlencoded"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_LIFETIME_S = 60
PROOFS = {
    "basic": "client_secret",
    "post": "client_secret",
    "client_secret_jwt": "client_secret",
    "private_key_jwt": "private_key",
    "tls": "certificate",
    "none": "",
}
"""The secret of an identity that each method of client authentication needs."""


def token_request(partner: Partner, identity: Identity, secret: str, scopes: tuple[str, ...] | None = None) -> Call:
    """The client credentials request of an identity (RFC 6749 §4.4.2); ``secret`` is what its client proves itself by.

    ``scopes`` replaces those of the identity; where there are none, the parameter is left out.
    """
    wanted = identity.scopes if scopes is None else scopes
    form = {"grant_type": "client_credentials", **({"scope": " ".join(wanted)} if wanted else {})}
    return grant_request(partner, identity, secret, form)


def grant_request(partner: Partner, identity: Identity, secret: str, form: Mapping[str, str]) -> Call:
    """A request of any grant at the profile's token endpoint, with ``sign_in.parameters`` and the client's proof."""
    body = {**form, **{name: str(value) for name, value in partner.sign_in.settings.get("parameters", {}).items()}}
    call = Call("POST", partner.sign_in.token_url, media_type=FORM, body=body, expects=(200,))
    return with_client(partner, call, client_id(identity), secret, identity.settings.get("key_id", ""))


def with_client(partner: Partner, call: Call, client: str, secret: str, key_id: str = "") -> Call:
    """A token request in which a client proves itself in the way the profile says.

    A ``secret`` that is no private key where one is needed stands for a key that nobody registered.
    """
    match method := client_auth(partner):
        case "basic":
            return call.with_header("Authorization", basic(client, secret))
        case "post":
            return call.with_body({**call.body, "client_id": client, "client_secret": secret})
        case "client_secret_jwt" | "private_key_jwt":
            signed = _assertion(partner, client, secret, key_id, symmetric=method == "client_secret_jwt")
            proof = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": signed}
            return call.with_body({**call.body, "client_id": client, **proof})
        case _:
            return call.with_body({**call.body, "client_id": client})


def client_auth(partner: Partner) -> str:
    """How clients prove themselves at the token endpoint."""
    return str(partner.sign_in.settings.get("client_auth", "basic"))


def client_proof(partner: Partner, secrets: Mapping[str, str]) -> str:
    """What a client proves itself by, from an identity's resolved secrets; empty where it needs nothing."""
    return secrets.get(PROOFS[client_auth(partner)], "")


def client_id(identity: Identity) -> str:
    return identity.settings.get("client_id", identity.name)


def basic(client: str, secret: str) -> str:
    """Client password by HTTP basic: both parts form-encoded first (RFC 6749 §2.3.1)."""
    pair = f"{quote_plus(client)}:{quote_plus(secret)}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def private_key(pem: str, whose: str) -> Any:
    """A private key. Raises :class:`ProfileError` where the text is none; the text is not repeated."""
    try:
        return serialization.load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError):
        raise ProfileError(
            f"the private key of {whose} is not an unencrypted private key in PEM",
            ["-----BEGIN PRIVATE KEY-----; decrypt it with `openssl pkey`, in a command: reference for example"],
        ) from None


def _assertion(partner: Partner, client: str, secret: str, key_id: str, *, symmetric: bool) -> str:
    """The client's assertion: issuer and subject are the client, used once, for a minute (RFC 7523 §3)."""
    now, settings = int(time.time()), partner.sign_in.settings
    claims = {
        "iss": client,
        "sub": client,
        "aud": str(settings.get("assertion_audience") or partner.sign_in.token_url),
        "jti": uuid.uuid4().hex,
        "iat": now,
        "exp": now + ASSERTION_LIFETIME_S,
    }
    key: Any = secret
    algorithm = "HS256"
    if not symmetric:
        key = private_key(secret, f"client {client!r}") if "-----BEGIN" in secret else _nobodys_key()
        algorithm = str(settings.get("assertion_algorithm") or algorithm_of(key))
    return jwt.encode(claims, key, algorithm, headers={"kid": key_id} if key_id else None)


def algorithm_of(key: Any) -> str:
    """The usual algorithm of a private key (RFC 7518 §3.1, RFC 8037 §3.1)."""
    match key:
        case rsa.RSAPrivateKey():
            return "RS256"
        case ec.EllipticCurvePrivateKey():
            return {"secp384r1": "ES384", "secp521r1": "ES512"}.get(key.curve.name, "ES256")
        case ed25519.Ed25519PrivateKey() | ed448.Ed448PrivateKey():
            return "EdDSA"
        case _:
            raise ProfileError("a private key is neither RSA, nor elliptic curve, nor EdDSA")


def _nobodys_key() -> Any:
    return ec.generate_private_key(ec.SECP256R1())
