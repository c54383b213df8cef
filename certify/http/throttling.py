"""Times in headers: when to come back (RFC 9110 §10.2.3), and dates (§5.6.7)."""

from __future__ import annotations

import email.utils
import time

from certify.http.call import Reply


def retry_after(reply: Reply) -> float | None:
    """Seconds until ``Retry-After``, given as a number or as a date; None where it is missing or cannot be read.

    A date is compared with the answer's own ``Date``, so that a wrong clock on either side does not matter.
    """
    value = (reply.header("Retry-After") or "").strip()
    try:
        seconds = float(value)
        return seconds if abs(seconds) < 1e9 else None
    except ValueError:
        pass
    until = http_date(value)
    if until is None:
        return None
    return until - (http_date(reply.header("Date") or "") or reply.received or time.time())


def http_date(value: str) -> float | None:
    """An HTTP date (RFC 9110 §5.6.7) as seconds since the epoch, or None."""
    try:
        return email.utils.parsedate_to_datetime(value).timestamp()
    except (TypeError, ValueError):
        return None
