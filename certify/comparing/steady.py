"""Texts of two runs without what every run makes anew: ids, times, keys. What is left can be compared.

>>> steady("lead 38b4421b-92fb-4e36-a433-62208d3d6260 of 2026-11-22T23:36:22Z")
'lead <id> of <time>'
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_MADE_ANEW = re.compile(
    r"(?P<id>\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b"  # a UUID
    r"|\b(?=[0-9a-fA-F]*\d)[0-9a-fA-F]{16,}\b"  # a digest or a random number in hex
    r"|\b(?=[A-Za-z0-9]*\d)(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9]{20,}\b)"  # ULID, KSUID, Base62
    r"|(?P<time>\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?"  # RFC 3339
    r"|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\b"  # RFC 9110 §5.6.7
    r"|\b1[6-9]\d{8}(?:\d{3})?(?:\.\d+)?\b)"  # seconds or milliseconds since the epoch, 2020 to 2033
)


def steady(text: str) -> str:
    """The text with ``<id>`` and ``<time>`` in place of what a run makes anew."""
    return _MADE_ANEW.sub(lambda match: f"<{match.lastgroup}>", text)


def place_of(url: str, base: str) -> str:
    """Path and query below the sandbox's address: two runs may have met it at different ones."""
    base = base.rstrip("/")
    if base and url.startswith(base):
        return url[len(base) :] or "/"
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def shape_of(method: str, place: str) -> str:
    """Requests of one shape differ in ids alone: ``GET /leads/{id}?limit=5``."""
    path, mark, query = place.partition("?")
    segments = ("{id}" if _is_id(part) else part for part in steady(path).split("/"))
    return f"{method} {'/'.join(segments)}{mark}{steady(query)}"


def _is_id(segment: str) -> bool:
    digits = sum(character.isdigit() for character in segment)
    return "<id>" in segment or segment.isdigit() or (len(segment) >= 6 and digits > 1)
