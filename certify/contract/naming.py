"""By which name an answer tells the id of a thing: in a member, in an envelope, in the thing's own address.

Nothing here knows an API, so the likeliest wins: what the contract's link points at, then members that are called like
an id of this very thing, then addresses of it, and only then members that may be an id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from certify.contract.resources import singular
from certify.http.call import resolve_pointer

MAX_ID = 512
"""Characters of an id at most: what a partner answers is not bounded by us."""
_SURE = ("id", "uuid", "_id", "guid", "ID", "Id")
_LIKELY = ("key", "slug", "code", "number", "identifier", "name")
_ADDRESSES = ("@id", "href", "url", "uri", "self", "link", "location")
_ENVELOPES = ("data", "result", "item", "object", "resource", "attributes", "response")
_DEPTH = 3


def id_in(body: Any, template: str, pointer: str = "") -> str | None:
    """The id of the thing that an answer is about. ``template`` is the path of the thing: ``/leads/{lead_id}``."""
    if pointer and (linked := scalar(resolve_pointer(body, pointer))) is not None:
        return linked
    if not isinstance(body, Mapping):
        return _bare(body)
    *_, name, parameter = ("", "", *template.rstrip("/").split("/"))
    for part in _parts(body, name):
        for names in (sure_names(parameter.strip("{}"), name), None, _LIKELY):
            found = _by_address(part, template) if names is None else _by_name(part, names)
            if found is not None:
                return found
    return None


def sure_names(parameter: str, name: str) -> tuple[str, ...]:
    """The names that can hardly be anything but the id: ``id``, the path parameter's, ``lead_id`` and ``leadId``.

    A parameter that is called otherwise comes before ``id``: under ``/issues/{number}`` an issue goes by its number.
    """
    one = singular(name)
    head, *rest = one.split("_")
    camel = head + "".join(part.title() for part in rest)
    own = (parameter, f"{one}_id", f"{camel}Id", f"{camel}ID", f"{one}_uuid", f"{camel}Uuid") if one else (parameter,)
    first = () if re.search("id$", parameter, re.I) else (parameter,)
    return tuple(
        dict.fromkeys(item for item in (*first, "id", *own, *_SURE, re.sub(r"_?[iI][dD]$", "", parameter)) if item)
    )


def other_ids(item: Mapping[str, Any], template: str) -> list[str]:
    """All that an item may go by in the path ``template``, the likeliest first: its own address, then its names."""
    *_, name, parameter = ("", "", *template.rstrip("/").split("/"))
    address = _by_address(item, template)
    named = (scalar(item.get(member)) for member in (*sure_names(parameter.strip("{}"), name), *_LIKELY))
    return list(dict.fromkeys(found for found in (address, *named) if found is not None))


def id_in_address(address: str, template: str) -> str | None:
    """The segment of a URL that stands where the thing's path has its last parameter; None where it does not fit."""
    path, wanted = urlsplit(address).path.rstrip("/").split("/"), template.rstrip("/").split("/")
    tail = list(zip(reversed(path), reversed(wanted), strict=False))
    if len(tail) < 2 or not tail[0][1].startswith("{"):
        return None
    literal = next((pair for pair in tail if not pair[1].startswith("{")), None)
    return unquote(tail[0][0]) or None if literal is not None and literal[0] == literal[1] else None


def id_in_location(location: str, called: str, template: str) -> str | None:
    """The id in a Location (RFC 9110 §10.2.2): by the thing's path, else its last segment."""
    place, here = urlsplit(location).path.rstrip("/"), urlsplit(called).path.rstrip("/")
    if not place or (here and place.endswith(here)):
        return None
    return id_in_address(location, template) or unquote(place.rsplit("/", 1)[-1]) or None


def path_values(template: str, path: str) -> dict[str, str]:
    """The values that a path gives to its template's parameters."""
    pairs = zip(template.rstrip("/").split("/"), path.rstrip("/").split("/"), strict=False)
    return {part[1:-1]: unquote(value) for part, value in pairs if part.startswith("{") and part.endswith("}")}


def usable(text: str) -> bool:
    """Whether an id may stand in a path: ``..``, or nothing at all, would name something else than the thing."""
    return 0 < len(text) <= MAX_ID and text.strip(". ") != "" and text.isprintable()


def scalar(value: Any) -> str | None:
    """An id as text: texts and whole numbers can be one."""
    good = isinstance(value, (str, int)) and not isinstance(value, bool) and str(value) != ""
    return str(value) if good else None


def _bare(body: Any) -> str | None:
    """An answer that is the id itself."""
    return scalar(body) if not isinstance(body, str) or re.fullmatch(r"[\w.:-]{1,64}", body) else None


def _parts(body: Any, name: str) -> Iterator[Mapping[str, Any]]:
    """The answer itself and, from the outside in, what its envelopes hold."""
    for _ in range(_DEPTH):
        if not isinstance(body, Mapping):
            return
        yield body
        body = _inner(body, name)


def _inner(body: Mapping[str, Any], name: str) -> Any:
    for member in (singular(name), name, *_ENVELOPES):
        if member and isinstance(body.get(member), Mapping):
            return body[member]
    inner = [value for key, value in body.items() if isinstance(value, Mapping) and not key.startswith("_")]
    return inner[0] if len(inner) == 1 else None


def _by_name(part: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    return next((found for name in names if (found := scalar(part.get(name))) is not None), None)


def _by_address(part: Mapping[str, Any], template: str) -> str | None:
    """HAL's and JSON:API's self links, and members that hold the thing's own URL."""
    links = part.get("_links", part.get("links"))
    own = links.get("self") if isinstance(links, Mapping) else None
    candidates = [own.get("href") if isinstance(own, Mapping) else own, *(part.get(name) for name in _ADDRESSES)]
    texts = [text for text in candidates if isinstance(text, str)]
    return next((found for text in texts if (found := id_in_address(text, template)) is not None), None)
