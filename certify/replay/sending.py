"""Sending a recorded request again, in a session that records into a folder of its own: what is shown is redacted."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from certify.contract import Contract
from certify.http.call import Reply
from certify.http.key_set import served
from certify.http.quota import come_back_after, throttled
from certify.http.session import Session, open_session
from certify.model.codec import encode
from certify.model.exchange import Exchange
from certify.model.partner import Partner
from certify.model.plan import Plan
from certify.replay.leftovers import take_away
from certify.replay.rebuild import Rebuilt, rebuild
from certify.replay.subject import read_exchanges
from certify.replay.substitute import about_another
from certify.rundir import RunDirectory
from certify.suite.traffic import Seen

LONGEST_WAIT_S = 30.0
"""Seconds that one throttled answer is waited out at most."""
WRITER = "replay"


class Sender:
    """Sends for one replay. ``notes`` are what a reader should know of it."""

    def __init__(self, plan: Plan, session: Session, folder: Path, notes: list[str]) -> None:
        self._plan, self._session, self._folder = plan, session, folder
        self.notes = notes

    def send(self, exchange: Exchange, contract: Callable[[], Contract]) -> Reply:
        """The answer to the request, made again; what it created is deleted.

        Raises :class:`certify.replay.rebuild.CannotRebuildError`, and ``TransportError`` where no answer comes.
        """
        if exchange.purpose == "sign-in" and exchange.response and exchange.response.status < 400:
            return self._sign_in(exchange)
        again = self._rebuilt(exchange)
        reply = self._patiently(again)
        created = reply.ok and again.call.method in ("POST", "PUT")
        if created and (left := take_away(again, reply, self._session, contract())):
            self.notes.append(left)
        return reply

    def send_about_another(self, exchange: Exchange, contract: Callable[[], Contract]) -> Reply | None:
        """The answer to the same request about an object made for it; None where that cannot be."""
        with about_another(self._rebuilt(exchange), self._session, contract(), self._plan.run_id) as again:
            if again is None:
                return None
            self.notes.append("the object of the record is gone: the request was sent about another one")
            return self._patiently(again)

    def shown(self, reply: Reply) -> Exchange | None:
        """The record of an answer."""
        return read_exchanges(RunDirectory(self._folder), [reply.exchange]).get(reply.exchange)

    def _rebuilt(self, exchange: Exchange) -> Rebuilt:
        return rebuild(exchange, self._plan.partner.base_url, self._session)

    def _patiently(self, again: Rebuilt) -> Reply:
        """Send it; throttling is waited out once."""
        reply = self._session.wire.send(again.call, again.credentials, identity=again.identity, fresh=True)
        if throttled(reply):
            time.sleep(min(come_back_after(reply) or 1.0, LONGEST_WAIT_S))
            reply = self._session.wire.send(again.call, again.credentials, identity=again.identity, fresh=True)
        return reply

    def _sign_in(self, exchange: Exchange) -> Reply:
        """A sign-in is made again by signing in, since its secrets are not recorded; its answer is read as recorded."""
        self._session.forget()
        self._session.credentials(exchange.identity)
        name = f"{WRITER}-{self._session.recorder.count:06d}"
        found = read_exchanges(RunDirectory(self._folder), [name])
        return Seen(encode(found[name]), None).reply()


@contextmanager
def open_sender(plan: Plan, partner: Partner, check: str, notes: list[str]) -> Iterator[Sender]:
    """A session for one replay. Requests are named after the run that is replayed, and the check."""
    with served(partner), tempfile.TemporaryDirectory(prefix="certify-replay-") as folder:
        path = Path(folder)
        session = open_session(partner, directory=path, writer=WRITER, rate=plan.rate, run_id=f"{plan.run_id}.replay")
        session.recorder.context.check = check
        try:
            yield Sender(plan, session, path, notes)
        finally:
            session.close()
