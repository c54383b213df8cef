"""Scouting: which operation plays which role, tried on the live sandbox, with the reason for each choice.

    for found in scout(open_kit(partner, contract, session)):
        print(found.role, found.operation or found.entry, found.reason)

A role without an operation carries the lines for the profile that would enable it.
"""

from __future__ import annotations

from collections.abc import Sequence

from certify.model.role import ROLES, RoleFound
from certify.suite.candidates import Candidate, Candidates
from certify.suite.kit import Kit
from certify.suite.suggestions import suggestion
from certify.suite.survey import Surveyed

TRIES = 4
"""Candidates that are tried for a role at most."""
NOTHING = "nothing in the contract looks like it"
_WRITES = {"create", "update", "delete"}


def scout(kit: Kit) -> tuple[RoleFound, ...]:
    """Try every role on the sandbox. What is created is entered in the ledger of ``kit.things``."""
    candidates = Candidates(kit.contract, kit.partner, kit.probes)
    # A create first: what it makes serves the read of an item, the update and the delete.
    tried = {role: _find(kit, role, candidates.of(role)) for role in sorted(ROLES, key=lambda role: role != "create")}
    return tuple(tried[role] for role in ROLES)


def _find(kit: Kit, role: str, candidates: Sequence[Candidate]) -> RoleFound:
    """The first candidate that works; where none does, what the profile could say."""
    if forbidden := _forbidden(kit, role):
        return RoleFound(role, "", f"permissions.{forbidden} is false", f"permissions:\n  {forbidden}: true\n")
    tried: list[str] = []
    statuses: set[int] = set()
    for candidate in candidates[:TRIES]:
        surveyed = kit.survey.of(candidate.operation)
        if _plays(role, surveyed):
            return _found(role, candidate, surveyed)
        tried.append(f"{candidate.operation.id}: {surveyed.reply or surveyed.reason}")
        statuses |= {surveyed.reply.status} if surveyed.reply is not None else set()
    told = "tried " + "; ".join(tried) if tried else NOTHING
    alike = statuses.pop() if len(statuses) == 1 else 0
    return RoleFound(role, "", told, suggestion(kit, role, [item.operation for item in candidates]), status=alike)


def _forbidden(kit: Kit, role: str) -> str:
    allowed = kit.partner.permissions
    if role in _WRITES and not allowed.allow_writes:
        return "allow_writes"
    return "allow_destructive" if role == "delete" and not allowed.allow_destructive else ""


def _plays(role: str, surveyed: Surveyed) -> bool:
    """A success does; a privileged operation may also say that ``primary`` is not privileged enough."""
    refused = surveyed.reply is not None and surveyed.reply.status == 403
    return surveyed.ok or (role == "privileged" and refused)


def _found(role: str, candidate: Candidate, surveyed: Surveyed) -> RoleFound:
    reply = surveyed.reply
    assert reply is not None
    reason = f"{candidate.why}; {reply.call.method} {reply.call.target()} answered {reply}"
    return RoleFound(role, candidate.operation.id, reason, exchange=reply.exchange, status=reply.status)
