"""Reading answers about things: the items of a collection, the id of what was created."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

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


def listed_ids(reply: Reply, resource: Resource | None = None) -> set[str]:
    """The ids of the items of all arrays of an answer."""
    value = reply.json()
    items = [item for array in _arrays(value) for item in array]
    ids = (str(item) if isinstance(item, (str, int)) else member_id(item, resource) for item in items)
    return {found for found in ids if found is not None}


def item_id(reply: Reply, resource: Resource) -> str | None:
    """The id of a created item: by the contract's link, in the body, or the last segment of Location."""
    linked = _linked_id(reply, resource)
    if linked is not None:
        return linked
    found = member_id(reply.json(), resource)
    return found if found is not None else location_id(reply)


def location_id(reply: Reply) -> str | None:
    """The last segment of Location, where that is below what was called."""
    place = urlsplit(reply.header("Location") or "").path.rstrip("/")
    called = urlsplit(reply.call.path).path.rstrip("/")
    if not place or (called and place.endswith(called)):
        return None
    return unquote(place.rsplit("/", 1)[-1])


def given_id(reply: Reply, resource: Resource | None = None) -> str | None:
    """The id that the server itself gave to what it created; what the request said already is none."""
    sent = set(_scalars(reply.call.body))
    linked = _linked_id(reply, resource) if resource else None
    candidates = (linked, member_id(reply.json(), resource), location_id(reply))
    return next((found for found in candidates if found is not None and found not in sent), None)


def _scalars(value: Any) -> Iterator[str]:
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _scalars(item)
    if isinstance(value, (str, int)):
        yield str(value)


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
