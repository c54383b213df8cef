"""What the sandbox remembers: records of a kind, each owned by one tenant.

Every way in takes the tenant, so that it cannot be forgotten by accident; the methods that look across tenants say so
in their names and are used by faults only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from certify.sandbox.ids import Ids


@dataclass
class Record:
    """One stored object. ``number`` counts within its tenant and kind, and orders lists; ``version`` feeds the ETag."""

    id: str
    kind: str
    tenant: str
    number: int
    document: dict[str, Any]
    version: int = 1

    @property
    def etag(self) -> str:
        return f'"{self.id[:8]}-{self.version}"'


class Store:
    """Records by id and, newest last, by tenant and kind."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._by_id: dict[str, Record] = {}
        self._lists: dict[tuple[str, str], dict[int, Record]] = {}
        self._numbers: dict[tuple[str, str], int] = {}

    def add(self, kind: str, tenant: str, document: dict[str, Any]) -> Record:
        """Store a new object; its ``id`` is put first."""
        number = self._numbers.get((tenant, kind), 0) + 1
        identifier = self._ids.next()
        record = Record(identifier, kind, tenant, number, {"id": identifier, **document})
        self._numbers[tenant, kind] = number
        self._by_id[identifier] = record
        self._lists.setdefault((tenant, kind), {})[number] = record
        return record

    def find(self, kind: str, tenant: str, identifier: str) -> Record | None:
        """The object, if it is of this kind and this tenant's. Ids compare without regard to case (RFC 9562 §4)."""
        record = self._by_id.get(identifier.lower())
        return record if record and record.kind == kind and record.tenant == tenant else None

    def find_anywhere(self, kind: str, identifier: str) -> Record | None:
        """The object of any tenant: what a careless handler would ask for."""
        record = self._by_id.get(identifier.lower())
        return record if record and record.kind == kind else None

    def change(self, record: Record, changes: dict[str, Any]) -> Record:
        record.document.update(changes)
        record.version += 1
        return record

    def remove(self, record: Record) -> None:
        del self._by_id[record.id]
        del self._lists[record.tenant, record.kind][record.number]

    def newest(self, kind: str, tenant: str) -> Iterator[Record]:
        """The tenant's objects of a kind, newest first."""
        return reversed(self._lists.get((tenant, kind), {}).values())

    def newest_anywhere(self, kind: str) -> Iterator[Record]:
        """Objects of every tenant: what an index without a tenant would hold."""
        for (_tenant, listed), records in self._lists.items():
            if listed == kind:
                yield from reversed(records.values())

    def count(self, kind: str, tenant: str) -> int:
        return len(self._lists.get((tenant, kind), {}))
