"""Controls that checks share: what has just worked for one check need not be asked again by the next.

A refusal proves something only beside a success. Checks run in turn, so the control that ends one begins the next, as
long as nothing has gone wrong in between: an answer that is throttled, failed, lost, or refuses an identity's own
credentials ends all sharing. What has to succeed after a trial is never shared.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from certify.http.call import ABSENT, Call, Reply

FRESH_S = 5.0
"""Seconds for which a control stands: long enough for the next check, too short for a sandbox to change its mind."""

Key = tuple[str, str, str, bool]


class Controls:
    """The latest success of each request that served as a control, by who sent it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: dict[Key, tuple[float, Reply]] = {}

    def fresh(self, call: Call, identity: str, *, minted: bool) -> Reply | None:
        """A success of the same request that still stands, or None. ``minted``: signed with a token of our own."""
        at, reply = self._held.get(_key(call, identity, minted), (0.0, None))
        return reply if self._clock() - at <= FRESH_S else None

    def keep(self, call: Call, identity: str, reply: Reply, *, minted: bool) -> None:
        """Remember a control. Only what reads can be shared: a write is never the same request twice."""
        if reply.ok and call.safe and call.body is ABSENT:
            self._held[_key(call, identity, minted)] = (self._clock(), reply)

    def doubt(self) -> None:
        """Something went wrong: nothing that worked before proves anything now."""
        self._held.clear()


def _key(call: Call, identity: str, minted: bool) -> Key:
    # A fresh token of the same kind is as good as the one before: its text does not matter.
    return (call.method, f"{call.target()} {call.headers}", identity, minted)
