"""Requests that are signed with a shared key, by a recipe that the profile writes down.

sign_in:
  kind: hmac
  signature:
    text: "{method}\\n{path}\\n{sorted_query}\\n{timestamp}\\n{body_hash}"
    algorithm: sha256          # or sha512
    encoding: hex              # or base64
    timestamp: unix            # or unix_ms, iso8601, http_date
    headers:
      X-Key: "{key_id}"
      X-Timestamp: "{timestamp}"
      X-Signature: "{signature}"
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from certify.errors import ProfileError
from certify.http.credentials import Credentials
from certify.http.signin.interface import Flow
from certify.model.exchange import header
from certify.model.partner import Identity

_NAMED = re.compile(r"\{(header:[A-Za-z0-9-]+|[a-z_]+)\}")


class Hmac(Flow):
    """Each request is signed with a shared key (HMAC, RFC 2104), by the recipe in ``sign_in.signature``."""

    kind = "hmac"

    def sign_in(self, identity: Identity) -> Credentials:
        recipe = self.settings["signature"]
        key = _key(self.secret(identity, "signing_key"), str(recipe.get("key_encoding", "text")), identity)
        signer = Signer(recipe, key, identity.settings.get("key_id", identity.name))
        return Credentials({}, sign=signer.sign)


@dataclass(frozen=True)
class Signer:
    """Signs requests by a recipe; ``clock`` gives seconds since 1970."""

    recipe: Mapping[str, Any]
    key: bytes = field(repr=False)
    key_id: str
    clock: Callable[[], float] = time.time

    def sign(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> dict[str, str]:
        values = self._values(method, url, body)
        sent = tuple(headers.items())
        text = _filled(str(self.recipe["text"]), values, sent)
        mac = hmac.new(self.key, text, self._algorithm)
        signed = {**values, "signature": _encoded(mac.digest(), str(self.recipe.get("encoding", "hex"))).encode()}
        templates: Mapping[str, str] = self.recipe["headers"]
        return {name: _filled(text, signed, sent).decode("latin-1") for name, text in templates.items()}

    @property
    def _algorithm(self) -> str:
        return str(self.recipe.get("algorithm", "sha256"))

    def _values(self, method: str, url: str, body: bytes) -> dict[str, bytes]:
        parts = urlsplit(url)
        pairs = sorted(parse_qsl(parts.query, keep_blank_values=True))
        digest = hashlib.new(self._algorithm, body).digest()
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        texts = {
            "method": method,
            "path": parts.path or "/",
            "query": parts.query,
            # RFC 3986 §2.3: only unreserved characters stay as they are, so that both sides spell alike.
            "sorted_query": "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in pairs),
            "target": target,
            "url": url,
            "host": parts.netloc,
            "timestamp": _timestamp(self.clock(), str(self.recipe.get("timestamp", "unix"))),
            "nonce": uuid.uuid4().hex,
            "body_hash": _encoded(digest, str(self.recipe.get("body_encoding", "hex"))),
            "key_id": self.key_id,
        }
        return {**{name: text.encode() for name, text in texts.items()}, "body": body}


def _filled(template: str, values: Mapping[str, bytes], headers: tuple[tuple[str, str], ...]) -> bytes:
    """The template as bytes: a body need not be text."""
    pieces = _NAMED.split(template)
    return b"".join(_value(piece, values, headers) if n % 2 else piece.encode() for n, piece in enumerate(pieces))


def _value(name: str, values: Mapping[str, bytes], headers: tuple[tuple[str, str], ...]) -> bytes:
    if name.startswith("header:"):
        return (header(headers, name.removeprefix("header:")) or "").encode()
    return values.get(name, b"{" + name.encode() + b"}")


def _encoded(digest: bytes, encoding: str) -> str:
    return base64.b64encode(digest).decode() if encoding == "base64" else digest.hex()


def _timestamp(now: float, style: str) -> str:
    match style:
        case "unix_ms":
            return str(int(now * 1000))
        case "iso8601":
            return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))
        case "http_date":
            return formatdate(now, usegmt=True)
        case _:
            return str(int(now))


def _key(text: str, encoding: str, identity: Identity) -> bytes:
    try:
        match encoding:
            case "base64":
                return base64.b64decode(text, validate=True)
            case "hex":
                return bytes.fromhex(text)
            case _:
                return text.encode()
    except (ValueError, binascii.Error):
        raise ProfileError(
            f"signing_key of identity {identity.name!r} is not {encoding}", ["see sign_in.signature.key_encoding"]
        ) from None
