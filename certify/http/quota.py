"""What an answer says of the caller's quota, in each of the dialects that are in use.

    X-RateLimit-Limit: 100   X-RateLimit-Remaining: 9   X-RateLimit-Reset: 1700000000 (or 30)      vendors
    RateLimit-Limit: 100   RateLimit-Remaining: 9   RateLimit-Reset: 30                            draft, to -06
    RateLimit: limit=100, remaining=9, reset=30   RateLimit-Policy: 100;w=60                       draft -07
    RateLimit: "default";r=9;t=30   RateLimit-Policy: "default";q=100;w=60                         draft, from -08

The drafts are those of draft-ietf-httpapi-ratelimit-headers. A client has to ignore what it cannot read, so a field
that follows none of these gives no quota; nothing here raises.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from certify.http.call import Reply
from certify.http.throttling import http_date, retry_after

EPOCH = 1e9
"""A reset beyond this is a moment, and below it seconds from now: nobody's window is thirty years."""
EPOCH_MS = 1e11
LONGEST = 4_000
"""Characters of a field that are read: what a partner sends must not decide how long reading it takes."""


class Dialect(StrEnum):
    VENDOR = "X-RateLimit-*"
    DRAFT_06 = "RateLimit-Limit, -Remaining and -Reset (draft to -06)"
    DRAFT_07 = "RateLimit: limit=, remaining=, reset= (draft -07)"
    DRAFT_08 = 'RateLimit: "policy";r=;t= (draft from -08)'


@dataclass(frozen=True)
class Quota:
    """One quota. ``limit`` and ``remaining`` count requests (or units); ``reset_s`` is seconds from the answer until
    more is given, ``window_s`` the length of the window. None: not said."""

    dialect: Dialect
    limit: int | None = None
    remaining: int | None = None
    reset_s: float | None = None
    window_s: float | None = None
    policy: str = ""


def quotas(reply: Reply) -> tuple[Quota, ...]:
    """Every quota that an answer tells, in each dialect that it speaks; those that are nearest to their end first."""
    found = [*_structured(reply), *_listed(reply), *_apart(reply, "RateLimit-", Dialect.DRAFT_06)]
    for prefix in ("X-RateLimit-", "X-Rate-Limit-"):
        found += _apart(reply, prefix, Dialect.VENDOR)
    return tuple(sorted(found, key=lambda quota: math.inf if quota.remaining is None else quota.remaining))


def reset_after(reply: Reply) -> float | None:
    """Seconds until the quota that is used up is given anew; None where no quota is at its end, or none says when."""
    waits = [quota.reset_s for quota in quotas(reply) if quota.remaining == 0 and quota.reset_s is not None]
    return max(waits) if waits else None


def come_back_after(reply: Reply) -> float | None:
    """Seconds after which a throttled caller may ask again: what Retry-After says, else the end of the quota."""
    asked = retry_after(reply)
    return reset_after(reply) if asked is None else asked


def throttled(reply: Reply) -> bool:
    """Whether a limiter refused: 429; 503 that says when to come back (RFC 9110 §15.6.4); 403 that says so too, or
    under a quota that is used up, as GitHub's API answers its primary and secondary limits."""
    match reply.status:
        case 429:
            return True
        case 503:
            return reply.header("Retry-After") is not None
        case 403:
            return reply.header("Retry-After") is not None or any(quota.remaining == 0 for quota in quotas(reply))
        case _:
            return False


# — the dialects —


def _structured(reply: Reply) -> Iterator[Quota]:
    policies = dict(_members(_field(reply, "RateLimit-Policy")))
    for name, values in _members(_field(reply, "RateLimit")):
        remaining, policy = _count(values.get("r")), policies.get(name, {})
        if remaining is None or not name.startswith('"'):
            continue
        limit, window = _count(policy.get("q")), _seconds(policy.get("w"))
        yield Quota(Dialect.DRAFT_08, limit, remaining, _seconds(values.get("t")), window, name.strip('"'))


def _listed(reply: Reply) -> Iterator[Quota]:
    told = dict(pair.split("=", 1) for pair, _ in _members(_field(reply, "RateLimit")) if "=" in pair)
    limit = _count(told.get("limit"))
    if limit is None and "remaining" not in told:
        return
    window = _window(_field(reply, "RateLimit-Policy"), limit)
    yield Quota(Dialect.DRAFT_07, limit, _count(told.get("remaining")), _seconds(told.get("reset")), window)


def _apart(reply: Reply, prefix: str, dialect: Dialect) -> Iterator[Quota]:
    limits = _field(reply, f"{prefix}Limit")
    limit = next((_count(name) for name, _ in _members(limits)), None)
    remaining = _count(_field(reply, f"{prefix}Remaining"))
    if limit is None and remaining is None:
        return
    reset = _reset(_field(reply, f"{prefix}Reset") or _field(reply, f"{prefix}Reset-After"), reply)
    window = _window(limits, limit) or _window(_field(reply, f"{prefix}Policy"), limit)
    yield Quota(dialect, limit, remaining, reset, window)


def _window(field: str, limit: int | None) -> float | None:
    """The window of the policy with that limit: ``100;w=60``."""
    policies = [(_count(name), _seconds(values.get("w"))) for name, values in _members(field)]
    return next((window for count, window in policies if window is not None and count in (limit, None)), None)


# — fields and values —


def _field(reply: Reply, name: str) -> str:
    """The field, its lines joined (RFC 9110 §5.3); empty where it is missing."""
    values = [value for key, value in reply.headers if key.lower() == name.lower()]
    return ", ".join(values)[:LONGEST]


_PIECE = re.compile(r'\s*((?:"(?:[^"\\]|\\.)*"|[^",;])*)([,;]?)')


def _members(field: str) -> list[tuple[str, Mapping[str, str]]]:
    """The members of a list with their parameters (RFC 9651 §3.1): ``"a";q=1, b;w=2``; leniently, as clients read."""
    found: list[tuple[str, dict[str, str]]] = []
    position, parameter = 0, False
    while position < len(field) and (match := _PIECE.match(field, position)) and match.end() > position:
        text = match[1].strip()
        if parameter and found:
            name, _, value = text.partition("=")
            found[-1][1][name.strip().lower()] = value.strip()
        elif text:
            found.append((text, {}))
        parameter, position = match[2] == ";", match.end()
    return list(found)


def _count(text: str | None) -> int | None:
    """A whole number that is not negative. Some write ``100.0``."""
    value = _seconds(text)
    return int(value) if value is not None and value == int(value) else None


def _seconds(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 <= value < 1e15 else None


def _reset(text: str, reply: Reply) -> float | None:
    """Seconds until a reset that is told as seconds, as seconds or milliseconds since 1970, or as a date."""
    value = _seconds(text)
    if value is not None and value < EPOCH:
        return value
    moment = _moment(text) if value is None else value / (1000 if value >= EPOCH_MS else 1)
    return None if moment is None else moment - (http_date(reply.header("Date") or "") or reply.received)


def _moment(text: str) -> float | None:
    """An HTTP date, or one of RFC 3339."""
    found = http_date(text)
    if found is not None or not text:
        return found
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
