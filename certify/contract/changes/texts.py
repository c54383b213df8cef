"""What only a reader sees: titles, summaries, descriptions, tags, examples. Told, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from certify.contract.changes.comparing import Comparing, Pair
from certify.contract.changes.parameters import declared
from certify.contract.changes.responses import in_both, statuses
from certify.contract.changes.ruling import NONE, harmless
from certify.contract.changes.side import Node

OPERATION = harmless(
    "operation-text-changed", NONE, "text or tags of an operation changed", "no message changes",
    conduct=False,
)  # fmt: skip
INFO = harmless("info-changed", NONE, "title, version or description changed", "no message changes", conduct=False)
RULES = (OPERATION, INFO)


def look(comparing: Comparing, pair: Pair) -> None:
    for name in ("summary", "description", "tags", "externalDocs"):
        before, after = pair.old.get(name, ""), pair.new.get(name, "")
        if before != after:
            place = f"{pair.new.pointer}/{name}"
            comparing.tell(OPERATION, pair.operation, place, f"{name} changed", before, after)
    for old, new in _parts(comparing, pair):
        if old.get("description") != new.get("description"):
            sides = (old.get("description", ""), new.get("description", ""))
            comparing.tell(OPERATION, pair.operation, f"{new.pointer}/description", "description changed", *sides)


def _parts(comparing: Comparing, pair: Pair) -> Iterator[tuple[Node, Node]]:
    """The parameters, the body, the answers and their headers, as far as both sides have them."""
    old_ones = declared(comparing.old, pair.old_item, pair.old, pair.names)
    new_ones = declared(comparing.new, pair.new_item, pair.new, {})
    yield from ((old_ones[key], new_ones[key]) for key in old_ones if key in new_ones)
    yield comparing.old.follow(pair.old / "requestBody"), comparing.new.follow(pair.new / "requestBody")
    before, after = statuses(pair.old), statuses(pair.new)
    for status, other in in_both(pair):
        old, new = comparing.old.follow(before[status]), comparing.new.follow(after[other])
        yield old, new
        headers, others = old.members("headers"), new.members("headers")
        for name in (name for name in headers if name in others):
            yield comparing.old.follow(headers[name]), comparing.new.follow(others[name])


def look_at_document(comparing: Comparing) -> None:
    old, new = comparing.old.root() / "info", comparing.new.root() / "info"
    for name in ("title", "version", "summary", "description", "termsOfService", "contact", "license"):
        if old.get(name) != new.get(name):
            sides = (old.get(name, ""), new.get(name, ""))
            comparing.tell(INFO, "", f"/info/{name}", f"{name} changed", *sides)
