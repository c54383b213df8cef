"""Lists as another tenant may try them: plainly, and through each filter, with values that belong to somebody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from certify.contract import Contract, Operation, Resource
from certify.contract.operation import Parameter
from certify.contract.scalars import kind_of
from certify.http.call import Call
from certify.model.partner import Partner
from certify.suite.paging import Pages
from certify.suite.thing import Thing
from certify.suite.things import Things

_SEARCH = re.compile(r"search|find|query|look_?up|filter|browse", re.I)
_TENANT = re.compile(r"tenant|organi[sz]ation|org|account|workspace|company|owner|customer|partner", re.I)


class Lists:
    """Makes the calls; ``searched`` tells whether any list took a filter."""

    def __init__(self, contract: Contract, partner: Partner, things: Things, pages: Pages) -> None:
        self._contract, self._partner, self._things, self._pages = contract, partner, things, pages
        self.searched = False

    def plain(self, resource: Resource, identity: str = "primary") -> Call:
        """The list with the largest page that is allowed."""
        assert resource.list is not None
        return self._pages.sized(self._things.call(resource.list, identity), self._partner.pagination.max_size)

    def foreign(self, resource: Resource, seed: Thing, identity: str) -> Iterator[tuple[str, Call]]:
        """The list as ``identity``, plainly and with every filter that could reach the thing of somebody else."""
        plain = self.plain(resource, identity)
        yield "a plain list", plain
        for parameter in self.filters(resource):
            for value in dict.fromkeys(self._values(parameter, seed)):
                self.searched = True
                yield f"a list filtered by {parameter.name}", plain.with_query(**{parameter.name: value})
        for operation in self.searches(resource) if seed.canary else ():
            self.searched = True
            yield f"a search by {operation.id}", self._things.call(operation, identity, canary=seed.canary)

    def searches(self, resource: Resource) -> list[Operation]:
        """Searches of a collection whose question is a body: ``POST /things/search``, or the method QUERY (RFC 10008).

        They are known by their name; other POSTs beside a collection may do anything.
        """
        below = re.compile(re.escape(resource.collection_path) + r"(/|:|$)[^{}/]*$")
        return [
            op
            for op in self._contract.operations
            if op.body is not None
            and below.match(op.path)
            and (op.method == "QUERY" or (op.method == "POST" and _SEARCH.search(op.path.rsplit("/", 1)[-1])))
        ]

    def filters(self, resource: Resource) -> list[Parameter]:
        """The query parameters of a list that are not about paging."""
        assert resource.list is not None
        paging = (self._partner.pagination.cursor_param, self._partner.pagination.size_param)
        return [p for p in resource.list.parameters if p.place == "query" and p.name not in paging]

    def by_canary(self, resource: Resource, canary: str) -> Iterator[Call]:
        """The list through each filter that takes free text, with a canary."""
        assert resource.list is not None
        for parameter in self.filters(resource):
            if free_text(parameter, canary):
                yield self._things.call(resource.list).with_query(**{parameter.name: canary})

    def _values(self, parameter: Parameter, seed: Thing) -> Iterator[str]:
        body = seed.reply.json()
        tenant = self._partner.identities[seed.identity].tenant if seed.identity in self._partner.identities else ""
        if seed.canary and free_text(parameter, seed.canary):
            yield seed.canary
        own: Any = body.get(parameter.name) if isinstance(body, dict) else None
        if isinstance(own, (str, int)) and not isinstance(own, bool):
            yield str(own)
        if tenant and _TENANT.search(parameter.name) and "enum" not in parameter.schema:
            yield tenant


def free_text(parameter: Parameter, text: str) -> bool:
    """Whether a parameter takes any text of that length."""
    schema = parameter.schema
    bound = schema.get("maxLength", len(text))
    return (
        kind_of(schema) == "string" and not {"enum", "const", "format", "pattern"} & set(schema) and len(text) <= bound
    )
