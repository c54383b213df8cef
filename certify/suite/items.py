"""Reading answers about things: the items of a collection, the id of what was created."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from certify.contract import Resource
from certify.contract.resources import singular
from certify.http.call import ABSENT, Reply


def items_of(reply: Reply, pointer: str = "") -> list[Any] | None:
    """The items of a collection's answer: at the declared pointer, the body itself, or its only array."""
    value = reply.at(pointer) if pointer else reply.json()
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        arrays = [item for item in value.values() if isinstance(item, list)]
        return arrays[0] if len(arrays) == 1 else None
    return None


def listed(reply: Reply) -> str:
    """The text of all arrays of an answer: what an envelope repeats of the request is left out."""
    value = reply.json()
    return reply.text if value is ABSENT else "".join(str(array) for array in _arrays(value))


def _arrays(value: Any) -> Iterator[list[Any]]:
    if isinstance(value, list):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _arrays(item)


def item_id(reply: Reply, resource: Resource) -> str | None:
    """The id of a created item: by the contract's link, in the body, or the last segment of Location."""
    linked = _linked_id(reply, resource)
    if linked is not None:
        return linked
    found = member_id(reply.json(), resource)
    location = reply.header("Location")
    return found if found is not None else location.rstrip("/").rsplit("/", 1)[-1] if location else None


def member_id(item: Any, resource: Resource | None = None) -> str | None:
    """The id inside an item, by the usual names; also one level down, where an envelope holds the item alone."""
    if not isinstance(item, dict):
        return None
    own = (resource.parameter, f"{singular(resource.name)}_id") if resource else ()
    for name in ("id", *own, "uuid", "_id", "key", "name"):
        if isinstance(item.get(name), (str, int)) and not isinstance(item[name], bool):
            return str(item[name])
    inner = [value for value in item.values() if isinstance(value, dict)]
    return member_id(inner[0], resource) if len(inner) == 1 else None


def _linked_id(reply: Reply, resource: Resource) -> str | None:
    answer = resource.create.answer(reply.status) if resource.create else None
    for link in answer.links.values() if answer else ():
        expression = str(link.get("parameters", {}).get(resource.parameter, ""))
        if expression.startswith("$response.body#"):
            value = reply.at(expression.removeprefix("$response.body#"))
            return str(value) if isinstance(value, (str, int)) else None
    return None
