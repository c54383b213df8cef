"""Walking a collection page by page, in the style that the profile declares.

walk = pages.walk(resource, call, size=2, most=20)
walk.ids, walk.ended, walk.repeated
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin

from certify.contract import Contract, Resource
from certify.http.call import ABSENT, Call, Reply
from certify.model.outcome import Reason
from certify.model.partner import Partner
from certify.suite.expectations import control
from certify.suite.items import items_of, member_id
from certify.suite.target import Target
from certify.suite.verdicts import Inconclusive

_TOTAL = re.compile(r"(?<![A-Za-z])(total|count)|Total|Count|TOTAL|COUNT")
"""Members that may count items; ``account`` and ``discount`` do not."""
_FULL = 5
"""Page sizes are multiples of it: 10, 20, 25, 50, 100."""
_NEXT = re.compile(r"<([^>]*)>[^,]*;\s*rel=\"?(?:[^\",]*\s)?next\b")


@dataclass
class Walk:
    """The pages that were seen. ``repeated`` says that the last page pointed to one that had been read already,
    ``clamped`` that beyond the end the last page came again, which is left out here, ``pointed`` that any page pointed
    to a next one, or that asking for the next one by number brought another."""

    resource: Resource
    pages: list[Reply] = field(default_factory=list)
    items: list[Any] = field(default_factory=list)
    ended: bool = False
    repeated: bool = False
    clamped: bool = False
    pointed: bool = False

    @property
    def ids(self) -> list[str]:
        """The ids of the items, in the order of the pages."""
        return [found for item in self.items if (found := member_id(item, self.resource)) is not None]


class Pages:
    """Reads collections. ``style`` is cursor, page, offset or link; without one there is a single page."""

    def __init__(self, contract: Contract, partner: Partner, target: Target) -> None:
        self._contract, self._target = contract, target
        self._paging, self._base = partner.pagination, partner.base_url

    def sized(self, call: Call, size: int | None) -> Call:
        """The call with a page size, where the profile knows the parameter and the list takes it."""
        name = self._paging.size_param
        return call.with_query(**{name: str(size)}) if name and size and self._takes(call, name) else call

    def _takes(self, call: Call, name: str) -> bool:
        """Whether a list takes a parameter: it declares it, or no list of the contract declares any such thing. Lists
        of one API differ, and a strict one refuses what it does not know."""
        operation = self._contract.operation(call.operation or "")
        own = operation is not None and operation.parameter(name, "query") is not None
        return own or not any(op.parameter(name, "query") for op in self._contract.operations)

    def items(self, reply: Reply) -> list[Any] | None:
        """The items of a page: where the profile says, else where they can only be."""
        found = items_of(reply, self._paging.items_pointer)
        return items_of(reply) if found is None else found

    def walk(
        self,
        resource: Resource,
        call: Call,
        *,
        size: int | None = None,
        most: int = 50,
        identity: str = "primary",
        purpose: str = "",
    ) -> Walk:
        """Follow the pages of a list to the end, or ``most`` of them. Raises :class:`Inconclusive` on a bad page."""
        walk, asked = Walk(resource), self._begun(self.sized(call, size))
        seen = {asked.target()}
        while len(walk.pages) < most:
            reply = self._target.send(asked, identity=identity, purpose=purpose)
            items = self._page(reply, walk)
            walk.clamped = self._by_number and bool(walk.pages) and self._same(items or [], walk)
            if items is None or walk.clamped:
                walk.ended = True
                return walk
            walk.pages.append(reply)
            walk.items += items
            walk.pointed = walk.pointed or (self._by_number and bool(len(walk.pages) > 1 and items))
            following = self._following(asked, reply, len(items), len(walk.items))
            if following is None:
                walk.ended = True
                return walk
            walk.pointed = walk.pointed or not self._by_number
            if following.target() in seen:
                walk.repeated = True
                return walk
            seen.add(following.target())
            asked = following
        return walk

    def whole(self, walk: Walk) -> bool:
        """Whether a walk has seen every item: it came to the end, and the last page tells of no more. Where the profile
        does not say how this list is paged, a page with a round number of items may be a full one."""
        if not walk.ended or _tells_of_more(walk.pages[-1], len(walk.items)) or _linked(walk.pages[-1]):
            return False
        declared = bool(self._paging.style) and self._style(walk.pages[0].call) == self._paging.style
        return declared or not walk.items or len(walk.items) % _FULL > 0

    def read(self, call: Call, *, identity: str = "primary", tag: object = "", most: int = 40) -> Iterator[Reply]:
        """Each page of a list, whatever it answers; one that is not full and tells of no more ends it. This is for
        looking at what is there, and not the way to judge paging."""
        total, asked, size = 0, call, dict(call.query).get(self._paging.size_param, "")
        for _ in range(most):
            reply = self._target.send(asked, identity=identity, tag=tag)
            yield reply
            items = (self.items(reply) if reply.ok else None) or []
            total += len(items)
            full = not self._by_number or (size.isdigit() and len(items) >= int(size)) or _tells_of_more(reply, total)
            following = self._following(asked, reply, len(items), total) if items and full else None
            if following is None or following.target() == asked.target():
                return
            asked = following

    def _same(self, items: list[Any], walk: Walk) -> bool:
        """Whether a page holds the very items of the one before; what has no id cannot be told from another."""
        ids = [member_id(item, walk.resource) for item in items]
        before = [member_id(item, walk.resource) for item in self.items(walk.pages[-1]) or []]
        return bool(ids) and ids == before and None not in ids

    @property
    def _by_number(self) -> bool:
        """Whether pages are asked for by number or offset, so that only what comes says where the end is."""
        return self._paging.style in ("page", "offset")

    def _begun(self, call: Call) -> Call:
        """The first page. Some APIs link pages only where the first one was asked for by its number."""
        name = self._paging.cursor_param
        return (
            call.with_query(**{name: str(self._first(call, name))}) if self._paging.style == "link" and name else call
        )

    def _page(self, reply: Reply, walk: Walk) -> list[Any] | None:
        """The items of a page; None beyond the last one, which many APIs refuse instead of answering an empty page.

        Django REST framework answers 404 there; others repeat the last page, which is no other page either.
        """
        if walk.pages and self._by_number and 400 <= reply.status < 500:
            return None
        items = self.items(control(reply, "a page of the collection"))
        if items is None:
            raise Inconclusive(Reason.CANNOT_TELL, "no items were found in a page; declare pagination.items_pointer")
        return items

    def _following(self, call: Call, reply: Reply, count: int, total: int) -> Call | None:
        """The call of the next page, or None on the last."""
        name, pointer = self._paging.cursor_param, self._paging.next_pointer
        told = reply.at(pointer) if pointer else ABSENT
        match self._style(call):
            case "cursor":
                return None if told in (None, "", False, ABSENT) else self._to(call, told, name)
            case "link":
                linked = _linked(reply) or (told if isinstance(told, str) else "")
                return self._to(call, linked, name) if linked else None
            case "page" | "offset" if count == 0 or told in (None, "", False):
                return None
            case "page":
                asked = dict(call.query).get(name)
                return call.with_query(**{name: str(int(asked) + 1 if asked else self._first(call, name) + 1)})
            case "offset":
                return call.with_query(**{name: str(total)})
            case _:
                return None

    def _style(self, call: Call) -> str:
        """How this list is paged: as the profile says, or by links, where it does not take the declared parameter."""
        name = self._paging.cursor_param
        return self._paging.style if not name or self._takes(call, name) else "link"

    def _to(self, call: Call, told: Any, name: str) -> Call:
        """A cursor is put into its parameter; a URL is followed as it is, where its host was named."""
        text = str(told)
        if "://" in text or text.startswith(("/", "?")):
            here = call.path if "://" in call.path else self._base + call.path
            return replace(call, path=urljoin(here, text), query=())
        return call.with_query(**{name: text})

    def _first(self, call: Call, name: str) -> int:
        """The number of the first page, as the contract has it: its default, else its minimum, else 1."""
        operation = self._contract.operation(call.operation or "")
        parameter = operation.parameter(name, "query") if operation else None
        schema = parameter.schema if parameter else {}
        found = next((schema[key] for key in ("default", "minimum") if isinstance(schema.get(key), int)), 1)
        return int(found)


def _tells_of_more(reply: Reply, seen: int) -> bool:
    """Whether a page says that there are more items in all than were seen."""
    body = reply.json()
    counts = [value for name, value in body.items() if _TOTAL.search(name)] if isinstance(body, dict) else []
    told = reply.header("X-Total-Count") or ""
    return any(isinstance(value, int) and value > seen for value in [*counts, int(told) if told.isdecimal() else 0])


def _linked(reply: Reply) -> str:
    """The target of ``rel="next"`` (RFC 8288 §3), or nothing."""
    fields: Iterator[str] = (value for name, value in reply.headers if name.lower() == "link")
    match = _NEXT.search(", ".join(fields))
    return match[1] if match else ""
