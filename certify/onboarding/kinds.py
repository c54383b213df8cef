"""What each kind of sign-in needs of a profile, before any contract is read; :mod:`schemes` fills in what it knows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from certify.program.placeholder import PLACEHOLDER

Pairs = tuple[tuple[str, str], ...]
Members = tuple[tuple[str, Any], ...]
"""Values are texts, mappings or lists, as they stand in the profile."""


@dataclass(frozen=True)
class Scheme:
    """A way to sign in. ``members`` go under ``sign_in``, ``identity`` under each identity (values that only the owner
    knows are the placeholder); ``secrets`` are the members that hold a secret, and what each is. ``notes`` say why."""

    kind: str
    name: str = ""
    members: Members = ()
    identity: Pairs = ()
    secrets: Pairs = ()
    scopes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


OPEN = Scheme("none", notes=("the contract declares no security for its operations",))
_CLIENT: Pairs = (("client_id", PLACEHOLDER),)
_USER: Pairs = (("username", PLACEHOLDER),)
_CLIENT_SECRET: Pairs = (("client_secret", "the client secret"),)
_PASSWORD: Pairs = (("password", "the password"),)
_TOKEN_URL = ("token_url", f"https://{PLACEHOLDER}/token")

KINDS: dict[str, Scheme] = {
    "none": OPEN,
    "bearer": Scheme("bearer", secrets=(("token", "the bearer token"),)),
    "basic": Scheme("basic", identity=_USER, secrets=_PASSWORD),
    "api_key": Scheme("api_key", members=(("header", "X-API-Key"),), secrets=(("api_key", "the API key"),)),
    "client_credentials": Scheme("client_credentials", members=(_TOKEN_URL,), identity=_CLIENT, secrets=_CLIENT_SECRET),
    "refresh_token": Scheme(
        "refresh_token",
        members=(_TOKEN_URL,),
        identity=_CLIENT,
        secrets=(*_CLIENT_SECRET, ("refresh_token", "a refresh token that somebody obtained")),
    ),
    "authorization_code": Scheme(
        "authorization_code",
        members=(
            ("authorize_url", f"https://{PLACEHOLDER}/authorize"),
            _TOKEN_URL,
            ("redirect_uri", f"https://{PLACEHOLDER}/callback"),
            ("consent", [{"fields": {"username": "{username}", "password": "{password}"}}]),
        ),
        identity=(*_CLIENT, *_USER),
        secrets=(*_CLIENT_SECRET, *_PASSWORD),
    ),
    "login": Scheme(
        "login",
        members=(
            ("login_url", f"https://{PLACEHOLDER}/login"),
            ("body", {"username": "{username}", "password": "{password}"}),
            ("token_pointer", "/token"),
        ),
        identity=_USER,
        secrets=_PASSWORD,
    ),
    "hmac": Scheme(
        "hmac",
        members=(
            (
                "signature",
                {"text": "{method}\n{target}\n{timestamp}\n{body_hash}", "headers": {"X-Signature": "{signature}"}},
            ),
        ),
        secrets=(("signing_key", "the key that signs requests"),),
    ),
    "mutual_tls": Scheme(
        "mutual_tls", secrets=(("certificate", "the client certificate"), ("certificate_key", "its private key"))
    ),
}
"""What each kind of sign-in needs, without a contract's word on it."""

PASSWORD_GRANT = replace(
    KINDS["login"],
    members=(
        ("login_url", f"https://{PLACEHOLDER}/token"),
        ("body", {"grant_type": "password", "username": "{username}", "password": "{password}"}),
        ("body_format", "form"),
        ("token_pointer", "/access_token"),
        ("expires_pointer", "/expires_in"),
    ),
)
"""The resource owner's password at a token endpoint (RFC 6749 §4.3), as a login."""
