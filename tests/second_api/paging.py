"""Depot grew over the years: three lists, three ways to page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from tests.second_api.exchange import Answer, Asked

Items = list[dict[str, Any]]


class Paging:
    """Each method answers one page of ``items``; ``asked`` and its checked ``numbers`` say which."""

    def by_offset(self, items: Items, numbers: dict[str, int], name: str) -> Answer:
        """``offset`` and ``limit``; the body tells the total."""
        window = self.window(items, numbers.get("offset", 0), numbers.get("limit", 20))
        return Answer(200, {name: window, "total": len(items)})

    def by_page(self, items: Items, numbers: dict[str, int], name: str) -> Answer:
        """``page`` from 1, and ``size``; the body tells how many pages there are."""
        page, size = numbers.get("page", 1), numbers.get("size", 20)
        window = self.window(items, (page - 1) * size, size)
        return Answer(200, {name: window, "page": page, "pages": -(-len(items) // size)})

    def by_link(self, items: Items, numbers: dict[str, int], asked: Asked, at: str) -> Answer:
        """``after`` the number of the last item seen; a Link header leads on (RFC 8288 §3), and the body is a list."""
        after, count = numbers.get("after", 0), numbers.get("count", 20)
        ahead = [item for item in items if item["id"] > after]
        window = self.window(ahead, 0, count)
        more = self.more(ahead, window)
        others = [pair for pair in asked.query if pair[0] not in ("after", "depot_key")]
        link = f'<{at}?{urlencode([*others, ("after", window[-1]["id"])])}>; rel="next"' if more else ""
        return Answer(200, window, {"Link": link} if link else {})

    def window(self, items: Items, start: int, size: int) -> Items:
        return items[start : start + size]

    def more(self, ahead: Items, window: Items) -> bool:
        return len(ahead) > len(window)
