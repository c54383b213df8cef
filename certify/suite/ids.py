"""Ids by their shape: what is one, and how to make another that names nothing."""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Mapping
from typing import Any

from certify.contract.edges import MAX_LENGTH
from certify.contract.scalars import kind_of
from certify.contract.strings import text

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.I)


def is_uuid(text: str) -> bool:
    return _UUID.fullmatch(text) is not None


def is_unguessable(text: str) -> bool:
    """Whether an id can be meant for one object only. Numbers, also with a prefix, may be counted for each tenant.

    is_unguessable("7d444840-9dc0-4a52-b6d5-3c1c5d2f9a10")      # True; so are ObjectIds, ULIDs and numbers of 15 digits
    is_unguessable("INV-2026-0042")                             # False
    """
    if is_uuid(text):
        return len(set(text)) > 6  # a UUID that is a padded number has hardly any digits but zeros
    return any(_random(piece) for piece in re.findall(r"[A-Za-z0-9]+", text))


def _random(piece: str) -> bool:
    """Long, and letters and digits in turns, as no counter writes them."""
    turns = len(re.findall(r"[A-Za-z](?=\d)|\d(?=[A-Za-z])", piece))
    return (len(piece) >= 10 and turns >= 3) or (piece.isdigit() and len(piece) >= 15 and not piece.startswith("0"))


def strange_id(known: str) -> str:
    """An id of the same shape that names nothing: a new UUID, a large number, or other text of the same length."""
    if is_uuid(known):
        return str(uuid.uuid4())
    if known.isdigit():
        return str(2_000_000_000 + random.SystemRandom().randrange(100_000_000))
    kept = "".join(_other(character) for character in known)
    return kept if kept != known else uuid.uuid4().hex[: max(len(known), 8)]


def _other(character: str) -> str:
    """Another character of the same kind; what separates stays."""
    dice = random.SystemRandom()
    if character.isdigit():
        return dice.choice("0123456789")
    letters = "abcdefghijklmnopqrstuvwxyz"
    return dice.choice(letters if character.islower() else letters.upper()) if character.isalpha() else character


def fresh_id(schema: Mapping[str, Any]) -> Any:
    """An id that nobody has, for what names itself: random, and as the schema wants it."""
    variant = random.SystemRandom().randrange(1, 2**31)
    match kind_of(schema):
        case "integer" | "number":
            low, high = int(schema.get("minimum", 1_000_000)), int(schema.get("maximum", 2_000_000_000))
            return low + variant % max(1, high - low + 1)
        case _ if schema.get("pattern") or schema.get("format"):
            return text(schema, variant)
        case _:
            known = f"certify-{uuid.uuid4().hex[:12]}"
            least = min(int(schema.get("minLength", 0)), MAX_LENGTH)
            return known.ljust(least, "x")[-int(schema.get("maxLength", 64)) :]
