"""Resources: the collections that a contract's paths imply.

``/leads`` (or ``/leads/``) with ``/leads/{id}`` is a resource. No suite ever names one: it asks for "a resource that
can be created and read", and gets the most complete.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from certify.contract.operation import Operation

_ITEM = re.compile(r"^(?P<collection>.*/[^/{}]+)/\{(?P<parameter>[^}]+)\}/?$")


@dataclass(frozen=True)
class Resource:
    """A collection and its items. ``others`` are all operations on an item or below it, except its deletion."""

    collection_path: str
    item_path: str
    parameter: str
    create: Operation | None = None
    list: Operation | None = None
    read: Operation | None = None
    update: Operation | None = None
    delete: Operation | None = None
    others: tuple[Operation, ...] = ()

    @property
    def name(self) -> str:
        """The last segment of the collection: ``leads``."""
        return self.collection_path.rsplit("/", 1)[-1]

    @property
    def operations(self) -> tuple[Operation, ...]:
        """Those that exist, in the order of a life: create, read, list, update, delete."""
        return tuple(op for op in (self.create, self.read, self.list, self.update, self.delete) if op)

    @property
    def by_id(self) -> tuple[Operation, ...]:
        """Everything that takes an item's id, the deletion last."""
        return (*self.others, *((self.delete,) if self.delete else ()))


def find_resources(operations: Sequence[Operation]) -> tuple[Resource, ...]:
    """Group operations into resources; those with more of the five operations, and without parents, come first."""
    items = {match["collection"]: match for op in operations if (match := _ITEM.match(op.path))}
    found = [_resource(collection, match, operations) for collection, match in items.items()]
    return tuple(sorted(found, key=lambda item: (item.collection_path.count("{"), -len(item.operations))))


def singular(name: str) -> str:
    """``companies`` → ``company``, ``usage-records`` → ``usage_record``; English only, and only a guess."""
    name = name.lower().replace("-", "_")
    return name[:-3] + "y" if name.endswith("ies") else name.removesuffix("s")


def _resource(collection: str, match: re.Match[str], operations: Sequence[Operation]) -> Resource:
    item_path = match.string.rstrip("/")
    # Frameworks differ in trailing slashes, and within one contract: /pets/ has the items /pets/{id}.
    at = {(op.method, op.path.rstrip("/")): op for op in operations}
    delete = at.get(("DELETE", item_path))
    return Resource(
        collection_path=collection,
        item_path=item_path,
        parameter=match["parameter"],
        create=at.get(("POST", collection)),
        list=at.get(("GET", collection)),
        read=at.get(("GET", item_path)),
        update=at.get(("PATCH", item_path)) or at.get(("PUT", item_path)),
        delete=delete,
        others=tuple(op for op in operations if f"{op.path}/".startswith(item_path + "/") and op != delete),
    )
