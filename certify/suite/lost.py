"""Creates whose answer was lost, or did not tell the id: found again by the canary that they carried."""

from __future__ import annotations

from certify.contract import Contract, Resource
from certify.contract.naming import id_in, path_values, usable
from certify.errors import BudgetSpentError, CertifyError
from certify.http.call import Call, fill
from certify.ledger import Entry, Ledger
from certify.suite.paging import Pages, Walk
from certify.suite.target import Target
from certify.suite.verdicts import Stop

LOST = "its answer was lost, so whether it created anything is not known"
NO_ID = "no id was found in the answer that created it"
MOST_PAGES = 20


class LostCreates:
    """Looks into each collection once for each identity."""

    def __init__(self, contract: Contract, target: Target, ledger: Ledger) -> None:
        self._contract, self._target, self._ledger = contract, target, ledger
        self._pages = Pages(contract, target.session.partner, target)
        self._walks: dict[tuple[str, str], Walk | None] = {}

    def find(self, entry: Entry) -> None:
        """Note what became of a create: made (and where), never made, or unknown. Only who has seen the whole
        collection knows that something is not in it."""
        resource = self.resource(entry)
        walk = self.walk(entry, resource) if resource is not None and entry.canary else None
        if walk is None or resource is None:
            self._ledger.left(entry.key, unknown(entry))
            return
        mine = next((item for item in walk.items if entry.canary in str(item)), None)
        found = id_in(mine, resource.item_path) if mine is not None else None
        if found is not None and usable(found):
            self._enter(entry, resource, found)
        elif entry.state == "tried" and mine is None and self.whole(walk):
            self._ledger.gone(entry.key, "it is not in the collection, so it was never created")
        else:
            self._ledger.left(entry.key, unknown(entry))

    def _enter(self, entry: Entry, resource: Resource, found: str) -> None:
        values = {**path_values(resource.collection_path, entry.path), resource.parameter: found}
        delete = resource.delete
        remove = f"{delete.method} {fill(delete.path, values)}" if delete is not None else ""
        self._ledger.made(entry.key, found, fill(resource.item_path, values), remove)

    def walk(self, entry: Entry, resource: Resource) -> Walk | None:
        """The collection that an entry was created in, as its maker sees it; None where it cannot be looked at."""
        if resource.list is None or resource.list.method != "GET":
            return None
        path = fill(resource.list.path, path_values(resource.collection_path, entry.path))
        if (path, entry.identity) not in self._walks:
            call = Call("GET", path, resource.list.id)
            self._walks[path, entry.identity] = self._walked(resource, call, entry.identity)
        return self._walks[path, entry.identity]

    def whole(self, walk: Walk) -> bool:
        """Whether all of a collection was seen."""
        return self._pages.whole(walk)

    def _walked(self, resource: Resource, call: Call, identity: str) -> Walk | None:
        size = self._target.session.partner.pagination.max_size
        try:
            return self._pages.walk(resource, call, size=size, most=MOST_PAGES, identity=identity, purpose="cleanup")
        except BudgetSpentError:  # nothing can be looked for any more
            raise
        except (Stop, CertifyError):  # no answer, or the identity cannot sign in any more: the next run looks again
            return None

    def resource(self, entry: Entry) -> Resource | None:
        """What a create makes one of."""
        made = (r for r in self._contract.resources if r.create is not None and r.create.id == entry.operation)
        return next(made, None)


def unknown(entry: Entry) -> str:
    """Why nothing is known of what a create made."""
    return LOST if entry.state == "tried" else NO_ID
