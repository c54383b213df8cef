"""Whether what a DELETE answered 404 for is gone, or merely goes by another name.

404 says that this path leads to nothing (RFC 9110 §15.5.5), not that the object is gone: an API may list objects by an
``id`` and take their *name* in the path. So the collection is looked at again, after the deletions. What carries our
canary, or the id, there is still there, and is deleted by what else it goes by.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from certify.contract import Contract, Resource
from certify.contract.naming import other_ids, path_values, usable
from certify.errors import BudgetSpentError, CertifyError
from certify.http.call import Reply, fill
from certify.ledger import Entry, Ledger
from certify.suite.items import member_id
from certify.suite.lost import LostCreates
from certify.suite.paging import Walk
from certify.suite.target import Target
from certify.suite.verdicts import Stop

NO_TIME = "there was no time left for it"


class Departures:
    """Looks into each collection once for each identity. ``send`` sends the deletion of an entry."""

    def __init__(self, contract: Contract, target: Target, ledger: Ledger, send: Callable[[Entry], Reply]) -> None:
        self._ledger, self._send = ledger, send
        self._collections = LostCreates(contract, target, ledger)
        self._taken: set[int] = set()

    def settle(self, doubted: Sequence[Entry], deadline: float) -> None:
        """Note of each what became of it: gone, or left behind and why. ``deadline`` is on the monotonic clock."""
        for entry in doubted:
            try:
                why = NO_TIME if time.monotonic() > deadline else self._still_there(entry)
            except BudgetSpentError:
                why = f"{entry.remove} was answered 404, and no request was left to see whether it is gone"
            except Stop as stop:
                why = stop.note
            except CertifyError as error:  # the identity cannot sign in any more
                why = error.message
            if why:
                self._ledger.left(entry.key, why)
            else:
                self._ledger.gone(entry.key, "it is not there any more")

    def _still_there(self, entry: Entry) -> str:
        """Why an object could not be deleted; empty where it is gone, now at the latest."""
        resource = self._collections.resource(entry)
        walk = self._collections.walk(entry, resource) if resource is not None else None
        item = self._item(entry, resource, walk.items) if resource is not None and walk is not None else None
        if resource is None or walk is None or item is None:
            return ""  # the collection agrees, or the 404 is the only witness
        for way in self._ways(entry, resource, walk, item):
            if self._send(replace(entry, remove=way)).ok:
                return ""
        return f"{entry.remove} was answered 404, and {resource.name} still has it"

    def _item(self, entry: Entry, resource: Resource, items: Sequence[Any]) -> Any:
        """The item that is the object, by its id before the canary, which several may share; each item only once."""
        free = [item for item in items if id(item) not in self._taken]
        by_id = [item for item in free if member_id(item, resource) == entry.id]
        marked = [item for item in free if entry.canary and entry.canary in str(item)]
        found = next(iter((*by_id, *marked)), None)
        self._taken.add(id(found))
        return found

    def _ways(self, entry: Entry, resource: Resource, walk: Walk, item: Any) -> Iterator[str]:
        """The deletions that may mean the item as well. Nobody else's object is ever meant: a name counts where it
        carries our canary, or where all of the collection was seen and nothing else in it has that name."""
        if resource.delete is None or not isinstance(item, Mapping):
            return
        parents = path_values(resource.item_path, entry.place)
        others = [str(other) for other in walk.items if other is not item] if self._collections.whole(walk) else None
        for name in other_ids(item, resource.item_path):
            marked = bool(entry.canary) and entry.canary in name
            alone = others is not None and not any(name in other for other in others)
            if usable(name) and name != entry.id and (marked or alone):
                path = fill(resource.delete.path, {**parents, resource.parameter: name})
                yield f"{resource.delete.method} {path}"
