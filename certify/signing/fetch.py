"""A JWK set behind a URL: bounded in time and size, from the named place and no other.

The whole of it takes five seconds at the most, name resolution and a byte now and then included: it happens in a
thread that is left behind when the time is up, its connection closed. Nothing compressed is accepted, so that what
arrives is what is counted. Proxies of the environment are not used: what decides on trust comes from where it says.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urljoin, urlsplit

from certify.errors import KeyMaterialError, KeySetUnreachableError

SECONDS = 5.0
MAX_REDIRECTS = 3
_FILE = "a copy in a file serves as well: fetch it once, look at it, and name the file"


def fetch(url: str, most: int, seconds: float = SECONDS) -> bytes:
    """The body behind a URL. Raises :class:`KeyMaterialError`; where trying again may help, one that is unreachable."""
    _allowed(url)
    attempt = _Attempt(url, most, time.monotonic() + seconds)
    worker = threading.Thread(target=attempt.run, name="key set", daemon=True)
    worker.start()
    worker.join(seconds)
    if worker.is_alive():
        attempt.abandon()
        raise KeySetUnreachableError(f"{url} did not give the key set within {seconds:g} seconds", [_FILE])
    if attempt.error is not None:
        raise attempt.error
    return attempt.body


@dataclass
class _Attempt:
    """One fetch, in a thread of its own."""

    url: str
    most: int
    until: float
    body: bytes = b""
    error: KeyMaterialError | None = None
    _socket: socket.socket | None = field(default=None, repr=False)

    def run(self) -> None:
        try:
            self.body = self._followed()
        except KeyMaterialError as error:
            self.error = error
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.error = KeySetUnreachableError(f"{self.url} does not give the key set: {_why(error)}", [_FILE])

    def abandon(self) -> None:
        """End what the thread waits for, so that it ends too."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _followed(self) -> bytes:
        url = self.url
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._asked(url)
            if not isinstance(answer, str):
                return answer
            url = urljoin(url, answer)
            if _origin(urlsplit(url)) != _origin(urlsplit(self.url)):
                raise KeyMaterialError(
                    f"{self.url} redirects to another host, {url[:200]}, which nobody named",
                    ["name that address if it is the right one"],
                )
        raise KeySetUnreachableError(f"{self.url} redirects in a circle")

    def _asked(self, url: str) -> bytes | str:
        """The body, or the place that it is said to be at."""
        parts = urlsplit(url)
        with closing(_connection(parts, self._left())) as connection:
            connection.connect()
            self._socket = connection.sock
            path = parts._replace(scheme="", netloc="", fragment="").geturl()
            connection.request("GET", path or "/", headers=_HEADERS)
            with connection.getresponse() as response:
                return self._answer(response)

    def _answer(self, response: http.client.HTTPResponse) -> bytes | str:
        if response.status in (301, 302, 303, 307, 308):
            return response.headers.get("Location", "")
        if response.status != 200:
            raise KeySetUnreachableError(f"{self.url} answers {response.status} instead of the key set", [_FILE])
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise KeyMaterialError(f"{self.url} sends the key set compressed, which was not asked for", [_FILE])
        return self._read(response)

    def _read(self, response: http.client.HTTPResponse) -> bytes:
        parts: list[bytes] = []
        size = 0
        while chunk := response.read1(64 * 1024):
            size += len(chunk)
            parts.append(chunk)
            if size > self.most:
                raise KeyMaterialError(f"{self.url} sends more than {self.most // 1024} KiB: it is not a key set")
            self._left()
        if response.length:  # bytes that were announced and did not come
            raise KeySetUnreachableError(f"{self.url} hangs up in the middle of the key set", [_FILE])
        return b"".join(parts)

    def _left(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time is up")
        return left


_HEADERS = {
    "Accept": "application/jwk-set+json, application/json",
    "Accept-Encoding": "identity",
    "Connection": "close",
}


def _connection(parts: SplitResult, timeout: float) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        return http.client.HTTPSConnection(host, parts.port, timeout=timeout, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, parts.port, timeout=timeout)


def _allowed(url: str) -> None:
    try:
        scheme, host, _ = _origin(urlsplit(url))
        if not (url.isascii() and url.isprintable()) or " " in url:
            raise ValueError
    except ValueError:
        raise KeyMaterialError(f"{url[:200]!r} is not a URL") from None
    if not host:
        raise KeyMaterialError(f"{url[:200]!r} names no host")
    if urlsplit(url).username is not None:
        raise KeyMaterialError("the address of a key set has a user name in it; it is public, and needs none")
    if scheme != "https" and not _loopback(host):
        raise KeyMaterialError(
            f"{url[:200]} would be fetched without TLS, and whoever is on the way could put a key of theirs into it",
            ["https:// is needed; http:// serves on this machine only", _FILE],
        )


def _origin(parts: SplitResult) -> tuple[str, str, int]:
    return parts.scheme, parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _why(error: Exception) -> str:
    return str(error) or type(error).__name__
