"""What the profile says of collections: its hints name the list, the item, the create, the update and the delete.

    operations:
      collection: {operation: searchThings}
      item: {operation: getThing}
      create: {operation: addThing}

They belong together: the collection whose item is read becomes the one with that list, that create and that delete.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from certify.contract import Contract, Operation, Resource
from certify.model.partner import Partner

_PARTS = {"collection": "list", "item": "read", "create": "create", "update": "update", "delete": "delete"}
_ITEM = re.compile(r"^(?P<collection>.*)/\{(?P<parameter>[^}]+)\}/?$")


def guided(contract: Contract, partner: Partner) -> Contract:
    """The contract with the collection that the profile describes, where it describes one."""
    named = {
        part: operation
        for role, part in _PARTS.items()
        if role in partner.operations
        and (operation := contract.operation(partner.operations[role].operation)) is not None
    }
    found = _meant(contract, named)
    if found is None:
        return contract
    described = replace(found, **cast(Any, named))
    others = [resource for resource in contract.resources if resource.item_path != found.item_path]
    return contract.with_resources([described, *others])


def _meant(contract: Contract, named: Mapping[str, Operation]) -> Resource | None:
    """The resource that the named operations are about: by the item first; a new one where the paths imply none."""
    for part in ("read", "update", "delete", "create", "list"):
        operation = named.get(part)
        known = next((r for r in contract.resources if operation and operation in r.operations), None)
        if known is not None:
            return known
    anchor = named.get("read") or named.get("delete") or named.get("update")
    match = _ITEM.match(anchor.path) if anchor is not None else None
    if match is None:
        return None
    item = match.string.rstrip("/")
    below = tuple(op for op in contract.operations if f"{op.path}/".startswith(f"{item}/") and op.method != "DELETE")
    return Resource(match["collection"], item, match["parameter"], others=below)
