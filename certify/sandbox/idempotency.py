"""Idempotency keys (draft-ietf-httpapi-idempotency-key-header): a repeated write gives the first answer again.

A key belongs to a client and an operation. Only successes are kept: a refused request leaves its key unused, so that a
client may mend the request and send it again under the same key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

from certify.sandbox.call import Answer, Call
from certify.sandbox.clock import Clock
from certify.sandbox.problems import ProblemError

RETENTION_S = 24 * 3600


@dataclass(frozen=True)
class _First:
    fingerprint: str
    answer: Answer
    at: float


class Idempotency:
    """Remembers the first answer for each key."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._firsts: dict[tuple[str, str, str], _First] = {}

    def once(self, call: Call, act: Callable[[], Answer]) -> Answer:
        """Act, or give the answer of the first time again, marked as such."""
        key = call.inputs.get("Idempotency-Key")
        if key is None:
            return act()
        place = (call.caller.client_id, call.served.id, key)
        first = self._remembered(place)
        return self._replay(first, call) if first else self._act(place, call, act)

    def _remembered(self, place: tuple[str, str, str]) -> _First | None:
        self._forget_the_old()
        return self._firsts.get(place)

    def _forget_the_old(self) -> None:
        """Keys stand in the order of their time, so only the first ones can be too old."""
        horizon = self._clock.ticks() - RETENTION_S
        while self._firsts and next(iter(self._firsts.values())).at < horizon:
            del self._firsts[next(iter(self._firsts))]

    def _act(self, place: tuple[str, str, str], call: Call, act: Callable[[], Answer]) -> Answer:
        answer = act()
        if answer.status < 300:
            self._firsts[place] = _First(_fingerprint(call), deepcopy(answer), self._clock.ticks())
        return answer

    def _replay(self, first: _First, call: Call) -> Answer:
        if first.fingerprint != _fingerprint(call):
            raise ProblemError("idempotency-key-reused", "Use a fresh key for another request.")
        answer = deepcopy(first.answer)
        answer.headers["Idempotent-Replayed"] = "true"
        return answer


def _fingerprint(call: Call) -> str:
    """Equal for requests that mean the same: the path, and the body whatever its spelling."""
    meaning = json.dumps([call.path, call.body], sort_keys=True)
    return hashlib.sha256(meaning.encode()).hexdigest()
