"""Webhook subscriptions. They are kept and shown; the sandbox itself never calls anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from certify.sandbox.call import Answer, Call, no_content
from certify.sandbox.routes import answers
from certify.sandbox.routes.objects import created, listed, owned

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox

KIND = "webhook_subscription"


def new_subscription(tenant: str, body: dict[str, Any], now: str) -> dict[str, Any]:
    """A subscription as it is stored; active unless it was said otherwise."""
    return {"tenant_id": tenant, "active": True, **body, "created_at": now}


@answers("createWebhookSubscription")
def create_subscription(sandbox: Sandbox, call: Call) -> Answer:
    document = new_subscription(call.caller.tenant, call.body, sandbox.clock.timestamp())
    record = created(sandbox, call, KIND, document)
    return Answer(201, record.document, {"Location": f"/v1/webhook-subscriptions/{record.id}"})


@answers("listWebhookSubscriptions")
def list_subscriptions(sandbox: Sandbox, call: Call) -> Answer:
    return listed(sandbox, call, KIND)


@answers("getWebhookSubscription")
def get_subscription(sandbox: Sandbox, call: Call) -> Answer:
    return Answer(200, owned(sandbox, call, KIND, "subscription_id").document)


@answers("deleteWebhookSubscription")
def delete_subscription(sandbox: Sandbox, call: Call) -> Answer:
    sandbox.store.remove(owned(sandbox, call, KIND, "subscription_id"))
    return no_content()
