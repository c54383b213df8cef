"""Which operations are sent generated requests, and why the others are not."""

from __future__ import annotations

from certify.model.partner import Partner
from certify.sources.contract.facts import OperationFacts

IDENTITIES = ("fuzz", "burnable", "primary")
"""Who sends generated requests, by preference: one that may come to harm, before the one that all checks need."""


def identity_for(partner: Partner) -> str:
    """The identity that sends generated requests."""
    return next((name for name in IDENTITIES if name in partner.identities), "primary")


def left_out(facts: OperationFacts, partner: Partner) -> str:
    """Why an operation is sent nothing; empty where it may be called. The profile's own word comes first."""
    names, method = {facts.id, facts.label}, facts.label.split(" ", 1)[0]
    if names & set(partner.generated.leave_out):
        return "the profile leaves it out (generated.leave_out)"
    if facts.elsewhere:
        return "it has a server of its own, and generated requests go to target.base_url"
    if facts.hazard and not names & set(partner.generated.keep):
        return f"{facts.hazard} (generated.keep in the profile sends it requests all the same)"
    if method == "DELETE" and not partner.permissions.allow_destructive:
        return "it deletes, and permissions.allow_destructive is false"
    if not partner.permissions.allow_writes and method not in ("GET", "HEAD", "OPTIONS"):
        return "it writes, and permissions.allow_writes is false"
    return ""
