"""The status code is only half of a refusal: the other half is that nothing happened.

watched = effects.watch(prepared)
reply = target.anonymous(prepared.call)
watched.unchanged(reply)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from certify.contract import Contract
from certify.http.call import Reply
from certify.suite.canary import canary_of
from certify.suite.expectations import report
from certify.suite.items import items_of
from certify.suite.survey import Prepared
from certify.suite.target import Target
from certify.suite.things import Things, reading


@dataclass(frozen=True)
class Watched:
    """What a refused write must not have touched, as its rightful owner saw it before."""

    effects: Effects
    prepared: Prepared
    before: Any

    def unchanged(self, refusal: Reply, about: str = "") -> None:
        """Report an effect despite the refusal. What changes by itself is no effect."""
        if self.before is None or refusal.status < 400 or not self.changed():
            return
        report(
            "a refused request changes nothing",
            f"{refusal}, and yet {self.effects.told(self.prepared)}",
            about=about,
            replies=[refusal],
            cause="an effect despite the refusal",
            advice="check credentials, rights and input before anything is written, in the same transaction",
        )

    def changed(self) -> bool:
        """Whether it is different now, and not because it changes by itself."""
        after = self.effects.look(self.prepared)
        return bool(after != self.before and after == self.effects.look(self.prepared))


class Effects:
    """Looks at things as their owner: an item by its read, a collection for the canary of a create."""

    def __init__(self, contract: Contract, things: Things, target: Target) -> None:
        self._contract, self._things, self._target = contract, things, target

    def watch(self, prepared: Prepared) -> Watched:
        """Remember what is there before something is tried. Reads have no effect, so nothing is watched."""
        safe = prepared.operation.safe
        return Watched(self, prepared, None if safe else self.look(prepared))

    def look(self, prepared: Prepared) -> Any:
        """What the owner sees: the item, or how often the canary stands in the list; None where there is no way."""
        resource = self._contract.owner(prepared.operation)
        if resource is not None and resource.read is not None:
            reply = self._target.send(reading(resource, prepared.call), purpose="read-back")
            return reply.status, reply.json() if reply.ok else None
        return self.listed(prepared)

    def listed(self, prepared: Prepared) -> Any:
        """How often the canary of a create stands on the first page of its collection."""
        canary = canary_of(prepared.call.body)
        lister = self._contract.operation(f"GET {prepared.operation.path}")
        if lister is None or not canary:
            return None
        path = prepared.call.path
        call = self._things.call(lister)
        reply = self._target.send(replace(call, path=path), purpose="read-back")
        return reply.text.count(canary) if reply.ok else None

    def copies(self, prepared: Prepared) -> int:
        """How many items of the first page of its collection hold the canary of a create; 0 where none can be seen."""
        canary = canary_of(prepared.call.body)
        lister = self._contract.operation(f"GET {prepared.operation.path}")
        if lister is None or not canary:
            return 0
        call = replace(self._things.call(lister), path=prepared.call.path)
        reply = self._target.send(call, purpose="read-back")
        declared = items_of(reply, self._things.partner.pagination.items_pointer) if reply.ok else []
        items = items_of(reply) if declared is None else declared
        return sum(canary in str(item) for item in items or [])

    def told(self, prepared: Prepared) -> str:
        item = self._contract.owner(prepared.operation) is not None
        return "the item is not what it was" if item else "the collection holds what was sent"
