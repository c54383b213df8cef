"""What only a reader sees: titles, summaries, descriptions, tags, examples. Told, and nothing else."""

from __future__ import annotations

from certify.contract.changes.comparing import Comparing, Pair
from certify.contract.changes.ruling import NONE, harmless

OPERATION = harmless(
    "operation-text-changed", NONE, "summary, description or tags of an operation changed", "no message changes",
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


def look_at_document(comparing: Comparing) -> None:
    old, new = comparing.old.root() / "info", comparing.new.root() / "info"
    for name in ("title", "version", "description", "termsOfService", "contact", "license"):
        if old.get(name) != new.get(name):
            sides = (old.get(name, ""), new.get(name, ""))
            comparing.tell(INFO, "", f"/info/{name}", f"{name} changed", *sides)
