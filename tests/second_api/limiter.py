"""So many requests in each window of a key, and not one more. A window begins with its first request."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from email.utils import formatdate


@dataclass(frozen=True)
class Plan:
    requests: int
    window_s: float


@dataclass(frozen=True)
class Allowance:
    """Whether a request may pass; ``resets`` is the clock time at which the window ends."""

    granted: bool
    plan: Plan
    left: int
    resets: float

    def headers(self) -> dict[str, str]:
        """The dialect of many gateways; ``Reset`` is in seconds from now."""
        left_s = max(0, math.ceil(self.resets - time.time()))
        return {
            "X-RateLimit-Limit": str(self.plan.requests),
            "X-RateLimit-Remaining": str(self.left),
            "X-RateLimit-Reset": str(left_s),
        }

    def come_back(self) -> str:
        """Retry-After as a date (RFC 9110 §10.2.3)."""
        return formatdate(math.ceil(self.resets), usegmt=True)


class Limiter:
    """``plans`` by key; every other key has the generous one."""

    generous = Plan(100_000, 10)
    trial = Plan(20, 2)

    def __init__(self) -> None:
        self.plans: dict[str, Plan] = {}
        self._windows: dict[str, tuple[float, int]] = {}

    def take(self, key: str) -> Allowance:
        plan, now = self.plans.get(key, self.generous), time.time()
        began, used = self._windows.get(key, (now, 0))
        if now >= began + plan.window_s:
            began, used = now, 0
        granted = used < plan.requests
        self._windows[key] = (began, used + granted)
        return Allowance(granted, plan, plan.requests - used - granted, began + plan.window_s)
