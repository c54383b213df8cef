"""What each company keeps. Nothing is ever thrown away: a record is the list of its versions, the last may be "gone".

Readers may be shown what was true a moment ago (``lag_s``), as replicas do.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Fields = dict[str, Any]


@dataclass
class Record:
    """``versions`` are (time, fields), the fields None where the record is gone from then on."""

    company: str
    kind: str
    number: int
    versions: list[tuple[float, Fields | None]] = field(default_factory=list)

    @property
    def now(self) -> Fields | None:
        return self.versions[-1][1] if self.versions else None

    def at(self, moment: float) -> Fields | None:
        return next((fields for since, fields in reversed(self.versions) if since <= moment), None)


class Store:
    """Records of all kinds and companies, in the order in which they were made."""

    def __init__(self, lag_s: float = 0.0) -> None:
        self.lag_s = lag_s
        self.records: list[Record] = []
        self._made: dict[str, int] = {}

    def number(self, company: str, kind: str) -> int:
        """The next number of a kind, counted for all companies together."""
        self._made[kind] = self._made.get(kind, 4_000) + 1
        return self._made[kind]

    def add(self, company: str, kind: str, fields: Fields) -> Fields:
        record = Record(company, kind, self.number(company, kind))
        self.records.append(record)
        return self.change(record, {**fields, "id": record.number})

    def change(self, record: Record, fields: Fields | None) -> Fields:
        record.versions.append((time.monotonic(), fields))
        return fields or {}

    def owned(self, company: str, kind: str) -> Iterator[Record]:
        """All records of a company, gone ones too."""
        return (record for record in self.records if record.company == company and record.kind == kind)

    def find(self, company: str, kind: str, number: int) -> Record | None:
        """A record that is there for writers: they see the present."""
        found = (record for record in self.owned(company, kind) if record.number == number and record.now is not None)
        return next(found, None)

    def shown(self, record: Record) -> Fields | None:
        """What readers see of a record."""
        return record.at(time.monotonic() - self.lag_s)

    def visible(self, company: str, kind: str) -> list[Fields]:
        """What readers see of a kind, oldest first."""
        return [fields for record in self.owned(company, kind) if (fields := self.shown(record)) is not None]
