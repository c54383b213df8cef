"""Customers: created, listed and read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from certify.sandbox.call import Answer, Call
from certify.sandbox.routes import answers
from certify.sandbox.routes.objects import created, listed, owned

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox


def new_customer(tenant: str, body: dict[str, Any], now: str) -> dict[str, Any]:
    """A customer as it is stored; what was not said gets its default."""
    return {"tenant_id": tenant, "credit_limit": None, "tags": [], **body, "created_at": now}


@answers("createCustomer")
def create_customer(sandbox: Sandbox, call: Call) -> Answer:
    document = new_customer(call.caller.tenant, call.body, sandbox.clock.timestamp())
    record = created(sandbox, call, "customer", document)
    return Answer(201, record.document, {"Location": f"/v1/customers/{record.id}"})


@answers("listCustomers")
def list_customers(sandbox: Sandbox, call: Call) -> Answer:
    return listed(sandbox, call, "customer", tier=call.inputs.get("tier"))


@answers("getCustomer")
def get_customer(sandbox: Sandbox, call: Call) -> Answer:
    return Answer(200, owned(sandbox, call, "customer", "customer_id").document)
