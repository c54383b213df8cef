"""Where two answers to one request differ: the first places that tell, as short texts.

Status first, then the headers that a client acts on, then the structure of the body: what is missing or of another
type. Ids and times differ in every run and are no difference; nor are other values, unless they are asked for: data
that each run makes anew differ in them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from certify.comparing.comparison import Difference
from certify.comparing.steady import steady
from certify.formats.inert import clip
from certify.http.call import ABSENT, resolve_pointer
from certify.model.exchange import Exchange, ReceivedResponse, header

TELLING = (
    "content-type", "www-authenticate", "location", "cache-control", "retry-after", "allow", "link", "deprecation",
    "sunset", "content-encoding", "access-control-allow-origin", "strict-transport-security",
)  # fmt: skip
"""Headers that a client acts on. Those that count or name a request differ always."""
MOST = 4
SHORT = 160
DEEPEST = 40
NOTHING = "—"


def differences(before: Exchange, after: Exchange, *, values: bool = False) -> tuple[Difference, ...]:
    """The first places in which the answers differ, the most telling first; empty where they say the same."""
    old, new = before.response, after.response
    if old is None or new is None:
        told = Difference("answer", _told(before), _told(after))
        return (told,) if steady(told.before) != steady(told.after) else ()
    if old.status != new.status:
        return tuple([*_status(old, new), *_headers(old, new), *_excerpt(old, new)][:MOST])
    found = [*_headers(old, new), *_body(old, new, values)][:MOST]
    return tuple(replace(item, place=clip(item.place, SHORT)) for item in found)


def at_place(before: Exchange, after: Exchange, pointer: str) -> tuple[Difference, ...]:
    """Whether the answers differ in the value that a finding points at (RFC 6901); a place may be missing in one."""
    if not pointer or before.response is None or after.response is None:
        return ()
    try:
        found = [resolve_pointer(json.loads(got.body), pointer) for got in (before.response, after.response)]
    except (ValueError, RecursionError):
        return ()
    one, other = (NOTHING if value is ABSENT else _json(value) for value in found)
    return (Difference(clip(f"body {pointer}", SHORT), one, other),) if steady(one) != steady(other) else ()


def conduct(before: Exchange, after: Exchange) -> tuple[Difference, ...]:
    """The same without bodies: whether another status or another header came, or no answer at all."""
    return tuple(item for item in differences(before, after) if not item.place.startswith("body"))


def _told(exchange: Exchange) -> str:
    return str(exchange.response.status) if exchange.response else f"no answer: {exchange.error or 'nothing came'}"


def _status(old: ReceivedResponse, new: ReceivedResponse) -> Iterator[Difference]:
    yield Difference("status", str(old.status), str(new.status))


def _excerpt(old: ReceivedResponse, new: ReceivedResponse) -> Iterator[Difference]:
    """How both bodies begin: with another status nobody expects the same one."""
    if old.body or new.body:
        yield Difference("body", _short(old.body or None), _short(new.body or None))


def _headers(old: ReceivedResponse, new: ReceivedResponse) -> Iterator[Difference]:
    for name in TELLING:
        one, other = header(old.headers, name), header(new.headers, name)
        if steady(one or "").lower() != steady(other or "").lower():
            yield Difference(f"header {name}", _short(one), _short(other))


def _short(text: str | None) -> str:
    return NOTHING if text is None else clip(text, SHORT)


def _body(old: ReceivedResponse, new: ReceivedResponse, values: bool) -> Iterator[Difference]:
    if steady(old.body) == steady(new.body):
        return
    try:
        found = list(_values(json.loads(old.body), json.loads(new.body), "", 0))
    except (ValueError, RecursionError):
        if values or bool(old.body) != bool(new.body):
            yield from _text(old.body, new.body)
        return
    yield from (item for structural, item in found if structural or values)


def _text(one: str, other: str) -> Iterator[Difference]:
    """The first lines that differ."""
    old, new = one.splitlines() or [""], other.splitlines() or [""]
    at = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if steady(a) != steady(b)), None)
    number = min(len(old), len(new)) if at is None else at
    yield Difference(f"body, line {number + 1}", _line(old, number), _line(new, number))


def _line(lines: list[str], number: int) -> str:
    return clip(lines[number], SHORT) if number < len(lines) else NOTHING


def _values(one: Any, other: Any, pointer: str, depth: int) -> Iterator[tuple[bool, Difference]]:
    """Every place that differs, and whether it is a matter of structure. Of a list, the first items stand for all."""
    if depth > DEEPEST:
        return
    if isinstance(one, dict) and isinstance(other, dict):
        for name in {**one, **other}:
            inner = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
            if name not in one or name not in other:
                told = Difference(f"body {inner}", _value(one, name), _value(other, name))
                yield True, told
            else:
                yield from _values(one[name], other[name], inner, depth + 1)
    elif isinstance(one, list) and isinstance(other, list):
        if bool(one) != bool(other):
            yield True, Difference(f"body {pointer}", f"{len(one)} items", f"{len(other)} items")
        elif one:
            yield from _values(one[0], other[0], f"{pointer}/0", depth + 1)
    elif _kind(one) != _kind(other):
        yield True, Difference(f"body {pointer or 'itself'}", _json(one), _json(other))
    elif steady(_json(one)) != steady(_json(other)):
        yield False, Difference(f"body {pointer or 'itself'}", _json(one), _json(other))


def _value(holder: dict[str, Any], name: str) -> str:
    return _json(holder[name]) if name in holder else NOTHING


def _kind(value: Any) -> str:
    return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__


def _json(value: Any) -> str:
    return clip(json.dumps(value, ensure_ascii=False), SHORT)
