"""Leads: what they are, the states they pass through, and who works on them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from certify.sandbox.call import Answer, Call, no_content
from certify.sandbox.problems import ProblemError
from certify.sandbox.routes import answers
from certify.sandbox.routes.objects import created, matches, owned
from certify.sandbox.store import Record

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox

NEXT_STATES = {
    "new": ("contacted", "lost"),
    "contacted": ("qualified", "lost"),
    "qualified": ("won", "lost"),
    "won": (),
    "lost": ("contacted",),
}
CLOSED = ("won", "lost")
FILTERS: tuple[str, ...] = ("status", "owner_id", "tenant_id")


def new_lead(tenant: str, body: dict[str, Any], now: str) -> dict[str, Any]:
    """A lead as it is stored; what was not said gets its default."""
    given = {"company": None, "email": None, "score": 0, "estimated_value": None, "owner_id": None, "notes": "", **body}
    return {"tenant_id": tenant, **given, "status": "new", "routing": None, "created_at": now, "updated_at": now}


def answer_with(record: Record, status: int = 200) -> Answer:
    """The lead and its ETag (RFC 9110 §8.8.3)."""
    return Answer(status, record.document, {"ETag": record.etag})


@answers("createLead")
def create_lead(sandbox: Sandbox, call: Call) -> Answer:
    record = created(sandbox, call, "lead", new_lead(call.caller.tenant, call.body, sandbox.clock.timestamp()))
    answer = answer_with(record, 201)
    answer.headers["Location"] = f"/v1/leads/{record.id}"
    return answer


@answers("listLeads")
def list_leads(sandbox: Sandbox, call: Call) -> Answer:
    """Filters and search narrow what the tenant sees; none of them widens it."""
    leads = sandbox.store.newest("lead", call.caller.tenant)
    return Answer(200, filtered_page(sandbox, call, leads))


def filtered_page(sandbox: Sandbox, call: Call, leads: Iterable[Record]) -> dict[str, Any]:
    """The page of those leads that every given filter keeps."""
    wanted = {name: call.inputs[name] for name in FILTERS if name in call.inputs}
    words = call.inputs.get("q", "").casefold()
    return sandbox.paginator.page(call, leads, lambda lead: matches(lead, wanted) and words in searchable(lead))


def searchable(record: Record) -> str:
    """What a search looks through."""
    lead = record.document
    return f"{lead['name']}\n{lead['company'] or ''}\n{lead['notes']}".casefold()


@answers("getLead")
def get_lead(sandbox: Sandbox, call: Call) -> Answer:
    return answer_with(owned(sandbox, call, "lead", "lead_id"))


@answers("updateLead")
def update_lead(sandbox: Sandbox, call: Call) -> Answer:
    """Preconditions come after everything else that could go wrong (RFC 9110 §13.2.1)."""
    record = owned(sandbox, call, "lead", "lead_id")
    require_match(call.inputs.get("If-Match"), record)
    return answer_with(change(sandbox, record, call.body))


def require_match(condition: str | None, record: Record) -> None:
    """428 without If-Match (RFC 6585 §3); 412 when no listed tag is the current one (RFC 9110 §13.1.1)."""
    if condition is None:
        raise ProblemError("precondition-required", "Send the ETag of the lead in If-Match.")
    listed = [tag.strip() for tag in condition.split(",")]
    if "*" not in listed and record.etag not in listed:
        raise ProblemError("precondition-failed", "Read the lead again and decide anew.")


def change(sandbox: Sandbox, record: Record, changes: dict[str, Any]) -> Record:
    return sandbox.store.change(record, {**changes, "updated_at": sandbox.clock.timestamp()})


@answers("deleteLead")
def delete_lead(sandbox: Sandbox, call: Call) -> Answer:
    sandbox.store.remove(owned(sandbox, call, "lead", "lead_id"))
    return no_content()


@answers("transitionLead")
def transition_lead(sandbox: Sandbox, call: Call) -> Answer:
    record = owned(sandbox, call, "lead", "lead_id")
    now, then = record.document["status"], call.body["to"]
    if then not in NEXT_STATES[now]:
        raise ProblemError("conflict", f"A lead that is {now} cannot become {then}.")
    return answer_with(change(sandbox, record, {"status": then}))


@answers("routeLead")
def route_lead(sandbox: Sandbox, call: Call) -> Answer:
    record = owned(sandbox, call, "lead", "lead_id")
    if record.document["status"] in CLOSED:
        raise ProblemError("conflict", f"A lead that is {record.document['status']} is not routed any more.")
    routing = {"shared_with": [], **call.body, "routed_at": sandbox.clock.timestamp()}
    return answer_with(change(sandbox, record, {"routing": routing}))
