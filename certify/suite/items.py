"""Reading answers about things: the items of a collection, the id of what was created."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from certify.contract import Resource
from certify.contract.creations import creation_of, made_by
from certify.contract.naming import id_in, id_in_location
from certify.http.call import ABSENT, Reply

_NAMES = ("items", "data", "results", "value", "values", "records", "rows", "entries", "content", "hits", "_embedded")
"""What envelopes usually call the array of items (and HAL the object that holds it)."""
_DEPTH = 3


def items_of(reply: Reply, pointer: str = "") -> list[Any] | None:
    """The items of a collection's answer: at the declared pointer, else the body itself or the array inside it."""
    return _items(reply.at(pointer) if pointer else reply.json(), 0 if pointer else _DEPTH)


def _items(value: Any, depth: int) -> list[Any] | None:
    """An array; the only one of an object, or the one that is called like one; else the same one level down.

    Objects by their id become items that carry it: ``{"7": {…}}`` is ``[{"id": "7", …}]``.
    """
    if isinstance(value, list):
        return value
    if not isinstance(value, dict) or not depth:
        return _by_id(value)
    arrays = {name: item for name, item in value.items() if isinstance(item, list)}
    named = [arrays[name] for name in _NAMES if name in arrays]
    if named or arrays:
        return named[0] if named else next(iter(arrays.values())) if len(arrays) == 1 else None
    objects = [value[name] for name in _NAMES if isinstance(value.get(name), dict)]
    inner = next((found for item in objects if (found := _items(item, depth - 1)) is not None), None)
    return inner if inner is not None else _by_id(value)


def _by_id(value: Any) -> list[Any] | None:
    """The items of an object whose members are all objects of one kind, by their id."""
    if not isinstance(value, dict) or len(value) < 1 or not all(isinstance(item, dict) for item in value.values()):
        return None
    kinds = {frozenset(item) for item in value.values()}
    ids = all(any(character.isdigit() for character in name) for name in value)
    return [{"id": name, **item} for name, item in value.items()] if ids and len(kinds) <= 2 else None


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
    """The id of a created item: the one that the request chose, by the contract's link, in the body, or in Location."""
    assert resource.create is not None
    call, place = reply.call, reply.header("Location") or ""
    made = made_by(creation_of(resource, resource.create), call.path, reply.json(), place, call.body)
    return made.id if made is not None else None


def given_id(reply: Reply, resource: Resource | None = None) -> str | None:
    """The id that the server itself gave to what it created; what the request said already is none."""
    sent = set(_scalars(reply.call.body))
    template = resource.item_path if resource else ""
    pointer = creation_of(resource, resource.create).pointer if resource and resource.create else ""
    place = id_in_location(reply.header("Location") or "", reply.call.path, template)
    candidates = (id_in(reply.json(), template, pointer), place)
    return next((found for found in candidates if found is not None and found not in sent), None)


def _scalars(value: Any) -> Iterator[str]:
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _scalars(item)
    if isinstance(value, (str, int)):
        yield str(value)


def member_id(item: Any, resource: Resource | None = None) -> str | None:
    """The id inside an item, by the usual names; also below, where an envelope holds the item alone. An item that is a
    name or a number is its own id."""
    if isinstance(item, (str, int)) and not isinstance(item, bool):
        return str(item)
    return id_in(item, resource.item_path if resource else "") if isinstance(item, dict) else None
