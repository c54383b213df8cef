"""Names that refer to a thing: ``customer_id``, ``customerId``, ``/reports/{customer}``, ``customer: {id: 7}``."""

from __future__ import annotations

import re

from certify.contract import Contract, Resource
from certify.contract.resources import singular

_SUFFIX = re.compile(r"[-_]?(ids?|uuids?|guids?|keys?|slugs?|codes?|numbers?|names?)$", re.I)


class References:
    """Knows the collections of one contract by the names that others call their items by."""

    def __init__(self, contract: Contract) -> None:
        known = [r for r in contract.resources if (r.create or r.list) and "{" not in r.collection_path]
        self._by_parameter: dict[str, Resource] = {}
        self._by_name: dict[str, Resource] = {}
        for resource in known:
            if _base(resource.parameter):
                self._by_parameter.setdefault(_plain(resource.parameter), resource)
            self._by_name.setdefault(_plain(singular(resource.name)), resource)

    def resource(self, name: str, *, bare: bool = False) -> Resource | None:
        """The collection that a parameter or member refers to; ``bare`` names, without ``id``, only if asked for."""
        if not bare and not re.search(r"(_|-)?(id|uuid|guid)s?$", name, re.I):
            return None
        base = _base(name)
        return self._by_parameter.get(_plain(name)) or (self._by_name.get(base) if base else None)


def _base(name: str) -> str:
    """``customerId`` → ``customer``; empty for ``id`` alone, which says nothing."""
    return _plain(singular(_SUFFIX.sub("", name)))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
