"""Reading with one spelling only, so that two readers can never see two things in the same bytes.

Base64url without padding, and with the unused bits of its last character zero (RFC 4648 §3.5); JSON in UTF-8 whose
members have distinct names (RFC 7519 §4, RFC 8259 §4), without ``NaN`` and without halves of surrogate pairs. All of it
raises ``ValueError`` with what is wrong.
"""

from __future__ import annotations

import base64
import json
import re
from collections import Counter
from typing import Any

_ALPHABET = re.compile(rb"[A-Za-z0-9_-]*")
_HALVES = re.compile(r"\\u[dD][89a-fA-F]")
"""An escape that may be half of a surrogate pair."""


def base64url(data: bytes) -> str:
    """Base64url without padding (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: bytes) -> bytes:
    """The bytes that a text stands for, where it is their only spelling."""
    if not _ALPHABET.fullmatch(text):
        raise ValueError("it has characters that are not base64url")
    if len(text) % 4 == 1:
        raise ValueError("it is base64url that was cut off")
    data = base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
    if base64.urlsafe_b64encode(data).rstrip(b"=") != text:
        raise ValueError("it has bits after its last byte, which no encoder writes")
    return data


def json_object(data: bytes) -> dict[str, Any]:
    """The JSON object that some bytes are."""
    try:
        text = data.decode("utf-8")
        value = json.loads(text, object_pairs_hook=_distinct, parse_constant=_no_number)
        if _HALVES.search(text):
            json.dumps(value, ensure_ascii=False).encode("utf-8")  # fails for a half without its other one
    except UnicodeError:
        raise ValueError("it is not text in UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON: {error}") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("it is not a JSON object")
    return value


def _distinct(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) != len(members):
        twice, _ = Counter(name for name, _ in members).most_common(1)[0]
        raise ValueError(f"the member {twice[:40]!r} stands in it twice")
    return found


def _no_number(constant: str) -> float:
    raise ValueError(f"{constant} is not JSON")
