"""Creates whose answer was lost, or did not tell the id: found again by the canary that they carried."""

from __future__ import annotations

from certify.contract import Contract, Resource
from certify.contract.naming import id_in, path_values, usable
from certify.http.call import Call, Reply, fill
from certify.ledger import Entry, Ledger
from certify.suite.items import items_of
from certify.suite.target import Target
from certify.suite.verdicts import Stop

LOST = "its answer was lost, so whether it created anything is not known"
NO_ID = "no id was found in the answer that created it"


class LostCreates:
    """Looks into each collection once for each identity."""

    def __init__(self, contract: Contract, target: Target, ledger: Ledger) -> None:
        self._contract, self._target, self._ledger = contract, target, ledger
        self._pages: dict[tuple[str, str], Reply | None] = {}

    def find(self, entry: Entry) -> None:
        """Note what became of a create: made (and where), never made, or unknown."""
        resource = self._resource(entry)
        page = self._page(entry, resource) if resource is not None and entry.canary else None
        if page is None or resource is None:
            self._ledger.left(entry.key, _unknown(entry))
            return
        pointer = self._target.session.partner.pagination.items_pointer
        items = items_of(page, pointer)
        mine = next((item for item in items or [] if entry.canary in str(item)), None)
        found = id_in(mine, resource.item_path) if mine is not None else None
        if found is not None and usable(found):
            self._enter(entry, resource, found)
        elif entry.state == "tried" and mine is None and items is not None and not self._more(page, len(items)):
            self._ledger.gone(entry.key, "it is not in the collection, so it was never created")
        else:
            self._ledger.left(entry.key, _unknown(entry))

    def _enter(self, entry: Entry, resource: Resource, found: str) -> None:
        values = {**path_values(resource.collection_path, entry.path), resource.parameter: found}
        delete = resource.delete
        remove = f"{delete.method} {fill(delete.path, values)}" if delete is not None else ""
        self._ledger.made(entry.key, found, fill(resource.item_path, values), remove)

    def _page(self, entry: Entry, resource: Resource) -> Reply | None:
        if resource.list is None or resource.list.method != "GET":
            return None
        place = (fill(resource.list.path, path_values(resource.collection_path, entry.path)), entry.identity)
        if place not in self._pages:
            self._pages[place] = self._listed(Call("GET", place[0], resource.list.id), entry.identity)
        return self._pages[place]

    def _listed(self, call: Call, identity: str) -> Reply | None:
        paging = self._target.session.partner.pagination
        if paging.size_param and paging.max_size:
            call = call.with_query(**{paging.size_param: str(paging.max_size)})
        try:
            reply = self._target.send(call, identity=identity, purpose="cleanup")
        except Stop:
            return None
        return reply if reply.ok else None

    def _more(self, page: Reply, count: int) -> bool:
        """Whether the collection may go on after this page."""
        paging = self._target.session.partner.pagination
        following = page.at(paging.next_pointer) if paging.next_pointer else None
        return 'rel="next"' in (page.header("Link") or "") or bool(following) or count >= (paging.max_size or 20)

    def _resource(self, entry: Entry) -> Resource | None:
        made = (r for r in self._contract.resources if r.create is not None and r.create.id == entry.operation)
        return next(made, None)


def _unknown(entry: Entry) -> str:
    return LOST if entry.state == "tried" else NO_ID
