"""Sending a recorded request again, in a session that records into a folder of its own: what is shown is redacted."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Protocol

from certify.contract import Contract
from certify.http.call import Reply
from certify.http.key_set import served
from certify.http.quota import come_back_after, throttled
from certify.http.session import Session, open_session
from certify.ledger import Ledger
from certify.model.codec import encode
from certify.model.exchange import Exchange
from certify.model.partner import Partner
from certify.model.plan import Plan
from certify.replay.leftovers import Custody
from certify.replay.rebuild import CannotRebuildError, Rebuilt, rebuild
from certify.replay.subject import read_exchanges
from certify.replay.substitute import about_another, changes_an_object
from certify.rundir import RunDirectory
from certify.suite.traffic import Seen


class Ground(Protocol):
    """What is read, or opened, when something is about to be changed: the contract, and the ledger of the replay."""

    @property
    def notes(self) -> list[str]: ...

    @property
    def contract(self) -> Contract: ...

    @property
    def ledger(self) -> Ledger | None: ...


LONGEST_WAIT_S = 30.0
"""Seconds that one throttled answer is waited out at most."""
WRITER = "replay"


class SomebodysObjectError(CannotRebuildError):
    """The request changes an object that was made by the run, and whose id may be somebody else's by now."""


class Sender:
    """Sends for one replay. ``custody`` is asked for where something may be changed or created."""

    def __init__(self, plan: Plan, session: Session, folder: Path, custody: Callable[[], Custody]) -> None:
        self._plan, self._session, self._folder, self._custody = plan, session, folder, custody

    def send(self, exchange: Exchange) -> Reply:
        """The answer to the request, made again.

        Raises :class:`certify.replay.rebuild.CannotRebuildError`, :class:`SomebodysObjectError` where it would change
        what is there, and ``TransportError`` where no answer comes.
        """
        if exchange.purpose == "sign-in" and exchange.response and exchange.response.status < 400:
            return self._sign_in(exchange)
        again = self._rebuilt(exchange)
        if again.call.safe or self._signs_in(again):
            return self._patiently(again)
        custody = self._custody()
        if changes_an_object(again.call, custody.path(again), custody.kit.contract):
            raise SomebodysObjectError("what it changes was made by the run, and may be somebody else's by now")
        return self._watched(again, custody)

    def send_about_another(self, exchange: Exchange) -> Reply | None:
        """The answer to the same request about an object made for it; None where that cannot be."""
        custody = self._custody()
        again = about_another(self._rebuilt(exchange), custody.kit)
        return self._watched(again, custody) if again is not None else None

    def shown(self, reply: Reply) -> Exchange | None:
        """The record of an answer."""
        return read_exchanges(RunDirectory(self._folder), [reply.exchange]).get(reply.exchange)

    def _rebuilt(self, exchange: Exchange) -> Rebuilt:
        return rebuild(exchange, self._plan.partner.base_url, self._session)

    def _signs_in(self, again: Rebuilt) -> bool:
        return again.call.method == "POST" and again.call.path == self._session.partner.sign_in.token_url

    def _watched(self, again: Rebuilt, custody: Custody) -> Reply:
        with custody.watching(again) as watch:
            watch.reply = self._patiently(again)
        return watch.reply

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
def open_sender(plan: Plan, partner: Partner, check: str, ground: Ground) -> Iterator[Sender]:
    """A session for one replay. Requests are named after the run that is replayed, and the check. What they create is
    taken away at the end; the notes of ``ground`` say what is left."""
    with served(partner), tempfile.TemporaryDirectory(prefix="certify-replay-") as folder, ExitStack() as closing:
        path = Path(folder)
        session = open_session(partner, directory=path, writer=WRITER, rate=plan.rate, run_id=f"{plan.run_id}.replay")
        closing.callback(session.close)
        session.recorder.context.check = check

        @cache
        def custody() -> Custody:
            found = Custody(session, ground.contract, ground.ledger)
            closing.callback(lambda: ground.notes.extend(found.take_away()))
            return found

        yield Sender(plan, session, path, custody)
