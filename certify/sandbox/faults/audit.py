"""Faults of the audit trail: something is missing, or somebody else did it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certify.sandbox.faults import fault
from certify.sandbox.faults.surgery import replace_method

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox


@fault("delete-not-audited", checks=["audit.action-recorded"], does="Deletes leave no audit event.")
def delete_not_audited(sandbox: Sandbox) -> None:
    kept = {operation: audited for operation, audited in sandbox.audit.audited.items() if audited.verb != "delete"}
    sandbox.audit.audited = kept


@fault(
    "audit-actor-is-service-account",
    checks=["audit.action-recorded"],
    does="The gateway's own identity is stored as the actor.",
)
def audit_actor_is_service_account(sandbox: Sandbox) -> None:
    replace_method(sandbox.audit, "actor", lambda _call: "svc-api-gateway")
