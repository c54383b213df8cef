"""A deadline for a whole exchange. A partner that sends a byte now and then never meets a timeout between two bytes.

with within(60.0):
    client.send(request)        # connecting, sending and receiving end together, 60 seconds from here at the latest
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore

_thread = threading.local()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Bound what this thread sends and receives through :class:`PunctualBackend`, all together."""
    _thread.seconds, _thread.until = seconds, time.monotonic() + seconds
    try:
        yield
    finally:
        _thread.until = None


def _left(timeout: float | None) -> float | None:
    """The time that one step may take. Raises ``ReadTimeout`` where none is left."""
    until: float | None = getattr(_thread, "until", None)
    if until is None:
        return timeout
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout(f"the exchange was not complete after {_thread.seconds:g} seconds")
    return left if timeout is None else min(timeout, left)


class PunctualBackend(httpcore.SyncBackend):
    """The network as httpcore knows it; each step ends at the deadline of its thread."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        stream = super().connect_tcp(host, port, _left(timeout), local_address, socket_options)
        return _PunctualStream(stream)


class _PunctualStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return self._stream.read(max_bytes, _left(timeout))
        except httpcore.ReadTimeout:
            _left(None)  # says what ended, where it was the exchange
            raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _PunctualStream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
