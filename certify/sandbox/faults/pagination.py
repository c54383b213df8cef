"""Faults of paging: a walk that ends too early, and one that never ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from certify.sandbox.call import Call
from certify.sandbox.faults import fault
from certify.sandbox.faults.surgery import replace_method
from certify.sandbox.pagination import Keep
from certify.sandbox.store import Record

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox


@fault(
    "last-page-dropped",
    checks=["page.walk-complete"],
    does="A loop condition is off by one: the page before the last says that it is the last.",
)
def last_page_dropped(sandbox: Sandbox) -> None:
    honest = sandbox.paginator.page

    def page(call: Call, records: Iterable[Record], keep: Keep) -> dict[str, Any]:
        everything = list(records)
        this = honest(call, everything, keep)
        if this["next_cursor"]:
            ahead = replace(call, inputs={**call.inputs, "cursor": this["next_cursor"]})
            if honest(ahead, everything, keep)["next_cursor"] is None:
                this["next_cursor"] = None
        return this

    replace_method(sandbox.paginator, "page", page)


@fault("next-cursor-loops", checks=["page.walk-complete"], does="The last page's cursor points to the last page.")
def next_cursor_loops(sandbox: Sandbox) -> None:
    honest = sandbox.paginator.page

    def page(call: Call, records: Iterable[Record], keep: Keep) -> dict[str, Any]:
        this = honest(call, records, keep)
        return {**this, "next_cursor": this["next_cursor"] or call.inputs.get("cursor")}

    replace_method(sandbox.paginator, "page", page)
