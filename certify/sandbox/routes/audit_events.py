"""Reading the audit trail; nobody writes to it from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certify.sandbox.audit import KIND
from certify.sandbox.call import Answer, Call
from certify.sandbox.routes import answers
from certify.sandbox.routes.objects import listed

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox


@answers("listAuditEvents")
def list_audit_events(sandbox: Sandbox, call: Call) -> Answer:
    object_id = call.inputs.get("object_id")
    wanted = object_id.lower() if object_id else None
    return listed(sandbox, call, KIND, object_id=wanted, action=call.inputs.get("action"))
