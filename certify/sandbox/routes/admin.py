"""The privileged operation: it has a scope of its own, and still sees one tenant only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certify.sandbox.call import Answer, Call
from certify.sandbox.routes import answers

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox

COUNTED = {
    "leads": "lead",
    "customers": "customer",
    "usage_records": "usage_record",
    "webhook_subscriptions": "webhook_subscription",
}


@answers("getTenantSummary")
def get_tenant_summary(sandbox: Sandbox, call: Call) -> Answer:
    tenant = call.caller.tenant
    counts = {member: sandbox.store.count(kind, tenant) for member, kind in COUNTED.items()}
    return Answer(200, {"tenant_id": tenant, **counts, "counted_at": sandbox.clock.timestamp()})
