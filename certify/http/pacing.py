"""Politeness: no more requests per second than the limit leaves us, whether it was declared or only observed.

All processes of a run share one pace (:class:`certify.budget.Meter`): two that each keep the limit break it together.
What an answer says of the limit is heeded by all of them as well: how much is left of a quota until it starts afresh,
and how long to stay away (RFC 9110 §10.2.3; draft-ietf-httpapi-ratelimit-headers).
"""

from __future__ import annotations

import time
from collections.abc import Callable

from certify.budget import GAP, NOT_BEFORE, OBSERVED, SLOT, Meter
from certify.http.call import Reply
from certify.http.quota import come_back_after, quotas, throttled
from certify.model.partner import Partner

DEFAULT_RATE = 5.0
"""Requests per second where the profile declares no limit: slow enough for a sandbox that nobody knows."""
LONGEST_WAIT_S = 60.0
"""Seconds that a partner may keep us waiting at a time, whatever it says."""

FEW, FEW_SHARE = 20, 0.2
"""From how many requests on, or which share of a quota, what is left is spread: enough for all that are on the way."""
UNTOLD_S = 1.0
"""Seconds that we stay away after a refusal that does not say how long."""


class Pacer:
    """Spaces requests evenly, at the rate of a meter: one of the run, or one of this process alone. Thread-safe.

    The first ``burst`` requests go at once: a run starts with a handful of controls, and a limit is a sum over time.
    Where an answer says that less is left, requests are spread over the time until more is.
    """

    def __init__(
        self,
        meter: Meter,
        burst: int = 10,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._meter = meter
        self._burst, self._clock, self._sleep = burst, clock, sleep
        self._emptied = 0

    def wait(self) -> None:
        """Return when the next request may go out."""
        delay = self._slot()
        while delay > 0:
            self._sleep(delay)
            delay = self._pause()  # somebody may have been told to stay away meanwhile

    def learn(self, reply: Reply) -> None:
        """Take from an answer what it says of the limit."""
        if throttled(reply):
            asked = come_back_after(reply)
            self.heed(UNTOLD_S if asked is None else asked)
        elif any("rate" in name.lower() for name, _ in reply.headers):
            told = next((q for q in quotas(reply) if q.remaining is not None and q.reset_s is not None), None)
            if told is not None:
                self.observe(told.remaining or 0, told.reset_s or 0.0, told.limit or 0)

    def heed(self, seconds: float) -> None:
        """Nobody sends anything for so long; bounded."""
        with self._meter.held() as n:
            n[NOT_BEFORE] = max(n[NOT_BEFORE], self._clock() + min(max(seconds, 0.0), LONGEST_WAIT_S))

    def observe(self, remaining: float, reset: float, limit: float = 0) -> None:
        """An answer said that so many requests of ``limit`` remain for the next ``reset`` seconds.

        While plenty is left nothing changes; what is left in the end is spread. A quota that claims to be empty while
        it serves one request after another is not believed.
        """
        if remaining >= 1 and reset > 0:
            self._emptied = 0
            plenty = remaining > max(FEW, limit * FEW_SHARE)
            with self._meter.held() as n:
                n[OBSERVED] = 0.0 if plenty else min(reset / remaining, LONGEST_WAIT_S)
        elif reset > 0:
            self._emptied += 1
            if self._emptied <= _BELIEVED:
                self.heed(reset)

    def _slot(self) -> float:
        """Take the next free place in the common pace; seconds until then."""
        with self._meter.held() as n:
            now, gap = self._clock(), max(n[GAP], n[OBSERVED])
            if not gap and n[NOT_BEFORE] <= now:
                return 0.0
            # What is left of a quota is spread from now on: only a declared limit lets a run start with a burst.
            allowance = gap * (self._burst - 1) if n[OBSERVED] <= n[GAP] else 0.0
            n[SLOT] = max(n[SLOT] + gap, now - allowance)
            return max(n[SLOT], n[NOT_BEFORE]) - now

    def _pause(self) -> float:
        with self._meter.held() as n:
            return n[NOT_BEFORE] - self._clock()


_BELIEVED = 2
"""How often in a row a quota may be empty right after it was waited for."""


def polite_rate(partner: Partner, share: float = 0.5) -> float:
    """Requests per second: a share of the tightest limit that binds every identity, or the default."""
    general = [limit.requests / limit.window_s for limit in partner.limits if limit.identity in ("*", "primary")]
    return min(general) * share if general else DEFAULT_RATE
