"""What is there on the first day: a few objects for each tenant, so that nobody starts with an empty list."""

from __future__ import annotations

from certify.sandbox.clients import TENANTS
from certify.sandbox.clock import Clock
from certify.sandbox.routes.customers import new_customer
from certify.sandbox.routes.leads import new_lead
from certify.sandbox.routes.usage import new_usage_record
from certify.sandbox.routes.webhooks import new_subscription
from certify.sandbox.store import Store

NAMES = ("Ada Byron", "Grace Hopper", "Katherine Johnson")


def sow(store: Store, clock: Clock) -> None:
    """Three leads, two customers, a usage record and a subscription for each tenant."""
    for tenant in dict.fromkeys(TENANTS.values()):
        now = clock.timestamp()
        for place, name in enumerate(NAMES):
            store.add("lead", tenant, new_lead(tenant, {"name": name, "source": "event", "score": 10 * place}, now))
        for name in ("Analytical Engines", "Difference Engines"):
            body = {"name": f"{name} ({tenant})", "tier": "standard", "seats": 25}
            customer = store.add("customer", tenant, new_customer(tenant, body, now))
        usage = {"metric": "api_calls", "quantity": "1000", "occurred_at": now}
        store.add("usage_record", tenant, new_usage_record(tenant, customer.id, usage, now))
        hook = {"url": f"https://hooks.{tenant}.example/certify", "events": ["lead.created"]}
        store.add("webhook_subscription", tenant, new_subscription(tenant, hook, now))
