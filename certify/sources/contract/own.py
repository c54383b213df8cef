"""Nothing that the harness did not make is modified.

The engine learns ids from answers, draws small numbers and takes the contract's examples, and uses all of them to
change and delete. Each process keeps the ids that its own creations answered with. A request that would change
something under another id gets one of those, of the same collection, or an id of the same kind that nothing has.

Let through, unless seen in a read, is what names nothing: members of an ``enum``, texts that the contract does not
allow, which are invalid on purpose, and texts with characters that no id has.
"""

from __future__ import annotations

import json
import re
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any
from urllib.parse import unquote

from certify.contract.scalars import fits
from certify.contract.strings import text

_ID = re.compile(r"(^|_)(id|uuid|key|slug)$|[a-z](Id|Uuid)$")
_OWN_ID = frozenset({"id", "_id", "uuid"})
"""Members that name the object itself; ``tenant_id`` and the like name another."""
CHANGING = frozenset({"PUT", "PATCH", "DELETE", "POST"})
MAX_SEEN = 50_000
"""Ids kept at most: what a partner answers is not bounded by us."""
NOBODYS = 2_000_000_000
"""From here on nobody counts; still a number of 32 bits."""
_UNKNOWN: Mapping[str, Any] = {}
_LIKE_AN_ID = re.compile(r"[\w.:@~+ -]+")


class Ownership:
    """``label`` is the engine's name of an operation: ``PUT /leads/{lead_id}``."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._made: dict[str, list[str]] = defaultdict(list)

    def foreign(self, identifier: str) -> bool:
        """Whether an id was seen and is not ours."""
        return identifier in self._seen and not self._is_made(identifier)

    def learn(self, label: str, status: int, content: bytes) -> None:
        """Read ids from a successful answer. Whatever is not JSON teaches nothing."""
        if not 200 <= status < 300 or len(self._seen) > MAX_SEEN:
            return
        try:
            value = json.loads(content)
        except (ValueError, RecursionError):
            return
        method, _, path = label.partition(" ")
        if method in ("POST", "PUT") and isinstance(value, dict) and (method == "POST" or status == 201):
            self._made[path.rstrip("/")] += list(own_ids(value))
        elif method == "GET":
            self._seen.update(_ids(value, depth=0))

    def protect(
        self,
        label: str,
        values: MutableMapping[str, Any],
        body: Any = None,
        schemas: Mapping[str, Mapping[str, Any]] = _UNKNOWN,
    ) -> None:
        """Replace the path values of a changing request that name what is not ours, and the id of its body.

        ``schemas`` are those of the path parameters by name, as far as they are known.
        """
        method, _, path = label.partition(" ")
        if method not in CHANGING:
            return
        for name in _OWN_ID & set(body) if isinstance(body, dict) else ():
            if _scalar(body[name]) and (self.foreign(str(body[name])) or self._small(body[name])):
                body[name] = _nobodys(body[name])
        for name, value in values.items():
            made, schema = self._made[path.split("/{" + name + "}", 1)[0]], schemas.get(name, {})
            if str(value) not in made and (str(value) in self._seen or _may_name(value, schema)):
                values[name] = _like(value, made[-1]) if made else _nobodys(value, schema)

    def _small(self, value: Any) -> bool:
        """A number that somebody may have counted up to, and that is not of our making."""
        return isinstance(value, int) and 0 <= value < NOBODYS and not self._is_made(str(value))

    def _is_made(self, identifier: str) -> bool:
        return any(identifier in made for made in self._made.values())


def own_ids(value: dict[str, Any]) -> Iterator[str]:
    """The id of a created object: at the top, or inside an envelope of one level."""
    for name, member in value.items():
        if isinstance(member, dict):
            yield from (str(item) for key, item in member.items() if key in _OWN_ID and _scalar(item))
        elif name in _OWN_ID and _scalar(member):
            yield str(member)


def _ids(value: Any, depth: int) -> Iterator[str]:
    """Every id in an answer, however deep, within reason."""
    if depth > 12:
        return
    if isinstance(value, list):
        for item in value:
            yield from _ids(item, depth + 1)
    elif isinstance(value, dict):
        for name, member in value.items():
            if _ID.search(name) and _scalar(member):
                yield str(member)
            else:
                yield from _ids(member, depth + 1)


def _scalar(value: Any) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool)


def _like(value: Any, own: str) -> Any:
    return int(own) if isinstance(value, int) and own.isdigit() else own


def _may_name(value: Any, schema: Mapping[str, Any]) -> bool:
    """Whether somebody's thing may have this id, although nobody has seen it there."""
    if {"enum", "const"} & schema.keys() or schema.get("type") == "boolean":
        return False
    written = unquote(str(value))
    return written.isdigit() or (_LIKE_AN_ID.fullmatch(written) is not None and fits(schema, value))


def _nobodys(value: Any, schema: Mapping[str, Any] = _UNKNOWN) -> Any:
    """An id of the same kind that nothing has, and that the schema allows: so that it is refused as unknown only."""
    if isinstance(value, int | float):
        most = schema.get("maximum")
        return min(NOBODYS + int(value) % 1_000_000, int(most) if isinstance(most, int | float) else NOBODYS * 2)
    named = uuid.uuid5(uuid.NAMESPACE_URL, str(value))
    if str(value).isdigit():
        candidates = [str(NOBODYS + named.int % 1_000_000)]
    else:
        candidates = [str(named)] if _is_uuid(value) else []
    candidates += [f"certify-{named.hex[:12]}", text(schema, 1 + named.int % 1_000_000)]
    return next((item for item in candidates if fits(schema, item)), candidates[0])


def _is_uuid(value: Any) -> bool:
    try:
        uuid.UUID(str(value))
    except ValueError:
        return False
    return True
