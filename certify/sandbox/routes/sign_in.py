"""The token endpoint (RFC 6749 §3.2), its metadata (RFC 8414) and its keys (RFC 7517)."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote_plus

from certify.sandbox.authorization_server import OAuthError
from certify.sandbox.call import Answer, Call
from certify.sandbox.keys import own_jwk
from certify.sandbox.problems import ProblemError
from certify.sandbox.routes import answers

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox

FORM = "application/x-www-form-urlencoded"
NO_STORE = {"Cache-Control": "no-store"}


@answers("issueToken")
def issue_token(sandbox: Sandbox, call: Call) -> Answer:
    """A token, or an error of RFC 6749 §5.2; neither may be stored (§5.1)."""
    try:
        return _token(sandbox, call)
    except OAuthError as error:
        headers = dict(NO_STORE)
        if error.status == 401:
            headers["WWW-Authenticate"] = 'Basic realm="token endpoint"'
        return Answer(error.status, {"error": error.code, "error_description": error.description}, headers)


def _token(sandbox: Sandbox, call: Call) -> Answer:
    server = sandbox.authorization_server
    form = _form(call)
    client = server.authenticate(*_credentials(call, form))
    match form.get("grant_type"):
        case None:
            raise OAuthError("invalid_request", "grant_type is missing.")
        case "client_credentials":
            return Answer(
                200, server.token_response(client, server.grant_scopes(client, form.get("scope", ""))), dict(NO_STORE)
            )
        case _:
            raise OAuthError("unsupported_grant_type", "Only client_credentials is supported.")


def _form(call: Call) -> dict[str, str]:
    """The parameters; none twice, an empty one is an absent one, unknown ones are ignored (RFC 6749 §3.2)."""
    if call.too_large:
        raise ProblemError("content-too-large", "A body holds 64 KiB at most.")
    if call.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise OAuthError("invalid_request", f"The body must be {FORM}.")
    try:
        pairs = parse_qsl(call.content.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError as error:
        raise OAuthError("invalid_request", "The form cannot be read.") from error
    if len({name for name, _value in pairs}) < len(pairs):
        raise OAuthError("invalid_request", "A parameter was given twice.")
    return {name: value for name, value in pairs if value}


def _credentials(call: Call, form: dict[str, str]) -> tuple[str, str]:
    """Client id and secret, from HTTP Basic or from the form, never from both (RFC 6749 §2.3)."""
    scheme, _, credential = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        if "client_secret" in form:
            raise OAuthError("invalid_request", "Sign in with one method only.")
        return _basic(credential.strip())
    return form.get("client_id", ""), form.get("client_secret", "")


def _basic(credential: str) -> tuple[str, str]:
    """RFC 6749 §2.3.1: both halves are form-encoded before they are joined."""
    try:
        client_id, _, secret = base64.b64decode(credential, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError) as error:
        raise OAuthError("invalid_client", "Client authentication failed.") from error
    return unquote_plus(client_id), unquote_plus(secret)


@answers("getAuthorizationServerMetadata")
def get_metadata(sandbox: Sandbox, _call: Call) -> Answer:
    """RFC 8414 §2; the issuer is where the sandbox is."""
    metadata = {
        "issuer": sandbox.base_url,
        "token_endpoint": f"{sandbox.base_url}/oauth/token",
        "jwks_uri": f"{sandbox.base_url}/.well-known/jwks.json",
        "response_types_supported": [],
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "scopes_supported": list(sandbox.document.scopes),
    }
    return Answer(200, metadata)


@answers("getJwks")
def get_jwks(_sandbox: Sandbox, _call: Call) -> Answer:
    return Answer(200, {"keys": [own_jwk()]})
