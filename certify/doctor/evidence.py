"""What a credential and a refusal tell by themselves. A token is read, never verified: it is only a hint."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from typing import Any

from certify.http.call import Reply
from certify.http.challenge import challenges

_TENANTS = ("tenant", "tenant_id", "tid", "org_id", "organization", "organization_id", "account_id")


def claims(token: str) -> Mapping[str, Any]:
    """The claims of a JWT (RFC 7519 §7.2), or nothing where the token is none."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        payload = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return {}
    return payload if isinstance(payload, dict) else {}


def tenant_of(told: Mapping[str, Any]) -> str:
    """The tenant that claims name, or nothing."""
    return next((str(told[name]) for name in _TENANTS if isinstance(told.get(name), str)), "")


def scopes_of(told: Mapping[str, Any]) -> frozenset[str] | None:
    """The scopes of a token (RFC 9068 §2.2.3, or a list); None where it does not say."""
    for name in ("scope", "scp", "scopes"):
        given = told.get(name)
        if isinstance(given, str):
            return frozenset(given.split())
        if isinstance(given, list):
            return frozenset(str(item) for item in given)
    return None


def missing_scope(reply: Reply) -> str | None:
    """The scope that a refusal asks for (RFC 6750 §3.1: insufficient_scope); empty where it names none, None where it
    does not speak of scopes."""
    for challenge in challenges(reply):
        if challenge.parameters.get("error") == "insufficient_scope":
            return challenge.parameters.get("scope", "")
    text = reply.text[:4000].lower()
    return "" if reply.status == 403 and ("insufficient_scope" in text or "insufficient scope" in text) else None


def says_expired(reply: Reply) -> bool:
    """Whether a refusal speaks of an expired credential."""
    words = [text for challenge in challenges(reply) for text in challenge.parameters.values()]
    return any("expired" in word.lower() for word in [*words, reply.text[:4000]])


def lacks(granted: frozenset[str], alternatives: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The scopes of the nearest alternative that are not granted; none where one of them is granted whole."""
    missing = [tuple(scope for scope in option if scope not in granted) for option in alternatives]
    return min(missing, key=len, default=())
