"""Connections to one sandbox: kept alive, bounded in time and size, and never led astray.

Redirects are not followed, proxies and ambient settings are ignored, and no cookie is kept: one that an identity was
given would sign in the next one, and the call that carries no credential.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import httpcore
import httpx

from certify.errors import ProfileError
from certify.http.deadline import PunctualBackend, within
from certify.http.decoding import UndecodableError, decoded
from certify.model.exchange import Headers

TIMEOUT_S = {"connect": 10.0, "read": 30.0, "write": 30.0, "pool": 30.0}
"""Seconds for one step; the whole exchange has its own deadline."""

_SENDABLE = re.compile(rb"[\x21-\x7e\x80-\xff]+(?:[ \t]+[\x21-\x7e\x80-\xff]+)*|")
"""What a header may hold (RFC 9110 §5.5): no control character, and no white space around it."""

_LOST = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol)


class NoAnswerError(Exception):
    """Connecting, sending or receiving failed; the message says how."""


@dataclass(frozen=True)
class Address:
    """An absolute URL as it goes on the wire: ``url`` as text, and the parts that a request line and a socket need."""

    url: str
    host: str
    wire: httpcore.URL


@dataclass(frozen=True)
class Answer:
    """Status, headers (names in lower case), and the decoded body, at least ``limit + 1`` bytes of it if there are."""

    status: int
    headers: Headers
    content: bytes


class Connections:
    """A pool of connections that prove themselves by one TLS context. Thread-safe."""

    def __init__(self, trust: ssl.SSLContext) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=trust,
            max_connections=100,
            max_keepalive_connections=50,
            keepalive_expiry=5.0,
            network_backend=PunctualBackend(),
        )

    def exchange(
        self, method: str, address: Address, headers: Headers, content: bytes | None, *, limit: int, deadline: float
    ) -> Answer:
        """Send one request and read its answer, within ``deadline`` seconds. Raises :class:`NoAnswerError`.

        No more than ``limit`` bytes of a body are asked for: a partner may send without end. What cannot be written as
        HTTP is not quoted, because it may be a credential.
        """
        raw = _raw(headers)
        try:
            request = httpcore.Request(
                method, address.wire, headers=raw, content=content, extensions={"timeout": TIMEOUT_S}
            )
            with within(deadline):
                return self._read(request, limit)
        except (httpcore.LocalProtocolError, ValueError, TypeError) as error:
            raise NoAnswerError(f"nothing was sent, it cannot be written as HTTP/1.1 ({_reason(error)})") from None
        except (*_LOST, UndecodableError) as error:
            raise NoAnswerError(f"{type(error).__name__}: {error}") from None

    def close(self) -> None:
        self._pool.close()

    def _read(self, request: httpcore.Request, limit: int) -> Answer:
        response = self._pool.handle_request(request)
        try:
            headers = _text(response.headers)
            encodings = [value for name, value in headers if name == "content-encoding"]
            encoding = ", ".join(encodings).strip().lower().replace("identity", "")
            return Answer(response.status, headers, decoded(response.iter_stream(), encoding, limit))
        finally:
            response.close()


@lru_cache(maxsize=1024)
def address_of(url: str) -> Address:
    """An absolute URL, percent-encoded where it has to be (RFC 3986 §2). Raises :class:`ProfileError`."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        place = url.split("?", 1)[0]  # a query may carry a credential
        raise ProfileError(f"{place[:200]!r} is not a URL, so nothing is sent to it: {_bounded(error)}") from None
    wire = httpcore.URL(scheme=parsed.raw_scheme, host=parsed.raw_host, port=parsed.port, target=parsed.raw_path)
    return Address(str(parsed), parsed.netloc.decode("ascii"), wire)


def _bounded(error: Exception) -> str:
    """What httpx says of a URL, unless it quotes the whole of it."""
    return str(error).split("'", 1)[0].strip(" :")[:100]


def unsendable(headers: Iterable[tuple[str, str]]) -> str:
    """The name of the first header that cannot be sent as it is, or an empty text."""
    return next((name for name, value in headers if not _SENDABLE.fullmatch(value.encode("utf-8", "replace"))), "")


def _raw(headers: Headers) -> list[tuple[bytes, bytes]]:
    """Headers as bytes. A value beyond ASCII goes out as UTF-8, as from other clients (RFC 9110 §5.5: obs-text)."""
    if name := unsendable(headers):
        raise NoAnswerError(f"nothing was sent: header {name!r} holds what no header may hold (RFC 9110 §5.5)")
    return [(name.encode("ascii", "replace"), value.encode("utf-8", "replace")) for name, value in headers]


def _reason(error: Exception) -> str:
    """What is wrong, without what was to be sent."""
    return f"{error.encoding}: {error.reason}" if isinstance(error, UnicodeEncodeError) else type(error).__name__


def any_case(headers: Mapping[str, str]) -> Mapping[str, str]:
    """The same headers, found by a name in any case (RFC 9110 §5.1)."""
    return httpx.Headers(headers)


def _text(raw: Sequence[tuple[bytes, bytes]]) -> Headers:
    """Headers as text: ASCII, or UTF-8, or else each byte a character (RFC 9110 §5.5)."""
    return tuple((_decoded(name).lower(), _decoded(value)) for name, value in raw)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("iso-8859-1")
