"""Usage records: what a customer used, written once however often it is sent, with every digit kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from certify.sandbox.call import Answer, Call
from certify.sandbox.routes import answers
from certify.sandbox.routes.objects import created, listed, owned

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox


def new_usage_record(tenant: str, customer_id: str, body: dict[str, Any], now: str) -> dict[str, Any]:
    """A record as it is stored; the quantity stays the text that was sent."""
    return {"tenant_id": tenant, "customer_id": customer_id, "reference": None, **body, "recorded_at": now}


@answers("recordUsage")
def record_usage(sandbox: Sandbox, call: Call) -> Answer:
    customer = owned(sandbox, call, "customer", "customer_id")
    document = new_usage_record(call.caller.tenant, customer.id, call.body, sandbox.clock.timestamp())
    return Answer(201, created(sandbox, call, "usage_record", document).document)


@answers("listUsageRecords")
def list_usage_records(sandbox: Sandbox, call: Call) -> Answer:
    customer = owned(sandbox, call, "customer", "customer_id")
    return listed(sandbox, call, "usage_record", customer_id=customer.id)
