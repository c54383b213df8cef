"""The sandbox, as a suite sees it: send a prepared call as somebody, get a reply.

target.send(read)                                  as ``primary``
target.send(read, identity="other_tenant")
target.send(read, token=spoiled)                   the same request with another token
target.anonymous(read)                             without any credential
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from certify.http.call import Call, Reply
from certify.http.credentials import Credentials
from certify.http.quota import come_back_after, throttled
from certify.http.session import Session
from certify.http.wire import TransportError
from certify.model.outcome import Reason
from certify.suite.controls import Controls
from certify.suite.expectations import control
from certify.suite.keeping import Keeper
from certify.suite.verdicts import Inconclusive

MAX_WAIT = 60.0
"""Seconds that one throttled request is waited out at most."""
RETRIES = 3
POLL_S = 0.25


class Target:
    """Sends calls, and keeps out of the way what no check should have to think of: throttling and lost connections."""

    def __init__(
        self, session: Session, sleep: Callable[[float], None] = time.sleep, keeper: Keeper | None = None
    ) -> None:
        self.session = session
        self._sleep = sleep
        self._keeper = keeper
        self._controls = Controls()
        self._taken: set[str] = set()
        self._refused: frozenset[tuple[str, str]] = frozenset()
        # What the profile declares as the limiter's answer is one, also where nothing else tells: nginx says just 503.
        self._refusals = frozenset(limit.status for limit in session.partner.limits) - {403}

    def send(
        self,
        call: Call,
        *,
        identity: str = "primary",
        token: str | None = None,
        headers: Mapping[str, str] | Credentials | None = None,
        purpose: str = "",
        tag: object = "",
        fresh: bool = False,
        patient: bool = True,
    ) -> Reply:
        """Send a call as an identity; ``token`` replaces its token where it stands, ``headers`` all that signs it in.

        Throttling is waited out unless ``patient`` is false; ``fresh`` opens a new connection.
        Raises :class:`Inconclusive` where it stays throttled or no answer comes.
        """
        signed = self._signed(identity, token, headers)
        tags = (str(tag),) if tag else ()

        def once() -> Reply:
            return self._connected(
                call,
                identity,
                lambda: self.session.wire.send(
                    call, signed, identity=identity, purpose=purpose, tags=tags, fresh=fresh
                ),
            )

        reply = self._patiently(call, once) if patient else once()
        if reply.status in (401, 403) and token is None and headers is None:
            self._controls.doubt()
        if signed.whose and self._ended(signed, reply):
            old, signed = signed, self.session.credentials(identity, signed.fingerprint)
            tags = (*tags, "signed in again")
            if signed.fingerprint != old.fingerprint:
                reply = self._patiently(call, once) if patient else once()
                self._ended(signed, reply)
        return reply

    def anonymous(self, call: Call, *, tag: object = "", purpose: str = "") -> Reply:
        """Send a call without any credential, over the same kind of connection."""
        return self.send(call, identity="anonymous", headers=self.session.bare(), purpose=purpose, tag=tag)

    def unknown_credential(self, call: Call, *, purpose: str = "") -> Reply:
        """Send a call with a credential of the right kind that nobody issued."""
        unknown = self.session.credentials("primary").unknown()
        return self.send(call, identity="anonymous", headers=unknown, purpose=purpose, tag="an unknown credential")

    def at_once(self, call: Call, identity: str, purpose: str = "") -> Reply:
        """Send without pacing and take the first answer: only for the checks that measure a limit. Raises
        :class:`TransportError` where none comes, since a limiter may drop requests."""
        credentials = self.session.credentials(identity)
        send = self.session.wire.send
        return self._kept(
            call, identity, lambda: send(call, credentials, identity=identity, paced=False, purpose=purpose)
        )

    def control(
        self, call: Call, what: str = "the valid request", *, token: str | None = None, identity: str = "primary"
    ) -> Reply:
        """The valid request succeeds, now or a moment ago for another check. Raises :class:`Inconclusive`.

        What comes *after* a trial is always asked: :meth:`control_after`.
        """
        shared = self._controls.fresh(call, identity, minted=token is not None)
        return shared or self.control_after(call, what, token=token, identity=identity)

    @contextmanager
    def sandwich(self, call: Call, *, token: str | None = None, identity: str = "primary") -> Iterator[Reply]:
        """The valid request succeeds before (a moment ago at most) and right after; otherwise what lies between proves
        nothing."""
        yield self.control(call, "the control before", token=token, identity=identity)
        self.control_after(call, token=token, identity=identity)

    def control_after(
        self, call: Call, what: str = "the control after", *, token: str | None = None, identity: str = "primary"
    ) -> Reply:
        """The valid request succeeds now. Raises :class:`Inconclusive`."""
        reply = control(self.send(call, token=token, identity=identity, purpose="control"), what)
        self._controls.keep(call, identity, reply, minted=token is not None)
        return reply

    def learn(self, secret: str) -> None:
        """Keep a secret that an answer gave out of the record from now on."""
        self.session.recorder.redactor.learn(secret)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self._sleep(seconds)

    def _signed(self, identity: str, token: str | None, headers: Mapping[str, str] | Credentials | None) -> Credentials:
        if token is not None:
            return self.session.credentials(identity).with_token(token)
        if headers is None:
            return self.session.credentials(identity)
        return headers if isinstance(headers, Credentials) else Credentials(headers)

    def settle(self, window_s: float, done: Callable[[], bool]) -> bool:
        """Ask until something is so, for as long as the declared consistency window lasts; without one, not at all.

        Whether it is so in the end. Polling costs a few reads, and sleeping would cost the whole window each time.
        """
        waited = 0.0
        while window_s > 0:
            if done():
                return True
            if waited >= window_s:
                return False
            step = min(max(POLL_S, window_s / 8), window_s - waited)
            self._sleep(step)
            waited += step
        return True

    def _ended(self, signed: Credentials, reply: Reply) -> bool:
        """Whether credentials that the sandbox has taken before are refused now: revoked, or ended before their time.

        An operation that goes on answering 401, where others say 403, is asked twice once, and then believed.
        """
        place = (signed.whose, reply.call.operation or reply.call.path)
        if reply.ok:
            self._taken.add(signed.fingerprint)
            self._refused -= {place}
        if reply.status != 401:
            return False
        known, self._refused = place in self._refused, self._refused | {place}
        return signed.fingerprint in self._taken and not known

    def _patiently(self, call: Call, once: Callable[[], Reply]) -> Reply:
        for _ in range(RETRIES):
            reply = once()
            if not throttled(reply) and reply.status not in self._refusals:
                if reply.status >= 500:
                    self._controls.doubt()
                return reply
            self._controls.doubt()
            asked = come_back_after(reply)
            self._sleep(min(max(asked if asked is not None else 1.0, 0.1), MAX_WAIT))
        raise Inconclusive(
            Reason.THROTTLED,
            f"{call.method} {call.path} was answered {reply} {RETRIES} times, also after waiting; "
            "declare the limit in the profile (limits) so that it can be honoured",
        )

    def _connected(self, call: Call, identity: str, send: Callable[[], Reply]) -> Reply:
        """Retry a lost connection twice, where that cannot do anything twice. What is created goes into the ledger."""
        attempts = 3 if call.safe else 1
        while True:
            attempts -= 1
            try:
                return self._kept(call, identity, send)
            except TransportError as error:
                self._controls.doubt()
                if attempts <= 0:
                    raise Inconclusive(
                        Reason.CANNOT_TELL, f"{call.method} {call.path} got no answer: {error}"
                    ) from None

    def _kept(self, call: Call, identity: str, send: Callable[[], Reply]) -> Reply:
        if self._keeper is None:
            return send()
        with self._keeper.watching(call, identity) as watch:
            watch.reply = send()
        return watch.reply
