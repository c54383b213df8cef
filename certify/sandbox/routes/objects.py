"""What the handlers of all resources share: looking an object up within the caller's tenant, and answering with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from certify.sandbox.call import Answer, Call
from certify.sandbox.problems import ProblemError
from certify.sandbox.store import Record

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox


def owned(sandbox: Sandbox, call: Call, kind: str, parameter: str) -> Record:
    """The object that the path names. Another tenant's is not found, like one that never was (RFC 9110 §15.5.5)."""
    record = sandbox.store.find(kind, call.caller.tenant, call.inputs[parameter])
    if record is None:
        raise ProblemError("not-found")
    return record


def created(sandbox: Sandbox, call: Call, kind: str, document: dict[str, Any]) -> Record:
    return sandbox.store.add(kind, call.caller.tenant, document)


def listed(sandbox: Sandbox, call: Call, kind: str, **equal: Any) -> Answer:
    """A page of the tenant's objects, narrowed to those whose members equal the filters that were given."""
    wanted = {name: value for name, value in equal.items() if value is not None}
    records = sandbox.store.newest(kind, call.caller.tenant)
    page = sandbox.paginator.page(call, records, lambda record: matches(record, wanted))
    return Answer(200, page)


def matches(record: Record, wanted: dict[str, Any]) -> bool:
    return all(record.document[name] == value for name, value in wanted.items())
