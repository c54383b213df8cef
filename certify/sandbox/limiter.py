"""Rate limits: fixed windows, one per client, that open with the client's first request.

A request that is refused is not counted, so a client that keeps knocking is let in as soon as the window is over.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from certify.sandbox.clock import Clock


@dataclass(frozen=True)
class Plan:
    """At most ``requests`` in ``window_s`` seconds."""

    requests: int
    window_s: float


NORMAL = Plan(30_000, 60)
TRIAL = Plan(30, 3)


@dataclass(frozen=True)
class Allowance:
    """Where a client stands after a request. ``reset_s`` is whole seconds, rounded up."""

    plan: Plan
    granted: bool
    remaining: int
    reset_s: int


@dataclass
class _Window:
    ends: float
    used: int = 0


class Limiter:
    """Counts per client. ``plans`` names the clients that do not have the normal plan."""

    def __init__(self, clock: Clock, plans: dict[str, Plan]) -> None:
        self._clock = clock
        self.plans = plans
        self._windows: dict[str, _Window] = {}

    def take(self, client_id: str) -> Allowance:
        """Ask for one request."""
        plan = self.plans.get(client_id, NORMAL)
        window = self._open(client_id, plan)
        granted = window.used < plan.requests
        window.used += granted
        left = math.ceil(window.ends - self._clock.ticks())
        return Allowance(plan, granted, plan.requests - window.used, max(left, 1))

    def _open(self, client_id: str, plan: Plan) -> _Window:
        now = self._clock.ticks()
        window = self._windows.get(client_id)
        if window is None or now >= window.ends:
            window = self._windows[client_id] = _Window(now + plan.window_s)
        return window
