"""Who may sign in: three tenants and five clients, each there for a reason."""

from __future__ import annotations

from certify.sandbox.authorization_server import Client
from certify.sandbox.document import load
from certify.sandbox.limiter import TRIAL, Plan

TENANTS = {
    "primary": "acme",  # everything, the privileged scope too
    "other_tenant": "globex",  # the same scopes over other data
    "read_only": "acme",  # may look, not touch
    "burnable": "acme",  # on a trial plan: its limit is reached in a second and concerns nobody else
    "fuzz": "initech",  # for generated traffic; its tenant is nobody's
}

PLANS: dict[str, Plan] = {"burnable": TRIAL}


def registered_clients() -> tuple[Client, ...]:
    """All clients, with scopes from the contract."""
    return tuple(Client(name, tenant, scopes_of(name)) for name, tenant in TENANTS.items())


def scopes_of(client_id: str) -> tuple[str, ...]:
    """All scopes, or those that only read."""
    scopes = load().scopes
    return tuple(s for s in scopes if s.endswith(":read")) if client_id == "read_only" else scopes
