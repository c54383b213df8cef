"""Resources: the collections that a contract's paths imply.

``/leads`` (or ``/leads/``) with ``/leads/{id}`` is a resource. No suite ever names one: it asks for "a resource that
can be created and read", and gets the most complete.

Not every API is written like that. Things may be made by PUT under an id that the client chooses, or by a POST on
another path (``/leads/new``) whose answer, or whose link, is the thing; and they may be listed elsewhere.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from certify.contract.operation import Operation

_ITEM = re.compile(r"^(?P<collection>.*/[^/{}]+)/\{(?P<parameter>[^}]+)\}/?$")
_PARAMETER = re.compile(r"\{([^}]+)\}")


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

    @property
    def named_by_client(self) -> bool:
        """Whether the one who creates a thing chooses its id, and puts it into the path."""
        return self.create is not None and f"{{{self.parameter}}}" in self.create.path


class Shapes(Protocol):
    """What operations answer, by the name of the schema; empty where it has none."""

    def single(self, operation: Operation) -> str:
        """The schema of the thing that a success is."""
        ...

    def plural(self, operation: Operation) -> str:
        """The schema of the things that a success lists."""
        ...


def find_resources(operations: Sequence[Operation], shapes: Shapes | None = None) -> tuple[Resource, ...]:
    """Group operations into resources; those with more of the five operations, and without parents, come first."""
    items = {match["collection"]: match for op in operations if (match := _ITEM.match(op.path))}
    # Frameworks differ in trailing slashes, and within one contract: /pets/ has the items /pets/{id}.
    at = {(op.method, op.path.rstrip("/")): op for op in operations}
    below = _by_item(operations, {match.string.rstrip("/") for match in items.values()})
    found = [_resource(collection, match, at, below) for collection, match in items.items()]
    if shapes is not None:
        found = _completed(found, operations, shapes)
    return tuple(sorted(found, key=lambda item: (item.collection_path.count("{"), -len(item.operations))))


def singular(name: str) -> str:
    """``companies`` → ``company``, ``usage-records`` → ``usage_record``; English only, and only a guess."""
    name = name.lower().replace("-", "_")
    if name.endswith("ies"):
        return name[:-3] + "y"
    if name.endswith(("sses", "xes", "ches", "shes")):
        return name[:-2]
    return name if name.endswith("ss") else name.removesuffix("s")


def _by_item(operations: Iterable[Operation], items: set[str]) -> Mapping[str, Sequence[Operation]]:
    """The operations on each item and below it; one walk over all paths, however many there are."""
    found: dict[str, list[Operation]] = defaultdict(list)
    for operation in operations:
        path = operation.path.rstrip("/")
        while path:
            if path in items:
                found[path].append(operation)
            path = path.rpartition("/")[0]
    return found


def _resource(
    collection: str,
    match: re.Match[str],
    at: Mapping[tuple[str, str], Operation],
    below: Mapping[str, Sequence[Operation]],
) -> Resource:
    item = match.string.rstrip("/")
    delete, put = at.get(("DELETE", item)), at.get(("PUT", item))
    return Resource(
        collection_path=collection,
        item_path=item,
        parameter=match["parameter"],
        create=at.get(("POST", collection)) or (put if put is not None and "201" in put.answers else None),
        list=at.get(("GET", collection)),
        read=at.get(("GET", item)),
        update=at.get(("PATCH", item)) or put,
        delete=delete,
        others=tuple(op for op in below[item] if op != delete),
    )


# — things that are made or listed elsewhere —


def _completed(found: Sequence[Resource], operations: Sequence[Operation], shapes: Shapes) -> list[Resource]:
    """The resources with creates and lists on other paths, where exactly one operation fits."""
    taken = {op for resource in found for op in (resource.create, resource.list) if op is not None}
    on_items = {op for resource in found for op in resource.by_id if "{" in op.path}  # they act on one, and make none
    free = _Free([op for op in operations if op not in taken and op not in on_items], shapes)
    return [_complete(resource, free) for resource in found]


class _Free:
    """Operations that belong to no resource yet, by what would make them belong to one; each is looked at once."""

    def __init__(self, operations: Sequence[Operation], shapes: Shapes) -> None:
        self.shapes = shapes
        self.linked: dict[str, list[Operation]] = defaultdict(list)
        self.makers: dict[str, list[Operation]] = defaultdict(list)
        self.listers: dict[str, list[Operation]] = defaultdict(list)
        for operation in operations:
            if operation.method == "POST":
                for name in _linked_ids(operation):
                    self.linked[name].append(operation)
                if "201" in operation.answers:
                    self.makers[shapes.single(operation)].append(operation)
            elif operation.method == "GET" and not _demanding(operation):
                self.listers[shapes.plural(operation)].append(operation)


def _complete(resource: Resource, free: _Free) -> Resource:
    read = resource.read
    if read is None or (resource.create is not None and resource.list is not None):
        return resource
    shape = free.shapes.single(read)
    if resource.create is None:
        linked, alike = _near(free.linked.get(read.id, ()), resource), _near(free.makers.get(shape, ()), resource)
        resource = replace(resource, create=_only(linked) or (_only(alike) if shape else None))
    if resource.list is None and shape:
        resource = replace(resource, list=_only(_near(free.listers.get(shape, ()), resource)))
    return resource


def _near(operations: Iterable[Operation], resource: Resource) -> list[Operation]:
    """Those that need no other parents than the resource has."""
    parents = set(_PARAMETER.findall(resource.collection_path))
    return [op for op in operations if set(_PARAMETER.findall(op.path)) <= parents]


def _linked_ids(operation: Operation) -> set[str]:
    """The operations that an answer links to (OpenAPI 3.1 §4.8.20)."""
    links = [link for answer in operation.answers.values() for link in answer.links.values()]
    return {str(link["operationId"]) for link in links if "operationId" in link}


def _demanding(operation: Operation) -> bool:
    return any(parameter.required for parameter in operation.parameters if parameter.place == "query")


def _only(operations: Sequence[Operation]) -> Operation | None:
    return operations[0] if len(operations) == 1 else None
