"""Bodies as they were meant, of bounded size: a few bytes of gzip can stand for gigabytes."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

ACCEPTED = "gzip, deflate"


class UndecodableError(Exception):
    """The body is encoded in a way that was not asked for, or not as it says (RFC 9110 §8.4)."""


def decoded(chunks: Iterable[bytes], encoding: str, limit: int) -> bytes:
    """The first bytes of a body, at least ``limit + 1`` where there are as many. Raises :class:`UndecodableError`."""
    parts: list[bytes] = []
    size, decoder = 0, None
    for chunk in chunks:
        if encoding and chunk:
            decoder = decoder or _decoder(encoding, chunk)
            chunk = _next(decoder, chunk, limit + 1 - size)
        parts.append(chunk)
        size += len(chunk)
        if size > limit:
            break
    return b"".join(parts)


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
