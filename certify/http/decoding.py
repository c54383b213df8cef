"""Bodies as they were meant, of bounded size: a few bytes of gzip can stand for gigabytes."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

ACCEPTED = "gzip, deflate"
_MEMBER = b"\x1f\x8b"
"""The first bytes of a member (RFC 1952 §2.3.1)."""


class UndecodableError(Exception):
    """The body is encoded in a way that was not asked for, or not as it says (RFC 9110 §8.4)."""


def decoded(chunks: Iterable[bytes], encoding: str, limit: int) -> bytes:
    """The first bytes of a body, at least ``limit + 1`` where there are as many. Raises :class:`UndecodableError`."""
    parts: list[bytes] = []
    size, body = 0, _Encoded(encoding) if encoding else None
    for chunk in chunks:
        if body is not None:
            chunk = body.decoded(chunk, limit + 1 - size)
        parts.append(chunk)
        size += len(chunk)
        if size > limit:
            break
    else:
        if body is not None:
            body.end()
    return b"".join(parts)


class _Encoded:
    """An encoded body as it comes in. Of gzip it may hold several members, which belong together (RFC 1952 §2.2)."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._decoder: zlib._Decompress | None = None
        self._ahead = b""

    def decoded(self, chunk: bytes, most: int) -> bytes:
        """What a chunk stands for, at most so many bytes of it."""
        found, rest = b"", self._ahead + chunk
        self._ahead = b""
        while rest and len(found) < most:
            if self._decoder is None:
                self._decoder = _decoder(self._encoding, rest)
            elif self._decoder.eof and not self._begun(rest):
                break
            found += _next(self._decoder, rest, most - len(found))
            rest = self._decoder.unused_data
        return found

    def end(self) -> None:
        """Raise where the body ends before it is complete."""
        if self._decoder is not None and not self._decoder.eof:
            raise UndecodableError("the body ends in the middle of what its Content-Encoding says")

    def _begun(self, rest: bytes) -> bool:
        """Whether another member begins after a complete one; padding is passed over, as by all clients."""
        if len(rest) < len(_MEMBER):
            self._ahead = rest
            return False
        if "gzip" not in self._encoding or not rest.startswith(_MEMBER):
            return False
        self._decoder = _decoder(self._encoding, rest)
        return True


def _decoder(encoding: str, first: bytes) -> zlib._Decompress:
    match encoding:
        case "gzip" | "x-gzip":
            return zlib.decompressobj(zlib.MAX_WBITS | 16)
        case "deflate":
            # Meant is the zlib format (RFC 9110 §8.4.1.2); some servers send it without its header, whose method is 8.
            return zlib.decompressobj(zlib.MAX_WBITS if first[0] & 15 == 8 else -zlib.MAX_WBITS)
        case _:
            raise UndecodableError(f"Content-Encoding {encoding[:80]!r} was not asked for; accepted is: {ACCEPTED}")


def _next(decoder: zlib._Decompress, chunk: bytes, most: int) -> bytes:
    try:
        return decoder.decompress(chunk, most)
    except zlib.error as error:
        raise UndecodableError(f"the body is not what its Content-Encoding says: {error}") from None
