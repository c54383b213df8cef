"""What each create of a contract makes, where that is found afterwards, and how it is deleted.

Small and plain, so that it travels to processes that never read the contract.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from certify.contract.document import Contract
from certify.contract.naming import id_in, id_in_location, path_values, scalar, usable
from certify.contract.operation import Operation
from certify.contract.resources import Resource
from certify.http.call import fill


@dataclass(frozen=True)
class Creation:
    """A create. ``item`` is the path template of what it makes, whose id is ``parameter``; ``delete`` deletes it
    (``DELETE /leads/{id}``), empty where the contract has nothing; ``pointer`` is where a link says that the id is."""

    operation: str
    path: str
    item: str
    parameter: str
    delete: str = ""
    list: str = ""
    pointer: str = ""


@dataclass(frozen=True)
class Made:
    """What a create made: its id, its path, and the call that deletes it (``DELETE /leads/7``, or empty)."""

    id: str
    place: str
    remove: str


def creations(contract: Contract) -> dict[str, Creation]:
    """The creates of a contract by their label, ``POST /leads``."""
    return {
        f"{resource.create.method} {resource.create.path}": creation_of(resource, resource.create)
        for resource in contract.resources
        if resource.create is not None
    }


def creation_of(resource: Resource, create: Operation) -> Creation:
    """How a resource's things are made."""
    delete, listed = resource.delete, resource.list
    return Creation(
        operation=create.id,
        path=create.path,
        item=resource.item_path,
        parameter=resource.parameter,
        delete=f"{delete.method} {delete.path}" if delete else "",
        list=listed.path if listed and listed.method == "GET" else "",
        pointer=_linked(create, resource.parameter),
    )


def made_by(creation: Creation, path: str, body: Any, location: str = "", sent: Any = None) -> Made | None:
    """What a successful create at ``path`` made, by its answer; by what was ``sent``, where that named the thing.

    ``None`` where no id can be found.
    """
    elsewhere = "://" in path
    own = path_values(creation.path, urlsplit(path).path if elsewhere else path)
    found = own.get(creation.parameter) or id_in(body, creation.item, creation.pointer)
    found = found or id_in_location(location, path, creation.item)
    found = found or (scalar(sent.get(creation.parameter)) if isinstance(sent, dict) else None)
    if found is None or not usable(found):
        return None
    values = {**own, creation.parameter: found}
    method, _, template = creation.delete.partition(" ")
    remove = fill(template, values)
    # Nothing is deleted by a guess: not where a parent's id is not known, and not on another server than the base URL.
    sure = method and "{" not in remove and not elsewhere
    return Made(found, fill(creation.item, values), f"{method} {remove}" if sure else "")


def ours(status: int, *, marked: bool = False) -> bool:
    """Whether a success certainly made a new thing, which may be deleted, rather than found or changed somebody's.

    201 says so (RFC 9110 §15.3.2). Any other status may come from a find-or-create, whose answer looks the same: then
    the request must have carried a canary (``marked``), which nobody else's thing has.
    """
    return status == 201 or marked


def _linked(create: Operation, parameter: str) -> str:
    """Where a link of the contract finds the id in the answer (OpenAPI 3.1 §4.8.20)."""
    for answer in create.answers.values():
        for link in answer.links.values():
            parameters = link.get("parameters")
            expression = str(parameters.get(parameter, "")) if isinstance(parameters, dict) else ""
            if expression.startswith("$response.body#"):
                return expression.removeprefix("$response.body#")
    return ""
