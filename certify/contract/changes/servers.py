"""Where the API is served.

A sandbox is called at the profile's base URL, in place of the contract's servers, so a server of the whole contract
that comes or goes asks nothing of the sandbox; one of a single operation does, since that is called there.
"""

from __future__ import annotations

from certify.contract.changes.comparing import Comparing, Pair
from certify.contract.changes.ruling import NONE, breaking, harmless
from certify.contract.changes.side import Node
from certify.contract.servers import server_urls

REMOVED = breaking("server-removed", NONE, "server removed", "a client calls it", conduct=False)
ADDED = harmless("server-added", NONE, "server added", "a client need not call it", conduct=False)
MOVED = breaking("operation-moved", NONE, "operation is served elsewhere", "a client calls it where it was")
RULES = (REMOVED, ADDED, MOVED)


def look(comparing: Comparing, pair: Pair) -> None:
    old, new = _own(pair.old, pair.old_item), _own(pair.new, pair.new_item)
    if set(old) != set(new):
        place = f"{pair.new.pointer}/servers"
        comparing.tell(MOVED, pair.operation, place, MOVED.title, ", ".join(old), ", ".join(new))


def _own(operation: Node, item: Node) -> list[str]:
    return server_urls(operation.get("servers") or item.get("servers"))


def look_at_document(comparing: Comparing) -> None:
    old, new = (server_urls(side.document.get("servers")) for side in (comparing.old, comparing.new))
    for url in old:
        if url not in new:
            comparing.tell(REMOVED, "", f"/servers#{url}", f"server {url} removed", url)
    for url in new:
        if url not in old:
            comparing.tell(ADDED, "", f"/servers#{url}", f"server {url} added", "", url)
