"""What replaying creates is on the clean-up ledger before it is sent, and is taken away at the end.

A replay that is killed leaves its ledger behind, as a run does, and whoever comes next takes away what is on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from certify.contract import Contract
from certify.http.call import parse_json
from certify.http.session import Session
from certify.ledger import Entry, Ledger
from certify.replay.rebuild import Rebuilt
from certify.suite.keeping import Keeper, Watch
from certify.suite.kit import open_kit
from certify.suite.settling import Accounts


class Custody:
    """Of one replay. ``ledger`` is None where nothing may be written; then nothing is."""

    def __init__(self, session: Session, contract: Contract, ledger: Ledger | None) -> None:
        self.kit = open_kit(session.partner, contract, session, ledger)
        self._keeper = Keeper(self.kit.contract, ledger)

    @contextmanager
    def watching(self, again: Rebuilt) -> Iterator[Watch]:
        """Around the sending of a request; what it creates is entered."""
        sent = again.call.body
        call = replace(again.call, path=self.path(again), body=parse_json(sent) if isinstance(sent, bytes) else sent)
        with self._keeper.watching(call, again.identity) as watch:
            yield watch

    def path(self, again: Rebuilt) -> str:
        """The path of a request, below the base URL."""
        return again.call.path.removeprefix(self.kit.partner.base_url.rstrip("/")).partition("?")[0]

    def take_away(self) -> tuple[str, ...]:
        """Delete what was created, and say what is left in the sandbox."""
        self.kit.clean_up()
        if self.kit.ledger is None:
            return ()
        accounts = Accounts(self.kit.contract, self.kit.partner.permissions)
        return tuple(_told(entry) for entry in accounts.account(self.kit.ledger, self.kit.ledger.name).left)


def _told(entry: Entry) -> str:
    what = f"{entry.place} was created" if entry.place else f"{entry.operation} may have created something"
    return f"{what}, and is left in the sandbox: {entry.how}"
