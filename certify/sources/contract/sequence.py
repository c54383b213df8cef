"""Failures that need a history: the requests before them are sent again, and what they make takes the old's place.

In the engine's stateful phase a request uses what an earlier answer gave: the id of a lead that was created for it.
That lead may be gone by now, so the creation is repeated, and its new id put wherever the old one stood: in the path,
the query, the body.

    POST /leads → 201 {"id": "17"}      again: POST /leads → 201 {"id": "42"}
    GET /leads/17 → 500                 again: GET /leads/42
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from certify.http.call import ABSENT, Reply, parse_json
from certify.model.exchange import header
from certify.sources.contract.candidates import Sample

DEEPEST = 6
MOST = 200
Swaps = Mapping[str, Any]
"""Old values, as text, and what they are now."""


def recreated(sample: Sample, send: Callable[[Sample], Reply | None]) -> Sample | None:
    """The sample with what its history makes this time; None where the history cannot be made again."""
    swaps: dict[str, Any] = {}
    for step in sample.before:
        adapted = adapt(step, swaps)
        reply = send(adapted)
        if reply is None or (200 <= step.status < 300) != reply.ok:
            return None
        swaps |= renewed(step, reply)
    return replace(adapt(sample, swaps), before=())


def renewed(step: Sample, reply: Reply) -> dict[str, Any]:
    """Values of an answer that are others now, at the same place; the last segment of Location is one."""
    old, new = dict(_leaves(parse_json(step.answer))), dict(_leaves(reply.json()))
    swaps = {str(value): new[place] for place, value in old.items() if place in new and new[place] != value}
    places = (header(step.answered, "Location") or "", reply.header("Location") or "")
    before, after = (unquote(urlsplit(place).path.rstrip("/").rpartition("/")[2]) for place in places)
    return {**({before: after} if before and after and before != after else {}), **swaps}


def adapt(sample: Sample, swaps: Swaps) -> Sample:
    """The sample with the new values in its path, its query and its JSON body."""
    if not swaps:
        return sample
    return replace(sample, url=_url(sample.url, swaps), body=_body(sample.body, swaps))


def _url(url: str, swaps: Swaps) -> str:
    parts = urlsplit(url)
    segments = [quote(str(swaps[text]), safe="") if (text := unquote(raw)) in swaps else raw
                for raw in parts.path.split("/")]  # fmt: skip
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    changed = [(name, str(swaps.get(value, value))) for name, value in pairs]
    query = urlencode(changed) if changed != pairs else parts.query
    return urlunsplit((parts.scheme, parts.netloc, "/".join(segments), query, ""))


def _body(body: str | None, swaps: Swaps) -> str | None:
    value = ABSENT if body is None else parse_json(base64.b64decode(body))
    if value is ABSENT:
        return body
    return base64.b64encode(json.dumps(_swapped(value, swaps, 0)).encode()).decode()


def _swapped(value: Any, swaps: Swaps, depth: int) -> Any:
    match value:
        case dict() if depth < DEEPEST:
            return {name: _swapped(member, swaps, depth + 1) for name, member in value.items()}
        case list() if depth < DEEPEST:
            return [_swapped(item, swaps, depth + 1) for item in value]
        case str() | int() if not isinstance(value, bool):
            return swaps.get(str(value), value)
        case _:
            return value


def _leaves(value: Any, place: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Texts and whole numbers of an answer by their place; bounded, since a partner chooses what it answers."""
    if depth > DEEPEST:
        return
    match value:
        case dict():
            for name, member in list(value.items())[:MOST]:
                yield from _leaves(member, f"{place}/{name}", depth + 1)
        case list():
            for number, item in enumerate(value[:MOST]):
                yield from _leaves(item, f"{place}/{number}", depth + 1)
        case str() | int() if not isinstance(value, bool):
            yield place, value
