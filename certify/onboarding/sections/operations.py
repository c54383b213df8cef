"""Which operations are probes: the contract's likeliest for each role, with the reason. The live sandbox has the last
word: `certify doctor` tries them."""

from __future__ import annotations

from collections.abc import Iterator

from certify.contract import Resource
from certify.http.session import open_session
from certify.model.role import ROLES
from certify.onboarding.facts import Facts
from certify.onboarding.finding import stranger
from certify.onboarding.yaml_lines import comment, flow
from certify.suite.candidates import Candidate, Candidates
from certify.suite.kit import open_kit

MOST = 8
"""Operations of a collection that are named at most."""


def lines(facts: Facts) -> Iterator[str]:
    yield from comment(
        "Which operations are used for what, chosen from the contract. `certify doctor` tries each one on the sandbox; "
        "name a better one where it fails, with values for its inputs: {operation: getPet, path: {petId: 7}}."
    )
    found = _likeliest(facts)
    yield "operations:" if any(found.values()) else "operations: {}"
    told: set[str] = set()
    for role, candidate in found.items():
        if candidate is None:
            yield from comment(f"{role}: {_lacking(facts, role)}.", "  ")
            continue
        yield from _collections(facts, candidate, told)
        yield from comment(f"{candidate.operation.method} {candidate.operation.path}: {candidate.why}.", "  ")
        yield f"  {role}: {flow([('operation', candidate.operation.id)])}"


def _collections(facts: Facts, candidate: Candidate, told: set[str]) -> Iterator[str]:
    """What a collection has, before the first of its operations that is named; ``told`` are those that were."""
    for resource in facts.contract.resources:
        if candidate.operation in resource.operations and resource.collection_path not in told:
            told.add(resource.collection_path)
            named = ", ".join(operation.id for operation in resource.operations[:MOST])
            more = len(resource.operations) - MOST
            yield from comment(
                f"{resource.collection_path} has {named}{f' and {more} more' if more > 0 else ''}.", "  "
            )


def _likeliest(facts: Facts) -> dict[str, Candidate | None]:
    """The first candidate of each role. Nothing is sent."""
    partner = stranger(facts.base_url)
    session = open_session(partner)
    try:
        kit = open_kit(partner, facts.contract, session)
        candidates = Candidates(facts.contract, partner, kit.probes)
        found = {role: next(iter(candidates.of(role)), None) for role in ROLES}
    finally:
        session.close()
    family = _family(facts)
    return found if family is None else {**found, **_parts(family)}


def _family(facts: Facts) -> Resource | None:
    """The collection whose things are made, read and deleted: one that has a whole life, with the fewest parents, since
    those have to be there first; else the most complete one."""

    def rank(resource: Resource) -> tuple[bool, int, int]:
        short = not (resource.create and resource.list and resource.read and resource.delete)
        parents, count = resource.collection_path.count("{"), -len(resource.operations)
        return (short, count, parents) if short else (short, parents, count)

    return min(facts.contract.resources, key=rank, default=None)


def _parts(family: Resource) -> dict[str, Candidate | None]:
    """The operations of one collection by role. They are taken for those of one collection wherever they are used, so
    the list of one and the item of another would lead to ids that name nothing."""
    parts = {"collection": "list", "item": "read", "create": "create", "update": "update", "delete": "delete"}
    operations = {role: getattr(family, part) for role, part in parts.items()}
    return {
        role: Candidate(operation, f"the {parts[role]} of {family.collection_path}") if operation else None
        for role, operation in operations.items()
    }


def _lacking(facts: Facts, role: str) -> str:
    family = _family(facts)
    if family is None or role not in _parts(family):
        return "nothing in the contract looks like it"
    return f"{family.collection_path} has none, and it belongs to the others of one collection"
