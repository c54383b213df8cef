"""What every answer gets before it leaves, whatever made it: version, request id, date, and where the client stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from certify.sandbox.call import Answer, Call

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox

Finisher = Callable[["Sandbox", Call, Answer], None]


def name_the_exchange(sandbox: Sandbox, call: Call, answer: Answer) -> None:
    answer.headers["API-Version"] = sandbox.document.version
    answer.headers["X-Request-Id"] = call.request_id


def date(sandbox: Sandbox, _call: Call, answer: Answer) -> None:
    """RFC 9110 §6.6.1: an origin server with a clock MUST send Date on 2xx, 3xx and 4xx."""
    answer.headers["Date"] = sandbox.clock.http_date()


def tell_the_limit(_sandbox: Sandbox, call: Call, answer: Answer) -> None:
    """The older, widely read header fields of draft-ietf-httpapi-ratelimit-headers-03."""
    if call.allowance is not None:
        answer.headers["RateLimit-Limit"] = str(call.allowance.plan.requests)
        answer.headers["RateLimit-Remaining"] = str(call.allowance.remaining)
        answer.headers["RateLimit-Reset"] = str(call.allowance.reset_s)


FINISHERS: dict[str, Finisher] = {
    "name the exchange": name_the_exchange,
    "date": date,
    "tell the limit": tell_the_limit,
}
