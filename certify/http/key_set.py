"""The public half of the keys that certify mints tokens with (RFC 7517), for sandboxes that fetch what they trust.

/jwks.json, /.well-known/jwks.json         the key set
/.well-known/openid-configuration          issuer and jwks_uri, for those that start at the issuer
/.well-known/oauth-authorization-server    the same (RFC 8414)
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jwt

from certify.errors import ProfileError
from certify.model.partner import Partner, PlatformTokens
from certify.program.secrets import resolve

PATHS = ("/jwks.json", "/.well-known/jwks.json")
METADATA = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")


def key_set(partner: Partner) -> dict[str, Any]:
    """The JWK set of a profile's platform tokens. Raises :class:`ProfileError` where there are none."""
    tokens = partner.tokens
    if tokens is None:
        raise ProfileError(f"{partner.file} has no platform_tokens: certify mints no tokens for it")
    folder = Path(partner.file).parent
    return {"keys": [_public(tokens, name, resolve(ref, folder)) for name, ref in tokens.keys.items()]}


def _public(tokens: PlatformTokens, algorithm: str, pem: str) -> dict[str, Any]:
    method: Any = jwt.get_algorithm_by_name(algorithm)
    try:
        members = method.to_jwk(method.prepare_key(pem).public_key(), as_dict=True)
    except (ValueError, TypeError, AttributeError, jwt.InvalidKeyError):
        raise ProfileError(f"platform_tokens.keys.{algorithm} is not a private key for {algorithm}, in PEM") from None
    kept = {name: value for name, value in members.items() if name not in ("key_ops", "d")}
    named = {"kid": tokens.key_ids[algorithm]} if algorithm in tokens.key_ids else {}
    return {**kept, "use": "sig", "alg": algorithm, **named}


@contextmanager
def served(partner: Partner, place: str = "") -> Iterator[str]:
    """Serve the key set at ``host:port`` (the profile's where none is given) until the block ends; gives its URL.

    Nothing is served, and the URL is empty, where neither names a place. What is served is public.
    """
    place = place or (partner.tokens.serve_jwks if partner.tokens else "")
    if not place:
        yield ""
        return
    server = _server(place, _pages(key_set(partner), partner, f"http://{place}"))
    thread = threading.Thread(target=lambda: server.serve_forever(0.05), name="keys", daemon=True)
    thread.start()
    try:
        yield f"http://{place}{PATHS[0]}"
    finally:
        server.shutdown()
        server.server_close()


def _pages(keys: Mapping[str, Any], partner: Partner, origin: str) -> dict[str, bytes]:
    issuer = partner.tokens.issuer if partner.tokens else ""
    metadata = json.dumps({"issuer": issuer, "jwks_uri": origin + PATHS[0]}).encode()
    return dict.fromkeys(PATHS, json.dumps(keys).encode()) | dict.fromkeys(METADATA, metadata)


def _server(place: str, pages: Mapping[str, bytes]) -> ThreadingHTTPServer:
    host, _, port = place.rpartition(":")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path.split("?", 1)[0])
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(page or b"")))
            self.end_headers()
            self.wfile.write(page or b"")

        def log_message(self, *arguments: Any) -> None:
            pass

    try:
        server = ThreadingHTTPServer((host, int(port)), Handler)
    except (OSError, OverflowError) as error:
        raise ProfileError(
            f"keys cannot be served at {place}: {error}", ["choose another port: platform_tokens.serve_jwks"]
        ) from None
    server.daemon_threads = True
    return server
