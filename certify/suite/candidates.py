"""Which operations may play a role, the likeliest first, each with the reason. Nothing is sent here.

What the profile names comes first; then what the paths imply (a collection and its items); then what an operation
looks like by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from certify.contract import Contract, Operation
from certify.contract.hazards import hazard
from certify.contract.subjects import Subjects
from certify.model.partner import Partner
from certify.suite.probes import Probes

_PAGING = re.compile(
    r"(page|per|size|limit|offset|cursor|after|before|skip|take|top|start|count|continue|token|marker|max|first|rows)",
    re.I,
)
_ADMIN = re.compile(r"(^|[/_.:-])(admin|manage|management|internal|system|sudo|superuser)", re.I)


@dataclass(frozen=True)
class Candidate:
    """An operation, and why it may play the role."""

    operation: Operation
    why: str


class Candidates:
    """Looks for candidates in one contract."""

    def __init__(self, contract: Contract, partner: Partner, probes: Probes) -> None:
        self._contract, self._partner, self._probes = contract, partner, probes

    def of(self, role: str) -> list[Candidate]:
        """The candidates for a role, each operation once."""
        unique: dict[str, Candidate] = {}
        for item in (*self._hinted(role), *self._implied(role)):
            unique.setdefault(item.operation.id, item)
        return list(unique.values())

    def _hinted(self, role: str) -> Iterator[Candidate]:
        hint = self._partner.operations.get(role)
        operation = self._contract.operation(hint.operation) if hint else None
        if operation is not None:
            yield Candidate(operation, f"the profile names it under operations.{role}")

    def _implied(self, role: str) -> Iterator[Candidate]:
        match role:
            case "read":
                yield from (Candidate(op, "a secured read") for op in self._probes.reads(secured=True))
                yield from (Candidate(op, "a read, though a public one") for op in self._probes.reads(secured=False))
            case "collection":
                yield from self._part("list", "the list")
                yield from self._listing()
            case "item":
                yield from self._part("read", "the read")
            case "create" | "update" | "delete":
                yield from self._part(role, f"the {role}")
            case "paginated":
                yield from self._paginated()
            case "privileged":
                yield from self._privileged()

    def _part(self, part: str, what: str) -> Iterator[Candidate]:
        for resource in self._probes.resources(part):
            yield Candidate(getattr(resource, part), f"{what} of {resource.collection_path}")

    def _listing(self) -> Iterator[Candidate]:
        """Reads that answer with things, though the paths imply no collection."""
        subjects = Subjects(self._contract.at)
        for operation in self._contract.operations:
            plain = operation.method == "GET" and not operation.path_parameters and not hazard(operation)
            if plain and subjects.lists(operation):
                yield Candidate(operation, "a read that answers with a list of things")

    def _paginated(self) -> Iterator[Candidate]:
        declared = {self._partner.pagination.cursor_param, self._partner.pagination.size_param} - {""}
        plain = [op for op in self._contract.operations if op.method == "GET" and not op.path_parameters]
        alone = [op for op in plain if not hazard(op)]
        for operation in [*self._probes.list_reads(), *alone]:
            names = [p.name for p in operation.parameters if p.place == "query"]
            paging = [name for name in names if name in declared or (not declared and _PAGING.search(name))]
            if paging:
                yield Candidate(operation, f"a list that takes {', '.join(paging)}")

    def _privileged(self) -> Iterator[Candidate]:
        for operation in self._probes.secured_operations():
            if _ADMIN.search(operation.path) or any(_ADMIN.search(s) for option in operation.scopes for s in option):
                yield Candidate(operation, "its path or its scopes speak of administration")
