"""What one burst beyond a limit shows: how much was served within a window, how the limiter refused, what came after.

Nothing obliges a limiter to answer 429. RFC 6585 §4 only offers it, and allows dropping connections; nginx says 503,
GitHub and many firewalls 403. A request that was served before the burst, is refused within it and is served again
afterwards was refused by a limiter, whatever number it was given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from certify.http.call import Reply
from certify.model.partner import Limit

REFUSALS = frozenset({403, 429, 503})
HALF = 0.5
"""The share of a window within which the limit has to be reached, or what was served beyond it proves nothing."""
LATE = 1.5
"""The share of the limit that may be served within one window: counters that several instances share lag behind."""


@dataclass
class Burst:
    """What was sent and what came back, in the order of sending.

    ``lost`` are the times, in seconds since the epoch, at which requests ended without any answer. ``creates`` were
    sent while the limiter refused. ``promised`` is how long the last refusal asked to wait, in seconds, and ``binding``
    whether Retry-After said so; ``returned`` are the calls after that, or after the window. ``open_to_all`` says that
    the call demands no credential.
    """

    limit: Limit
    identity: str
    replies: list[Reply] = field(default_factory=list)
    lost: list[float] = field(default_factory=list)
    started: float = 0.0
    seconds: float = 0.0
    creates: list[Reply] = field(default_factory=list)
    promised: float | None = None
    binding: bool = False
    returned: list[Reply] = field(default_factory=list)
    open_to_all: bool = False

    def refused(self, reply: Reply) -> bool:
        return reply.status in REFUSALS or reply.status == self.limit.status

    @property
    def refusals(self) -> list[Reply]:
        return [reply for reply in self.replies if self.refused(reply)]

    @property
    def held(self) -> int:
        """How often the limiter has shown itself: by a refusal, or by dropping a request."""
        return len(self.refusals) + len(self.lost)

    @property
    def silent(self) -> bool:
        """Whether it only dropped requests, and told nobody why."""
        return bool(self.lost) and not self.refusals

    @property
    def crashes(self) -> list[Reply]:
        return [reply for reply in self.replies if reply.status >= 500 and not self.refused(reply)]

    @property
    def sent(self) -> int:
        return len(self.replies) + len(self.lost)

    @property
    def served(self) -> int:
        return sum(reply.ok for reply in self.replies)

    @property
    def served_in_window(self) -> int:
        """What was served within one window before the limiter first held: what came earlier belongs to another."""
        held = min([*(reply.received for reply in self.refusals), *self.lost], default=0.0)
        if not held:
            return self.served
        return sum(reply.ok and held - self.limit.window_s <= reply.received <= held for reply in self.replies)

    @property
    def share(self) -> float:
        """What was served within a window, in limits."""
        return self.served_in_window / self.limit.requests

    @property
    def lax(self) -> bool:
        """Whether more was served than the limit and its tolerance, although the limiter held in the end."""
        return bool(self.held) and self.share > LATE

    @property
    def slow(self) -> bool:
        """Whether the limit was reached so late that a boundary between two fixed windows may well lie in between."""
        arrived = sorted(reply.received for reply in self.replies if reply.ok)
        reached = arrived[self.limit.requests - 1] - arrived[0] if len(arrived) >= self.limit.requests else 0.0
        return reached > self.limit.window_s * HALF

    @property
    def slowed(self) -> bool:
        """Whether answers came much later in the end than in the beginning, as a limiter makes them that delays."""
        times = [reply.seconds for reply in self.replies if reply.ok]
        return len(times) >= 10 and _middle(times[-5:]) > 4 * max(_middle(times[:5]), 0.01)

    @property
    def recovered(self) -> bool:
        """Whether a call was served again afterwards: without that, it may not have been the limiter that refused."""
        return any(reply.ok for reply in self.returned)


def _middle(times: Sequence[float]) -> float:
    return sorted(times)[len(times) // 2]
