"""One burst beyond the declared limit, by the identity that may be spent; the rate checks share what it shows.

The order matters: fast reads until the limiter holds, creates while it does, then the return at the promised time.

Within a window's time a lawful limiter may serve up to two limits (the end of one fixed window and the beginning of
the next; a full bucket and what is refilled), and none serves more. So a burst without any refusal has to go beyond two
limits, and one that was held between one and a half and two is made again half a window later in phase: a boundary
cannot lie in both.
"""

from __future__ import annotations

import math
import time
from concurrent.futures import ThreadPoolExecutor

from certify.contract import Operation
from certify.http.call import Call, Reply
from certify.http.quota import come_back_after
from certify.http.throttling import retry_after
from certify.http.wire import TransportError
from certify.model.outcome import Reason
from certify.model.partner import Limit, Partner
from certify.suite.burst import HALF, Burst
from certify.suite.canary import canary_of
from certify.suite.expectations import COLLECTOR, control, note
from certify.suite.probes import Probes
from certify.suite.target import Target
from certify.suite.things import Things
from certify.suite.verdicts import Inconclusive, NotApplicable, NotRun, Stop
from certify.suite.whereabouts import Whereabouts

PURPOSE = "burst"
MAX_REQUESTS = 2_000
MAX_WINDOW_S = 120.0
WORKERS = 8
ENOUGH = 5
"""Refusals after which the limiter has shown itself."""
CREATES = 3
RETURNS = 3


class Bursts:
    """Makes one burst for each attempt at the rate checks."""

    def __init__(self, partner: Partner, target: Target, things: Things, probes: Probes) -> None:
        self._partner, self._target, self._things, self._probes = partner, target, things, probes
        self._whereabouts = Whereabouts(things.contract, partner, target, things)
        self._made: dict[int, Burst] = {}

    def burst(self) -> Burst:
        """The burst of this attempt, the stricter of two where one was needed. Raises a :class:`Stop` where there may
        be none."""
        number = COLLECTOR.get().attempt
        if number not in self._made:
            burst = self._make(*self._limit())
            if burst.lax and not burst.slow:
                self._shift_phase(burst)
                burst = min(burst, self._make(burst.limit, burst.identity, fresh=True), key=lambda made: made.share)
            self._made[number] = burst
        return self._made[number]

    def stored(self, burst: Burst) -> list[Reply]:
        """Those refused creates that can be found in the collection after all."""
        refused = [reply for reply in burst.creates if burst.refused(reply)]
        create = self._probes.resource("create", "list").create if refused else None
        if create is None:
            note("no create was refused, so whether refused writes have an effect was not seen")
            return []
        window_ends = burst.started + burst.seconds + burst.limit.window_s + 1
        self._target.wait(max(0.0, window_ends - time.time()) + self._partner.consistency_window_s)
        return [reply for reply in refused if self._copies(create, reply.call, burst.identity)]

    def _copies(self, create: Operation, call: Call, identity: str) -> int:
        copies = self._whereabouts.copies(call.path, create, canary_of(call.body), identity)
        if copies is None:
            note("the collection could not be looked through, so whether refused writes have an effect was not seen")
        return copies or 0

    # — one burst —

    def _make(self, limit: Limit, identity: str, *, fresh: bool = False) -> Burst:
        burst = Burst(limit, identity)
        self._target.session.credentials(identity)
        call, before = self._call(burst), self._target.session.recorder.count
        creates = self._creates(identity)
        used = identity == "primary" or self._made or self._target.session.recorder.count > before
        if used and not fresh:
            self._target.wait(limit.window_s)
        self._exceed(burst, call)
        if burst.held:
            for create in creates:
                self._add(burst, burst.creates, create)
            self._come_back(burst, call)
        return burst

    def _shift_phase(self, burst: Burst) -> None:
        """Wait for a moment that is a window away from the burst, and half of one in phase."""
        window, free = burst.limit.window_s, time.time() + burst.limit.window_s
        windows = math.ceil((free - burst.started) / window - HALF) + HALF
        self._target.wait(max(0.0, burst.started + windows * window - time.time()))

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

    def _call(self, burst: Burst) -> Call:
        hint = self._partner.operations.get("cheap")
        operation = self._things.contract.operation(hint.operation) if hint else None
        burst.open_to_all = operation is not None and not operation.secured
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
        """Send until the limiter has shown itself, more than twice the limit went through, or the window is over."""
        most = burst.limit.requests * 2 + ENOUGH
        burst.replies.append(control(self._first(burst, call), "the first call of the burst"))
        burst.started, clock = time.time(), time.monotonic()
        with ThreadPoolExecutor(WORKERS) as pool:
            while burst.sent < most and burst.held < ENOUGH and time.monotonic() - clock <= burst.limit.window_s:
                count = min(WORKERS, most - burst.sent)
                for done in [pool.submit(self._add, burst, burst.replies, call) for _ in range(count)]:
                    done.result()
        burst.seconds = time.monotonic() - clock
        if not burst.held:
            self._doubt(burst, most)

    def _doubt(self, burst: Burst, most: int) -> None:
        """Raise :class:`Inconclusive` where a burst without any refusal does not show that there is no limiter."""
        told, window = f"{burst.sent} requests took {burst.seconds:.1f} s", burst.limit.window_s
        if burst.crashes:
            raise Inconclusive(
                Reason.CANNOT_TELL, f"the sandbox answered {burst.crashes[0]} under the burst, before any limiter held"
            )
        if burst.sent >= most and not burst.slow and burst.seconds <= window:
            return
        if burst.slowed:
            raise Inconclusive(
                Reason.CANNOT_TELL,
                f"{told}, and answers came later and later: a limiter that delays instead of refusing, or a sandbox at "
                "the end of its strength; which of them cannot be told from here",
            )
        raise Inconclusive(
            Reason.CANNOT_TELL,
            f"{told}, too long in a window of {window:g} s: the limit could not be exceeded from here",
        )

    def _first(self, burst: Burst, call: Call) -> Reply:
        """The first call of a fresh window; the limiter may hold longer than it should after an earlier burst."""
        for _ in range(2):
            replies: list[Reply] = []
            self._add(burst, replies, call)
            if replies and not burst.refused(replies[0]):
                return replies[0]
            burst.lost.clear()
            self._target.wait(2 * burst.limit.window_s)
        raise Inconclusive(Reason.THROTTLED, "the sandbox refuses already before the burst, also after two windows")

    def _come_back(self, burst: Burst, call: Call) -> None:
        """Wait as long as the last refusal said, else for the window's end, and ask again, a few times at most."""
        last = next(reversed([*burst.refusals, *filter(burst.refused, burst.creates)]), None)
        if last is not None:
            burst.promised, burst.binding = come_back_after(last), retry_after(last) is not None
        wait = burst.limit.window_s if burst.promised is None else burst.promised
        if not 0 <= wait <= MAX_WINDOW_S:
            return
        since = last.received if last is not None else max(burst.lost)
        self._target.wait(max(0.0, since + wait + 1 - time.time()))
        for _ in range(RETURNS):
            self._add(burst, burst.returned, call)
            if burst.recovered:
                return
            self._target.wait(0.3)

    def _add(self, burst: Burst, to: list[Reply], call: Call) -> None:
        """Send at once, and keep what comes; no answer is what a limiter may give that drops requests."""
        try:
            to.append(self._target.at_once(call, burst.identity, PURPOSE))
        except TransportError:
            burst.lost.append(time.time())
