"""The audit trail: who did what to which object, when, from where, and how it ended (ASVS 5.0 §16.2.1).

It is written beside the change, in one place, so that no handler can forget it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from certify.sandbox.call import Answer, Call
from certify.sandbox.clock import Clock
from certify.sandbox.problems import KINDS, ProblemError
from certify.sandbox.store import Store

KIND = "audit_event"
REFUSALS = (409, 412)


@dataclass(frozen=True)
class Audited:
    """What an operation does: ``lead.create`` to the object that ``parameter`` names, or that the answer holds."""

    object_type: str
    verb: str
    parameter: str = ""


AUDITED = {
    "createLead": Audited("lead", "create"),
    "updateLead": Audited("lead", "update", "lead_id"),
    "deleteLead": Audited("lead", "delete", "lead_id"),
    "transitionLead": Audited("lead", "transition", "lead_id"),
    "routeLead": Audited("lead", "route", "lead_id"),
    "createCustomer": Audited("customer", "create"),
    "recordUsage": Audited("usage_record", "create"),
    "createWebhookSubscription": Audited("webhook_subscription", "create"),
    "deleteWebhookSubscription": Audited("webhook_subscription", "delete", "subscription_id"),
}


class AuditTrail:
    """Records changes. ``audited`` says which operations are changes."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.audited = dict(AUDITED)

    def recorded(self, call: Call, act: Callable[[], Answer]) -> Answer:
        """Act, and record it: as a success, or as refused where the object's state did not allow it."""
        audited = self.audited.get(call.served.id)
        if audited is None:
            return act()
        try:
            answer = act()
        except ProblemError as problem:
            if KINDS[problem.kind][0] in REFUSALS:
                self._write(call, audited, call.inputs.get(audited.parameter), "refused")
            raise
        self._write(call, audited, call.inputs.get(audited.parameter) or answer.body["id"], "success")
        return answer

    def actor(self, call: Call) -> str:
        """Who is responsible: the token's subject, never a service in between."""
        return call.caller.subject

    def _write(self, call: Call, audited: Audited, object_id: str | None, outcome: str) -> None:
        event = {
            "occurred_at": self._clock.timestamp(),
            "actor": self.actor(call),
            "client_id": call.caller.client_id,
            "action": f"{audited.object_type}.{audited.verb}",
            "object_type": audited.object_type,
            "object_id": object_id.lower() if object_id else None,
            "outcome": outcome,
            "request_id": call.request_id,
            "source_address": call.source,
        }
        self._store.add(KIND, call.caller.tenant, event)
