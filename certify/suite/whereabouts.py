"""Where in a collection a thing stands that carries our canary: through a filter, else page by page.

The first page shows what was just made only where the newest come first, or where there is little else.
"""

from __future__ import annotations

from dataclasses import replace

from certify.contract import Contract, Operation
from certify.http.call import Call, Reply
from certify.model.partner import Partner
from certify.suite.expectations import control
from certify.suite.lists import Lists
from certify.suite.paging import Pages
from certify.suite.target import Target
from certify.suite.things import Things
from certify.suite.verdicts import Inconclusive, Stop
from certify.suite.walkable import resource_of

PURPOSE = "read-back"
MOST_PAGES = 20


class Whereabouts:
    """Counts the items of a collection that carry a canary."""

    def __init__(self, contract: Contract, partner: Partner, target: Target, things: Things) -> None:
        self._contract, self._partner, self._target, self._things = contract, partner, target, things
        self._pages = Pages(contract, partner, target)
        self._lists = Lists(contract, partner, things, self._pages)

    def copies(self, path: str, operation: Operation, canary: str, identity: str = "primary") -> int | None:
        """How many items of the collection that ``operation`` creates in, called at ``path``, carry the canary. None
        where that cannot be seen: there is no such list, it does not answer, or it is longer than we read."""
        lister = self._contract.operation(f"GET {operation.path}")
        if lister is None or not canary:
            return None
        try:
            call = replace(self._things.call(lister, identity), path=path)
            return self._filtered(call, lister, canary, identity) or self._walked(call, lister, canary, identity)
        except Stop:
            return None

    def _filtered(self, call: Call, lister: Operation, canary: str, identity: str) -> int:
        """What the filters of free text find; none of them has to look at the member that holds the canary."""
        resource = next((r for r in self._contract.resources if r.list == lister), None)
        for filtered in self._lists.by_canary(resource, canary) if resource else ():
            reply = self._target.send(replace(filtered, path=call.path), identity=identity, purpose=PURPOSE)
            if count := self._carrying(reply, canary):
                return count
        return 0

    def _walked(self, call: Call, lister: Operation, canary: str, identity: str) -> int | None:
        """What all pages hold; None where the first of very many do not hold it."""
        resource = resource_of(self._contract, lister)
        size = self._partner.pagination.max_size
        try:
            walk = self._pages.walk(resource, call, size=size, most=MOST_PAGES, identity=identity, purpose=PURPOSE)
        except Inconclusive:  # no list of items: whatever else the answer is, it may hold the canary
            reply = control(self._target.send(call, identity=identity, purpose=PURPOSE), "the list")
            return reply.text.count(canary)
        count = sum(canary in str(item) for item in walk.items)
        return count if count or self._pages.whole(walk) else None

    def _carrying(self, reply: Reply, canary: str) -> int:
        return sum(canary in str(item) for item in (self._pages.items(reply) if reply.ok else None) or [])
