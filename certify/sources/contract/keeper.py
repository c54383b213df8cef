"""The parent's side of the fuzzing identity: it signs for the workers, and says whether the identity still stands."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from certify.errors import BudgetSpentError, CertifyError
from certify.http.broker import Broker
from certify.http.call import Call
from certify.http.session import Session
from certify.http.wire import TransportError
from certify.sources.contract.standing import Step

STANDS, RENEWED, GONE = "stands", "renewed", "gone"


class Keeper:
    """Thread-safe. Once an identity is gone it stays gone: the second worker that asks is told without a request."""

    def __init__(self, session: Session, identity: str) -> None:
        self._session, self._identity = session, identity
        self._broker = Broker(session)
        self._control: Step | None = None
        self._gone = False
        self._lock = threading.Lock()

    def answer(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """Credentials, or the signature of one request (:mod:`certify.http.broker`); secrets stay with the parent."""
        if question.get("ask") == "secrets":
            return {"error": "generated requests need no secrets"}
        return self._broker({**question, "identity": self._identity})

    def remember(self, control: Step) -> None:
        """A read that worked, for workers that have none of their own."""
        with self._lock:
            self._control = self._control or control

    def standing(self, control: Step | None) -> str:
        """Send a read that worked before. ``renewed``: only its session had ended, and signing in anew helped.

        Without such a read nothing can be told, and the identity is taken to stand.
        """
        with self._lock:
            probe = control or self._control
            if self._gone or probe is None:
                return GONE if self._gone else STANDS
            if self._works(probe):
                return STANDS
            if self._signs_in_anew() and self._works(probe):
                return RENEWED
            self._gone = True
            return GONE

    def _signs_in_anew(self) -> bool:
        """Whether a refused session could be replaced; an account that is gone is refused already here."""
        try:
            self._session.credentials(self._identity, self._session.credentials(self._identity).fingerprint)
        except BudgetSpentError:
            return True
        except CertifyError:
            return False
        return True

    def _works(self, probe: Step) -> bool:
        """Whether the read is answered. A limiter, a crash, no answer, or a spent budget says nothing of it."""
        call = Call("GET", probe.url, probe.label)
        try:
            signed = self._session.credentials(self._identity)
            reply = self._session.wire.send(call, signed, identity=self._identity, fresh=True, purpose="control")
        except (TransportError, BudgetSpentError):
            return True
        except CertifyError:  # it cannot even sign in
            return False
        return reply.status not in (401, 403)
