"""Whatever the suites create is entered in the clean-up ledger, by whichever check and as whoever.

Every request of the suites passes here on its way (:class:`certify.suite.target.Target`), so that no check has to
think of it: before a create is sent, and when its answer is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from certify.contract import Contract
from certify.contract.creations import Creation, creations, made_by, ours
from certify.http.call import Call, Reply
from certify.ledger import NO_PLACE, Ledger
from certify.suite.canary import canary_of

_CREATES = ("POST", "PUT")


@dataclass
class Watch:
    """A request on its way: ``reply`` is set when its answer is there, and stays None where none came."""

    reply: Reply | None = None


class Keeper:
    """Enters creates, and crosses out what a check deleted itself. Without a ledger it keeps nothing."""

    def __init__(self, contract: Contract, ledger: Ledger | None) -> None:
        self._contract, self._ledger = contract, ledger
        self._creations = creations(contract)
        self._open: dict[str, str] = {}

    @contextmanager
    def watching(self, call: Call, identity: str) -> Iterator[Watch]:
        """Around the sending of a call. A create whose answer never came stays on the ledger as *tried*."""
        key = self._before(call, identity)
        watch = Watch()
        yield watch
        if self._ledger is not None and watch.reply is not None:
            self._after(key, call, watch.reply, identity)

    def _before(self, call: Call, identity: str) -> str:
        creation = self._creation(call)
        if self._ledger is None or creation is None or call.path.rstrip("/") in self._open:
            return ""  # what is on the ledger already is only changed
        return self._ledger.trying(creation.operation, _signer(identity), call.path, canary_of(call.body))

    def _after(self, key: str, call: Call, reply: Reply, identity: str) -> None:
        assert self._ledger is not None
        if call.method == "DELETE" and (reply.ok or reply.status in (404, 410)):
            self._deleted(call.path)
        if key and reply.status >= 300 and not self._doubtful(call, reply):
            self._ledger.gone(key, f"refused with {reply.status}")
        elif reply.ok and (key or (reply.status == 201 and call.method in _CREATES and not self._creation(call))):
            self._made(key, call, reply, identity)

    def _made(self, key: str, call: Call, reply: Reply, identity: str) -> None:
        assert self._ledger is not None
        creation = self._creation(call)
        if creation is None:
            self._ledger.left(
                self._ledger.trying(call.operation or call.method, _signer(identity), call.path), NO_PLACE
            )
            return
        made = made_by(creation, call.path, reply.json(), reply.header("Location") or "", call.body)
        if made is None:
            self._ledger.made(key, "", "", "")
            return
        certain = ours(reply.status, marked=bool(canary_of(call.body)))
        self._ledger.made(key, made.id, made.place, made.remove if certain else "")
        self._open[made.place.rstrip("/")] = key

    def _doubtful(self, call: Call, reply: Reply) -> bool:
        """A server that breaks down may have created before; whether it did is only found out by a canary."""
        return reply.status >= 500 and reply.status not in (501, 503) and bool(canary_of(call.body))

    def _deleted(self, path: str) -> None:
        assert self._ledger is not None
        key = self._open.pop(path.rstrip("/"), "")
        if key:
            self._ledger.gone(key, "deleted by a check")

    def _creation(self, call: Call) -> Creation | None:
        if call.method not in _CREATES:
            return None
        operation = self._contract.operation(call.operation or "") or self._contract.match(call.method, call.path)
        if operation is None or operation.method != call.method:
            return None
        return self._creations.get(f"{operation.method} {operation.path}")


def _signer(identity: str) -> str:
    """Who deletes it: what nobody signed for, ``primary`` does."""
    return "primary" if identity == "anonymous" else identity
