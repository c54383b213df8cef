"""One burst beyond the declared limit, by the identity that may be spent; the rate checks share what it shows.

The order matters: fast reads until the limiter answers, creates while it does, then the return at the promised time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from certify.http.call import Call, Reply
from certify.http.throttling import retry_after
from certify.model.outcome import Reason
from certify.model.partner import Limit, Partner
from certify.suite.canary import canary_of
from certify.suite.expectations import COLLECTOR, control
from certify.suite.probes import Probes
from certify.suite.target import Target
from certify.suite.things import Things
from certify.suite.verdicts import Inconclusive, NotApplicable, NotRun, Stop

PURPOSE = "burst"
MAX_REQUESTS = 2_000
MAX_WINDOW_S = 120.0
WORKERS = 8
ENOUGH = 5
"""Refusals after which the limiter has shown itself."""
HALF = 0.5
"""The share of a window within which the limit has to be reached, or what was served beyond it proves nothing."""
CREATES = 3
RETURNS = 3


@dataclass
class Burst:
    """What was sent and what came back, in the order of sending. ``returned`` are the calls after the promised wait."""

    limit: Limit
    identity: str
    replies: list[Reply] = field(default_factory=list)
    seconds: float = 0.0
    creates: list[Reply] = field(default_factory=list)
    promised: float | None = None
    returned: list[Reply] = field(default_factory=list)
    ends: float = 0.0

    def refused(self, reply: Reply) -> bool:
        return reply.status in (429, self.limit.status)

    @property
    def refusals(self) -> list[Reply]:
        return [reply for reply in self.replies if self.refused(reply)]

    @property
    def served(self) -> int:
        return sum(reply.ok for reply in self.replies)

    @property
    def served_in_window(self) -> int:
        """What was served within one window before the first refusal: what came earlier belongs to another window."""
        held = min((reply.received for reply in self.refusals), default=0.0)
        if not held:
            return self.served
        return sum(reply.ok and held - self.limit.window_s <= reply.received <= held for reply in self.replies)

    @property
    def slow(self) -> bool:
        """Whether the limit was reached so late that a boundary between two fixed windows may well lie in between."""
        arrived = sorted(reply.received for reply in self.replies if reply.ok)
        reached = arrived[self.limit.requests - 1] - arrived[0] if len(arrived) >= self.limit.requests else 0.0
        return reached > self.limit.window_s * HALF


class Bursts:
    """Makes one burst for each attempt at the rate checks."""

    def __init__(self, partner: Partner, target: Target, things: Things, probes: Probes) -> None:
        self._partner, self._target, self._things, self._probes = partner, target, things, probes
        self._made: dict[int, Burst] = {}

    def burst(self) -> Burst:
        """The burst of this attempt. Raises a :class:`Stop` where there may be none."""
        number = COLLECTOR.get().attempt
        if number not in self._made:
            self._made[number] = self._make()
        return self._made[number]

    def stored(self, burst: Burst) -> list[Reply]:
        """Those refused creates that can be found in the collection after all."""
        self._target.wait(max(0.0, burst.ends - time.time()))
        refused = [reply for reply in burst.creates if burst.refused(reply)]
        lister = self._probes.resource("create", "list").list if refused else None
        if lister is None:
            return []
        call = self._things.call(lister, burst.identity)
        listed = control(self._target.send(call, identity=burst.identity, purpose="read-back"), "listing afterwards")
        return [reply for reply in refused if canary_of(reply.call.body) in listed.text]

    def _make(self) -> Burst:
        burst = Burst(*self._limit())
        self._target.session.credentials(burst.identity)
        call, before = self._call(), self._target.session.recorder.count
        creates = self._creates(burst.identity)
        used = burst.identity == "primary" or self._made or self._target.session.recorder.count > before
        if used:
            self._target.wait(burst.limit.window_s)
        self._exceed(burst, call)
        if burst.refusals:
            burst.creates = [self._at_once(create, burst) for create in creates]
            self._come_back(burst, call)
        return burst

    def _limit(self) -> tuple[Limit, str]:
        """The limit that is measured, and whose it is: the expendable identity's own, else the one of ``primary``."""
        identity = "burnable" if "burnable" in self._partner.identities else "primary"
        limits = {limit.identity: limit for limit in reversed(self._partner.limits)}
        limit = limits.get(identity) or limits.get("*")
        if limit is None:
            raise NotApplicable(Reason.CAPABILITY_NOT_OFFERED, "no rate limit is declared: add limits to the profile")
        if not self._partner.permissions.allow_stress:
            raise NotRun(Reason.NO_PERMISSION, "set permissions.allow_stress to true in the profile")
        if limit.requests * 2 > MAX_REQUESTS or limit.window_s > MAX_WINDOW_S:
            raise NotRun(
                Reason.BUDGET,
                f"exceeding {limit.requests} requests in {limit.window_s:g} s would take too many; add an identity "
                "'burnable' with a limit of its own, at most 1000 requests in 120 s",
            )
        return limit, identity

    def _call(self) -> Call:
        hint = self._partner.operations.get("cheap")
        operation = self._things.contract.operation(hint.operation) if hint else None
        return self._things.call(operation) if operation is not None else self._probes.secured_read()

    def _creates(self, identity: str) -> list[Call]:
        """Creates that can be told apart, where writes are allowed and the API has them."""
        if not self._partner.permissions.allow_writes:
            return []
        try:
            create = self._probes.resource("create", "list").create
            return [self._things.call(create, identity) for _ in range(CREATES)] if create else []
        except Stop:
            return []

    def _exceed(self, burst: Burst, call: Call) -> None:
        """Send until the limiter has shown itself, or twice the limit went through."""
        most, started = burst.limit.requests * 2, time.monotonic()
        burst.replies.append(control(self._first(burst, call), "the first call of the burst"))
        burst.ends = time.time() + burst.limit.window_s + 1
        with ThreadPoolExecutor(WORKERS) as pool:
            while len(burst.replies) < most and len(burst.refusals) < ENOUGH:
                count = min(WORKERS, most - len(burst.replies))
                burst.replies += _together(pool, [lambda: self._at_once(call, burst)] * count)
        burst.seconds = time.monotonic() - started
        if not burst.refusals and (burst.slow or burst.seconds > burst.limit.window_s):
            raise Inconclusive(
                Reason.CANNOT_TELL,
                f"{len(burst.replies)} requests took {burst.seconds:.1f} s, too long in a window of "
                f"{burst.limit.window_s:g} s: the limit could not be exceeded from here",
            )

    def _first(self, burst: Burst, call: Call) -> Reply:
        """The first call of a fresh window; the limiter may hold longer than it should after an earlier burst."""
        reply = self._at_once(call, burst)
        if burst.refused(reply):
            self._target.wait(2 * burst.limit.window_s)
            reply = self._at_once(call, burst)
        return reply

    def _come_back(self, burst: Burst, call: Call) -> None:
        """Wait as long as the last refusal said, and ask again, a few times at most."""
        last = [*burst.refusals, *filter(burst.refused, burst.creates)][-1]
        burst.promised = retry_after(last)
        if burst.promised is None or burst.promised > MAX_WINDOW_S:
            return
        self._target.wait(max(0.0, last.received + burst.promised + 1 - time.time()))
        for _ in range(RETURNS):
            burst.returned.append(self._at_once(call, burst))
            if not burst.refused(burst.returned[-1]):
                return
            self._target.wait(0.3)

    def _at_once(self, call: Call, burst: Burst) -> Reply:
        return self._target.at_once(call, burst.identity, PURPOSE)


def _together(pool: ThreadPoolExecutor, calls: Sequence[Callable[[], Reply]]) -> list[Reply]:
    return [future.result() for future in [pool.submit(call) for call in calls]]
