"""The status code is only half of a refusal: the other half is that nothing happened.

watched = effects.watch(prepared)
reply = target.anonymous(prepared.call)
watched.unchanged(reply)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from certify.contract import Contract
from certify.http.call import Reply
from certify.suite.canary import canary_of
from certify.suite.expectations import note, report
from certify.suite.survey import Prepared
from certify.suite.target import Target
from certify.suite.thing import reading
from certify.suite.things import Things
from certify.suite.whereabouts import Whereabouts


@dataclass(frozen=True)
class Watched:
    """What a refused write must not have touched, as its rightful owner saw it before."""

    effects: Effects
    prepared: Prepared
    before: Any

    def unchanged(self, refusal: Reply, about: str = "") -> None:
        """Report an effect despite the refusal. What changes by itself is no effect."""
        if refusal.status < 400 or self.prepared.operation.safe:
            return
        if self.before is None:
            note(f"whether {self.prepared.operation.id} has an effect despite the refusal could not be seen")
        elif self.changed():
            self._report(refusal, about)

    def _report(self, refusal: Reply, about: str) -> None:
        report(
            "a refused request changes nothing",
            f"{refusal}, and yet {self.effects.told(self.prepared)}",
            about=about,
            replies=[refusal],
            cause="an effect despite the refusal",
            advice="check credentials, rights and input before anything is written, in the same transaction",
        )

    def changed(self) -> bool:
        """Whether it is different now or within the consistency window, and not because it changes by itself."""
        self.effects.settle(lambda: bool(self.effects.look(self.prepared) != self.before))
        after = self.effects.look(self.prepared)
        if after is None:  # what cannot be seen any more has not changed
            return False
        return bool(after != self.before and after == self.effects.look(self.prepared))


class Effects:
    """Looks at things as their owner: an item by its read, a collection for the canary of a create."""

    def __init__(self, contract: Contract, things: Things, target: Target) -> None:
        self._contract, self._things, self._target = contract, things, target
        self._whereabouts = Whereabouts(contract, things.partner, target, things)

    def watch(self, prepared: Prepared) -> Watched:
        """Remember what is there before something is tried. Reads have no effect, so nothing is watched.

        Where the sandbox is eventually consistent, what was just made for this is waited for: were it seen later, it
        would look like an effect.
        """
        if prepared.operation.safe:
            return Watched(self, prepared, None)
        self.settle(lambda: self.there(self.look(prepared)))
        return Watched(self, prepared, self.look(prepared))

    def settle(self, done: Callable[[], bool]) -> None:
        """Ask until something is so, or the declared consistency window is over."""
        self._target.settle(self._things.partner.consistency_window_s, done)

    def there(self, seen: Any) -> bool:
        """Whether what was looked at is there: an item that is read; a collection is there from the beginning."""
        return not isinstance(seen, tuple) or seen[1] is not None

    def look(self, prepared: Prepared) -> Any:
        """What the owner sees: the item, or how often the canary stands in its collection; None where nothing shows."""
        resource = self._contract.owner(prepared.operation)
        if resource is not None and resource.read is not None:
            reply = self._target.send(reading(resource, prepared.call), purpose="read-back")
            return reply.status, reply.json() if reply.ok else None
        return self.copies(prepared)

    def copies(self, prepared: Prepared) -> int | None:
        """How many items of its collection hold the canary of a create; None where that cannot be seen."""
        return self._whereabouts.copies(prepared.call.path, prepared.operation, canary_of(prepared.call.body))

    def told(self, prepared: Prepared) -> str:
        item = self._contract.owner(prepared.operation) is not None
        return "the item is not what it was" if item else "the collection holds what was sent"
