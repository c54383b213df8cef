"""Who signs in, once for everybody: credentials are made when they are first needed, and again before they expire.

A run has one :class:`Office`, in its parent. Its children ask it over a socket of their own (``broker.py``), so that an
identity signs in once a run, and a refresh token that is used up is used up by one.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from certify.http.credentials import Credentials
from certify.http.signin.interface import Flow, Means
from certify.model.partner import Identity

MOST_RENEWALS = 5
"""How often an identity is signed in again because its credentials were refused; then they stay refused."""


class Provider(Protocol):
    """Gives credentials: the office itself, or the way to it."""

    def credentials(self, identity: str, refused: str = "") -> Credentials:
        """Valid credentials; others than those with the fingerprint ``refused``, where others can be had."""
        ...

    def forget(self) -> None:
        """Let go of what is held here."""
        ...


class Office:
    """Signs identities in by one flow. Thread-safe. ``tell`` hears, once for each identity, that it had to sign in
    again because its credentials were refused before their time."""

    def __init__(self, flow: Flow, means: Means, tell: Callable[[str], None] = lambda _: None) -> None:
        self._flow, self._means = flow, means
        self.tell = tell
        self._held: dict[str, Credentials] = {}
        self._renewals: Counter[str] = Counter()
        self._lock = threading.RLock()

    def credentials(self, identity: str, refused: str = "") -> Credentials:
        """See :class:`Provider`. Raises :class:`certify.errors.SandboxUnreachableError` where signing in fails."""
        with self._lock:
            held = self._held.get(identity)
            if held is None:
                return self._hold(identity, self._flow.sign_in(self._identity(identity)))
            if refused and refused == held.fingerprint and self._may_renew(identity):
                return self._hold(identity, self._flow.renew(self._identity(identity)))
            if not held.valid(time.time()):
                return self._hold(identity, self._flow.renew(self._identity(identity)))
            return held

    def forget(self) -> None:
        """Sign everybody in anew when they are next needed."""
        with self._lock:
            self._held.clear()

    def _may_renew(self, identity: str) -> bool:
        """Whether signing in again can help; credentials that never change stay refused."""
        if not self._flow.renewable or self._renewals[identity] >= MOST_RENEWALS:
            return False
        self._renewals[identity] += 1
        if self._renewals[identity] == 1:
            self.tell(f"identity {identity!r} was refused before its credentials expired, and signed in again")
        return True

    def _hold(self, identity: str, credentials: Credentials) -> Credentials:
        certificate = credentials.certificate or self._means.certificate(self._identity(identity))
        self._held[identity] = replace(credentials, whose=identity, certificate=certificate)
        for value in credentials.secrets():
            self._means.wire.redactor.learn(value)
        return self._held[identity]

    def _identity(self, name: str) -> Identity:
        # ``none`` sign-in needs no declared identity, so an empty one stands in.
        return self._means.partner.identities.get(name) or Identity(name)
