"""Limiters, as gateways build them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.second_api.depot import Depot
from tests.second_api.exchange import Answer, Asked
from tests.second_api.keys import KEYS
from tests.second_api.limiter import Allowance, Plan
from tests.second_api.variants import LIMITS, variant

RATE = ("rate.limit-enforced", "rate.retry-after-honest")


def declared(**changed: Any) -> Callable[[dict[str, Any]], None]:
    """The trial limit, declared otherwise."""

    def edit(document: dict[str, Any]) -> None:
        document["limits"][1].update(changed)

    return edit


def told(depot: Depot, tell: Callable[[Answer, float], None]) -> None:
    """Alter the refusals of the limiter, knowing when the window ends."""
    honest, ends = depot.limiter.take, {"s": 0.0}

    def take(key: str) -> Allowance:
        allowance = honest(key)
        ends["s"] = allowance.resets
        return allowance

    def finish(asked: Asked, answer: Answer) -> None:
        if answer.status == 429:
            tell(answer, max(0.0, ends["s"] - time.time()))

    depot.limiter.take = take  # type: ignore[method-assign]
    depot.finishers["limit"] = finish


@variant(
    "limiter-503", "nginx's limit_req answers 503 unless told otherwise.", edit=declared(status=503), checks=LIMITS
)
def limiter_503(depot: Depot) -> None:
    told(depot, lambda answer, left: setattr(answer, "status", 503))


@variant("limiter-503-undeclared", "The same, and nobody thought of declaring it.", checks=LIMITS)
def limiter_503_undeclared(depot: Depot) -> None:
    told(depot, lambda answer, left: setattr(answer, "status", 503))


@variant("limiter-403", "Some firewalls answer 403 where others say 429.", edit=declared(status=403), checks=LIMITS)
def limiter_403(depot: Depot) -> None:
    told(depot, lambda answer, left: setattr(answer, "status", 403))


@variant("limiter-403-undeclared", "The same, with Retry-After, and nobody declared it.", checks=LIMITS)
def limiter_403_undeclared(depot: Depot) -> None:
    told(depot, lambda answer, left: setattr(answer, "status", 403))


@variant("retry-in-fractions", "Not whole seconds, but any client can read it.", checks=LIMITS)
def retry_in_fractions(depot: Depot) -> None:
    told(depot, lambda answer, left: answer.headers.update({"Retry-After": f"{left:.3f}"}))


@variant("retry-in-seconds", "RFC 9110 §10.2.3: delay-seconds.", checks=LIMITS)
def retry_in_seconds(depot: Depot) -> None:
    told(depot, lambda answer, left: answer.headers.update({"Retry-After": str(int(left) + 1)}))


@variant(
    "no-retry-after",
    "RFC 6585 §4: MAY include a Retry-After; none is promised.",
    edit=declared(retry_after=False),
    checks=LIMITS,
)
def no_retry_after(depot: Depot) -> None:
    def strip(answer: Answer, left: float) -> None:
        answer.headers.pop("Retry-After", None)

    told(depot, strip)


def by_reset(seconds: str) -> Callable[[Answer, float], None]:
    """No Retry-After, and a reset that tells of something else than this limit."""

    def tell(answer: Answer, left: float) -> None:
        answer.headers.pop("Retry-After", None)
        answer.headers.update({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": seconds})

    return tell


@variant(
    "reset-of-the-hour",
    "No standard defines X-RateLimit-Reset: here it tells of the hour's quota, and the trial limit refused.",
    checks=LIMITS,
)
def reset_of_the_hour(depot: Depot) -> None:
    told(depot, by_reset("3600"))


@variant(
    "reset-too-early",
    "draft-ietf-httpapi-ratelimit-headers: no client may assume that its quota is whole again at the reset.",
    checks=LIMITS,
)
def reset_too_early(depot: Depot) -> None:
    depot.limiter.plans[KEYS["burnable"].text] = Plan(20, 4)
    told(depot, by_reset("0"))


@variant("retry-after-on-success", "A hint on a success is no refusal.", checks=(*LIMITS, "net.*", "auth.*"))
def retry_after_on_success(depot: Depot) -> None:
    depot.finishers["hint"] = lambda asked, answer: answer.headers.setdefault("Retry-After", "1")


@variant("limiter-shapes", "It delays what exceeds the rate, and refuses nothing.", checks=LIMITS, doubts=RATE)
def limiter_shapes(depot: Depot) -> None:
    due = {"at": 0.0}

    def throttle(whole: Depot, asked: Asked) -> Answer | None:
        if asked.key == KEYS["burnable"]:
            due["at"] = max(due["at"], time.monotonic()) + 0.1
            time.sleep(max(0.0, due["at"] - time.monotonic() - 0.5))
        return None

    depot.steps["throttle"] = throttle


@variant("token-bucket", "Twenty at once, and one more each tenth of a second.", checks=LIMITS)
def token_bucket(depot: Depot) -> None:
    bucket = {"tokens": 20.0, "at": time.time()}
    honest = depot.limiter.take

    def take(key: str) -> Allowance:
        if key != KEYS["burnable"].text:
            return honest(key)
        now = time.time()
        bucket["tokens"] = min(20.0, bucket["tokens"] + (now - bucket["at"]) * 10)
        bucket["at"] = now
        granted = bucket["tokens"] >= 1
        bucket["tokens"] -= granted
        return Allowance(granted, depot.limiter.trial, int(bucket["tokens"]), now + 0.1)

    depot.limiter.take = take  # type: ignore[method-assign]


@variant("limit-per-route", "Each route has a quota of its own; writes are not slowed by reads.", checks=LIMITS)
def limit_per_route(depot: Depot) -> None:
    def throttle(whole: Depot, asked: Asked) -> Answer | None:
        whole.limiter.plans.setdefault(
            asked.key.text + asked.route.name, whole.limiter.plans.get(asked.key.text, whole.limiter.generous)
        )
        asked.key, own = replace(asked.key, text=asked.key.text + asked.route.name), asked.key
        try:
            return Depot.throttle(whole, asked)
        finally:
            asked.key = own

    depot.steps["throttle"] = throttle


@variant("drops-silently", "A firewall that closes the connection refuses too, in its way.", checks=LIMITS, doubts=RATE)
def drops_silently(depot: Depot) -> None:
    def wrap(application: Any) -> Any:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            async def sending(message: Any) -> None:
                await send(message)
                if message.get("status") == 429:
                    raise ConnectionError("dropped")

            await application(scope, receive, sending)

        return app

    depot.wrap = wrap
