"""Settling a ledger: deleting what is on it, and nothing else.

Only what the ledger names is deleted, as the identity that made it, on the host of the profile, at the pace of every
other request; the newest first, and once more where one thing held another. A 404 counts as gone where the collection
agrees (:mod:`certify.suite.departure`). What cannot be deleted is told with its reason, and tried again by the next
run, three times in all.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from certify.contract import Contract
from certify.errors import BudgetSpentError, CertifyError
from certify.http.call import Call, Reply
from certify.ledger import Entry, Ledger
from certify.model.partner import Permissions
from certify.suite.departure import NO_TIME, Departures
from certify.suite.inputs import Inputs
from certify.suite.lost import LostCreates, unknown
from certify.suite.target import Target
from certify.suite.verdicts import Stop

MOST_OBJECTS = 5_000
MOST_ATTEMPTS = 3
"""How often a thing is tried to be deleted, over all runs, before it is only told."""
PATIENCE_S = 300.0
PURPOSE = "cleanup"
_NOT_FOUND, _GONE = 404, 410
_CONDITION = (412, 428)
_NEVER = (405, 501)
"""The server has no such method there (RFC 9110 §15.5.6, §15.6.2), and will have none for the next run."""
_NO_DELETE = "the contract has no way to delete it"
_NOT_CERTAIN = "the request chose the id, and the answer does not say whether something was there before"


@dataclass(frozen=True)
class Settled:
    """What came of a ledger: how many things were made and deleted, and what is left behind (``how`` says why)."""

    created: int = 0
    deleted: int = 0
    left: tuple[Entry, ...] = ()

    @property
    def hopeless(self) -> bool:
        """Whether another try would change nothing: the ledger need not be kept. What was not looked for yet may still
        be found."""
        return all(entry.attempts >= MOST_ATTEMPTS or (entry.looked_for and not entry.remove) for entry in self.left)


class Accounts:
    """How ledgers of one sandbox stand, without sending anything."""

    def __init__(self, contract: Contract | None, permissions: Permissions) -> None:
        self._known, self._permissions = contract, permissions

    def account(self, ledger: Ledger, name: str = "") -> Settled:
        """How a ledger stands: of one process (``name``), or all."""
        return self.account_for(ledger.entries(name))

    def account_for(self, entries: Collection[Entry]) -> Settled:
        """How entries stand."""
        made = [entry for entry in entries if entry.id or entry.state in ("made", "left")]
        left = tuple(replace(e, how=self.obstacle(e) or e.how) for e in entries if e.open)
        return Settled(len(made), sum(entry.state == "gone" for entry in made), left)

    def obstacle(self, entry: Entry) -> str:
        """Why an entry is not even tried."""
        if entry.state == "tried" or not entry.remove:
            return entry.how or (
                unknown(entry) if not entry.id else _NOT_CERTAIN if self._deletable(entry) else _NO_DELETE
            )
        if not (self._permissions.allow_destructive and self._permissions.allow_writes):
            return "the profile does not permit deleting (permissions.allow_destructive)"
        return entry.how if entry.attempts >= MOST_ATTEMPTS else ""

    def waiting(self, entry: Entry) -> bool:
        """Whether something can still be done about an entry, as far as the profile permits."""
        return entry.open and (not entry.looked_for or not self.obstacle(entry))

    def _deletable(self, entry: Entry) -> bool:
        return self._known is not None and self._known.match("DELETE", entry.place) is not None


class Settler(Accounts):
    """Settles ledgers of one sandbox."""

    def __init__(self, contract: Contract, inputs: Inputs, target: Target) -> None:
        super().__init__(contract, target.session.partner.permissions)
        self._contract, self._inputs, self._target = contract, inputs, target
        self._doubted: list[Entry] = []

    def settle(self, ledger: Ledger, *, name: str = "", seconds: float = PATIENCE_S) -> Settled:
        """Delete what is open, for as long as that; of one process (``name``), or all. Sends nothing to other hosts."""
        deadline = time.monotonic() + seconds
        lost = LostCreates(self._contract, self._target, ledger)
        with suppress(BudgetSpentError):  # what is not looked for now, the next run looks for
            for unclear in (entry for entry in ledger.entries(name) if entry.open and not entry.looked_for):
                if time.monotonic() < deadline:
                    lost.find(unclear)
        waiting = [e for e in reversed(ledger.entries(name)) if e.looked_for and self.waiting(e)][:MOST_OBJECTS]
        self._doubted.clear()
        held = self._turn(ledger, waiting, deadline)
        failed = self._turn(ledger, list(held), deadline)
        for entry, why in failed.items():
            ledger.left(entry.key, why)
        if self._doubted:
            self._target.wait(self._target.session.partner.consistency_window_s)
            Departures(self._contract, self._target, ledger, self._send).settle(self._doubted, deadline)
        return self.account(ledger, name)

    def _turn(self, ledger: Ledger, waiting: Sequence[Entry], deadline: float) -> dict[Entry, str]:
        """Try to delete each, and give those that could not be, with the reason."""
        failed: dict[Entry, str] = {}
        for entry in waiting:
            if why := NO_TIME if time.monotonic() > deadline else self._delete(ledger, entry):
                failed[entry] = why
        return failed

    def _delete(self, ledger: Ledger, entry: Entry) -> str:
        """Delete one thing. Returns why to try it again; empty where nothing is at that path, or it stays for good."""
        try:
            reply = self._send(entry)
        except Stop as stop:
            return stop.note
        except CertifyError as error:  # the identity cannot sign in any more, or is no longer in the profile
            return error.message
        if reply.status in _NEVER:
            ledger.left(entry.key, f"{entry.remove} was answered {reply}", final=True)
        elif reply.status == _NOT_FOUND:
            self._doubted.append(entry)
        elif not reply.ok and reply.status != _GONE:
            return f"{entry.remove} was answered {reply}"
        else:
            ledger.gone(entry.key, "deleted" if reply.ok else "it was gone already")
        return ""

    def _send(self, entry: Entry) -> Reply:
        """The deletion; with a current ``If-Match`` where one is demanded (RFC 6585 §3)."""
        method, _, path = entry.remove.partition(" ")
        call = self._call(method, path)
        reply = self._target.send(call, identity=entry.identity, purpose=PURPOSE)
        if reply.status not in _CONDITION:
            return reply
        current = self._target.send(self._call("GET", entry.place), identity=entry.identity, purpose=PURPOSE)
        etag = current.header("ETag")
        again = call.with_header("If-Match", etag) if etag else call
        return self._target.send(again, identity=entry.identity, purpose=PURPOSE) if etag else reply

    def _call(self, method: str, path: str) -> Call:
        operation = self._contract.match(method, path)
        if operation is None:
            return Call(method, path)
        required = self._inputs.required
        query, headers = required(operation, "query"), required(operation, "header")
        return Call(method, path, operation.id, query=query, headers=headers)
