"""Pages, newest first. A cursor is the number of the last item seen, in sixteen hexadecimal digits.

It stays right while others write: what is added comes before the walk, and what is deleted does not shift it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from certify.sandbox.call import Call
from certify.sandbox.store import Record

Keep = Callable[[Record], bool]


class Paginator:
    """Cuts one page out of an ordered collection."""

    def page(self, call: Call, records: Iterable[Record], keep: Keep) -> dict[str, Any]:
        """``items`` and ``next_cursor``, which is null on the last page."""
        limit = call.inputs["limit"]
        before = int(call.inputs["cursor"], 16) if "cursor" in call.inputs else None
        matching = (record for record in records if (before is None or record.number < before) and keep(record))
        found = list(islice(matching, limit + 1))
        return {"items": [record.document for record in found[:limit]], "next_cursor": self.next_cursor(found, limit)}

    def next_cursor(self, found: list[Record], limit: int) -> str | None:
        """Where to go on; ``found`` holds one record more than the page if there is any."""
        return self.cursor(found[limit - 1]) if len(found) > limit else None

    def cursor(self, record: Record) -> str:
        return f"{record.number:016x}"
