"""Nothing that the harness did not make is modified.

The engine learns ids from answers and uses them in later requests, also to change and delete. Here each process keeps
apart the ids that its own creations answered with and those that it merely saw in reads. A request that would change
something under an id of the second kind gets one of the first kind, of the same collection, or one that nothing has.
"""

from __future__ import annotations

import json
import re
import uuid
from collections import defaultdict
from collections.abc import Iterator, MutableMapping
from typing import Any

_ID = re.compile(r"(^|_)(id|uuid|key|slug)$|[a-z](Id|Uuid)$")
_OWN_ID = frozenset({"id", "_id", "uuid"})
"""Members that name the object itself; ``tenant_id`` and the like name another."""
CHANGING = frozenset({"PUT", "PATCH", "DELETE", "POST"})
MAX_SEEN = 50_000
"""Ids kept at most: what a partner answers is not bounded by us."""


class Ownership:
    """``label`` is the engine's name of an operation: ``PUT /leads/{lead_id}``."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._made: dict[str, list[str]] = defaultdict(list)

    def foreign(self, identifier: str) -> bool:
        """Whether an id was seen and is not ours."""
        return identifier in self._seen and not any(identifier in made for made in self._made.values())

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

    def protect(self, label: str, values: MutableMapping[str, Any], body: Any = None) -> None:
        """Replace the path values of a changing request that name somebody else's things, and the id of its body."""
        method, _, path = label.partition(" ")
        if method not in CHANGING:
            return
        for name in _OWN_ID & set(body) if isinstance(body, dict) else ():
            if _scalar(body[name]) and self.foreign(str(body[name])):
                body[name] = _nobodys(body[name])
        for name, value in values.items():
            collection = path.split("/{" + name + "}", 1)[0]
            made = self._made[collection]
            if str(value) in self._seen and str(value) not in made:
                values[name] = _like(value, made[-1]) if made else _nobodys(value)


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


def _nobodys(value: Any) -> Any:
    """An id of the same shape that nothing has."""
    if isinstance(value, int):
        return 2_000_000_000 + value % 1_000_000
    try:
        uuid.UUID(str(value))
    except ValueError:
        return f"certify-{uuid.uuid5(uuid.NAMESPACE_URL, str(value)).hex[:12]}"
    return str(uuid.uuid5(uuid.NAMESPACE_URL, str(value)))
