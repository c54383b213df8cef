"""The sandbox, as a suite sees it: send a prepared call as somebody, get a reply.

target.send(read)                                  as ``primary``
target.send(read, identity="other_tenant")
target.send(read, token=spoiled)                   the same request with another token
target.anonymous(read)                             without any credential
"""

from __future__ import annotations

import email.utils
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from certify.http.call import Call, Reply
from certify.http.session import Session
from certify.http.wire import TransportError
from certify.model.outcome import Reason
from certify.suite.expectations import control
from certify.suite.verdicts import Inconclusive

MAX_WAIT = 30.0
"""Seconds that one throttled request is waited out at most."""
RETRIES = 3


class Target:
    """Sends calls, and keeps out of the way what no check should have to think of: throttling and lost connections."""

    def __init__(self, session: Session, sleep: Callable[[float], None] = time.sleep) -> None:
        self.session = session
        self._sleep = sleep

    def send(
        self,
        call: Call,
        *,
        identity: str = "primary",
        token: str | None = None,
        purpose: str = "",
        tag: object = "",
        fresh: bool = False,
    ) -> Reply:
        """Send a call as an identity; ``token`` replaces the bearer token. Throttling is waited out.

        Raises :class:`Inconclusive` where it stays throttled or no answer comes.
        """
        headers = self.session.headers_for(identity) if token is None else {"Authorization": f"Bearer {token}"}
        return self._patiently(call, headers, identity, purpose, str(tag), fresh)

    def anonymous(self, call: Call, *, tag: object = "", purpose: str = "") -> Reply:
        """Send a call without any credential."""
        return self._patiently(call, {}, "anonymous", purpose, str(tag), False)

    def at_once(self, call: Call, identity: str) -> Reply:
        """Send without pacing and take the first answer: only for the checks that measure a limit."""
        headers = self.session.headers_for(identity)
        return self.session.wire.send(call, headers, identity=identity, paced=False)

    @contextmanager
    def sandwich(self, call: Call, *, token: str | None = None, identity: str = "primary") -> Iterator[Reply]:
        """The valid request succeeds right before and right after; otherwise what lies between proves nothing."""
        yield control(self.send(call, token=token, identity=identity, purpose="control"), "the control before")
        control(self.send(call, token=token, identity=identity, purpose="control"), "the control after")

    def _patiently(
        self, call: Call, headers: dict[str, str], identity: str, purpose: str, tag: str, fresh: bool
    ) -> Reply:
        for _ in range(RETRIES):
            reply = self._connected(call, headers, identity, purpose, tag, fresh)
            if not throttled(reply):
                return reply
            self._sleep(min(retry_after(reply, default=1.0), MAX_WAIT))
        raise Inconclusive(
            Reason.THROTTLED,
            f"{call.method} {call.path} was answered {reply} {RETRIES} times, also after waiting; "
            "declare the limit in the profile (limits) so that it can be honoured",
        )

    def _connected(
        self, call: Call, headers: dict[str, str], identity: str, purpose: str, tag: str, fresh: bool
    ) -> Reply:
        """Retry a lost connection twice, where that cannot do anything twice."""
        attempts = 3 if call.safe else 1
        while True:
            attempts -= 1
            try:
                return self.session.wire.send(
                    call, headers, identity=identity, purpose=purpose, tags=(tag,) if tag else (), fresh=fresh
                )
            except TransportError as error:
                if attempts <= 0:
                    raise Inconclusive(
                        Reason.CANNOT_TELL, f"{call.method} {call.path} got no answer: {error}"
                    ) from None


def throttled(reply: Reply) -> bool:
    """429, or a 503 that says when to come back (RFC 6585 §4, RFC 9110 §15.6.4)."""
    return reply.status == 429 or (reply.status == 503 and reply.header("Retry-After") is not None)


def retry_after(reply: Reply, default: float = 0.0) -> float:
    """Seconds until ``Retry-After``, given as a number or as a date (RFC 9110 §10.2.3); ``default`` where unreadable."""
    value = (reply.header("Retry-After") or "").strip()
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return default
