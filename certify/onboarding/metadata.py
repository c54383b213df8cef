"""What an authorization server says of itself (OpenID Connect Discovery 1.0 §4, RFC 8414 §3).

The address stands in the contract, so it is asked only where our own user named its host.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from certify.errors import CertifyError
from certify.http.call import Call
from certify.http.session import open_session
from certify.http.wire import TransportError
from certify.model.partner import Partner, SignIn


@dataclass(frozen=True)
class Metadata:
    """Empty is what could not be read; ``notes`` then say why."""

    token_url: str = ""
    authorize_url: str = ""
    client_auth: str = ""
    grants: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_metadata(url: str, named: tuple[str, ...]) -> Metadata:
    """Ask an authorization server, if its host is that of one of the ``named`` addresses."""
    host = urlsplit(url).netloc
    if not host or host not in {urlsplit(address).netloc for address in named}:
        return Metadata(notes=(f"{url} was not asked: only the contract names its host",))
    session = open_session(Partner("new", "New", url, SignIn("none"), {}))
    try:
        reply = session.wire.send(Call("GET", url), {}, purpose="preflight")
    except (TransportError, CertifyError) as error:
        return Metadata(notes=(f"{url} gave no answer: {error}",))
    finally:
        session.close()
    token_url, methods = reply.at("/token_endpoint"), reply.at("/token_endpoint_auth_methods_supported")
    if not reply.ok or not isinstance(token_url, str):
        return Metadata(notes=(f"{url} answered {reply} and names no token_endpoint",))
    authorize_url, grants = reply.at("/authorization_endpoint"), reply.at("/grant_types_supported")
    return Metadata(
        token_url,
        authorize_url if isinstance(authorize_url, str) else "",
        _client_auth(methods),
        tuple(str(item) for item in grants) if isinstance(grants, list) else (),
    )


def _client_auth(methods: object) -> str:
    """Basic unless only post is supported; it is also what is meant where nothing is said (RFC 8414 §2)."""
    if isinstance(methods, list) and "client_secret_post" in methods and "client_secret_basic" not in methods:
        return "post"
    return ""
