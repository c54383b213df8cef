"""An object that the harness created, and how it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from certify.contract import Resource
from certify.http.call import Call, Reply
from certify.suite.ids import is_unguessable


@dataclass(frozen=True)
class Thing:
    """An object that the harness created: its id, the answer to its creation, and the canary inside it."""

    resource: Resource
    id: str
    reply: Reply
    identity: str
    canary: str = ""
    parents: Mapping[str, str] = field(default_factory=dict)

    @property
    def path_values(self) -> dict[str, str]:
        return {**self.parents, self.resource.parameter: self.id}

    @property
    def unique_id(self) -> bool:
        """Whether the id can be meant for one object only; numbers may be counted for each tenant."""
        return is_unguessable(self.id)

    def with_id(self, other: str) -> Thing:
        """The same thing under another id."""
        return replace(self, id=other)


def reading(resource: Resource, call: Call) -> Call:
    """The read of the item that a call is about; the call may lie below it."""
    assert resource.read is not None
    depth = resource.item_path.count("/")
    path = "/".join(call.path.split("/")[: depth + 1])
    return Call("GET", path, resource.read.id, expects=resource.read.successes)
