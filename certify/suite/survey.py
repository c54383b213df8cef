"""Every operation of the contract, called once with valid input, in the order of a life: make, read, change, delete.

Several checks stand on the same calls, so they are made once: whether an operation exists, what statuses and bodies it
gives, and what it costs. An operation that could not be called is kept with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from certify.contract import Contract, Operation, Resource
from certify.http.call import Call, Reply
from certify.http.signin.client_credentials import token_request
from certify.model.outcome import Reason
from certify.suite.target import Target
from certify.suite.things import Things
from certify.suite.verdicts import NotRun, Stop

_ORDER = {"POST": 0, "GET": 1, "HEAD": 1, "PUT": 2, "PATCH": 2, "DELETE": 4}


@dataclass(frozen=True)
class Surveyed:
    """An operation and its answer, or the reason why it was not called. ``own`` says that what it names was made by us."""

    operation: Operation
    reply: Reply | None = None
    reason: str = ""
    own: bool = False


class Survey:
    """Calls operations with valid input. :meth:`results` does it once; :meth:`call` makes one more valid call."""

    def __init__(self, contract: Contract, target: Target, things: Things) -> None:
        self._contract, self._target, self._things = contract, target, things
        self._results: dict[str, Surveyed] = {}

    def results(self) -> Mapping[str, Surveyed]:
        """The survey by operation id."""
        if not self._results:
            ordered = sorted(self._contract.operations, key=lambda op: (_ORDER.get(op.method, 3), op.path.count("{")))
            self._results = {op.id: self._visit(op) for op in ordered}
        return self._results

    def replies(self) -> list[Reply]:
        return [item.reply for item in self.results().values() if item.reply is not None]

    def send(self, operation: Operation) -> Reply:
        """One valid call of an operation on things of its own, entered into the ledger. Raises a :class:`Stop`."""
        call, resource = self.prepare(operation), self._creates(operation)
        identity = "primary"
        reply = (
            self._target.send(call, identity=identity, purpose="survey")
            if operation.security
            else self._target.anonymous(call, purpose="survey")
        )
        if resource is not None and reply.success:
            self._things.enter(resource, reply, identity)
        return reply

    def prepare(self, operation: Operation) -> Call:
        """A valid call that may be spent: what it changes or deletes is made for it. Raises a :class:`Stop`."""
        permissions = self._things.partner.permissions
        if not operation.safe and not permissions.allow_writes:
            raise NotRun(Reason.NO_PERMISSION, "permissions.allow_writes is false")
        if operation.method == "DELETE" and not permissions.allow_destructive:
            raise NotRun(Reason.NO_PERMISSION, "permissions.allow_destructive is false")
        if self._issues_tokens(operation):
            return self._token_call(operation)
        resource = next((r for r in self._contract.resources if operation in r.by_id), None)
        spent = not operation.safe and resource is not None and resource.create is not None
        thing = self._things.create(resource) if spent and resource is not None else None
        return self._things.call(operation, thing=thing)

    def _visit(self, operation: Operation) -> Surveyed:
        own = any(operation in r.by_id and r.create for r in self._contract.resources)
        try:
            return Surveyed(operation, self.send(operation), own=own)
        except Stop as stop:
            reply = getattr(stop, "reply", None)
            return Surveyed(operation, reply, stop.note, own)

    def _creates(self, operation: Operation) -> Resource | None:
        return next((r for r in self._contract.resources if r.create == operation), None)

    def _issues_tokens(self, operation: Operation) -> bool:
        partner = self._things.partner
        url = partner.base_url.rstrip("/") + operation.path
        return operation.method == "POST" and url == partner.sign_in.token_url

    def _token_call(self, operation: Operation) -> Call:
        session = self._target.session
        secret = session.secrets.get("primary", {}).get("client_secret", "")
        call = token_request(session.partner, session.identity("primary"), secret)
        return replace(call, operation=operation.id, path=operation.path)
