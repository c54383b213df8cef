"""Collections that can be walked page by page, the best one to look at first.

What the profile names as ``operations.paginated`` or ``operations.collection`` leads; then collections that can be
filled, then others, and at last lists without items of their own (``/v2/_catalog``) that take a paging parameter.
"""

from __future__ import annotations

from collections.abc import Iterator

from certify.contract import Contract, Operation, Resource
from certify.model.partner import Partner
from certify.suite.probes import Probes


def walkable(contract: Contract, partner: Partner, probes: Probes) -> list[Resource]:
    """The collections, each once; empty where the contract has no list."""
    found: dict[str, Resource] = {}
    for resource in _ordered(contract, partner, probes):
        if resource.list is not None:
            found.setdefault(resource.list.id, resource)
    return list(found.values())


def _ordered(contract: Contract, partner: Partner, probes: Probes) -> Iterator[Resource]:
    for role in ("paginated", "collection"):
        hint = partner.operations.get(role)
        named = contract.operation(hint.operation) if hint else None
        if named is not None:
            yield resource_of(contract, named)
    yield from probes.resources("create", "list")
    yield from probes.resources("list")
    paging = {partner.pagination.cursor_param, partner.pagination.size_param} - {""}
    for operation in contract.operations:
        if operation.method == "GET" and any(operation.parameter(name, "query") for name in paging):
            yield resource_of(contract, operation)


def resource_of(contract: Contract, lister: Operation) -> Resource:
    """The resource that a list belongs to; one made up of the list alone, where its items have no path of their own."""
    alone = Resource(lister.path, f"{lister.path}/{{id}}", "id", list=lister)
    return next((resource for resource in contract.resources if resource.list == lister), alone)
