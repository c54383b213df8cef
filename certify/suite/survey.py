"""Every operation of the contract, called once with valid input, in the order of a life: make, read, change, delete.

Several checks stand on the same calls, so they are made once: whether an operation exists, what statuses and bodies it
gives, and what it costs. An operation that could not be called is kept with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from certify.contract import Contract, Operation, Resource
from certify.http.call import Call, Reply
from certify.http.token_request import client_proof, token_request
from certify.model.outcome import Reason
from certify.suite.expectations import control
from certify.suite.target import Target
from certify.suite.thing import Thing
from certify.suite.things import Things
from certify.suite.verdicts import NotRun, Stop

PURPOSE = "survey"
_ORDER = {"POST": 0, "GET": 1, "HEAD": 1, "PUT": 2, "PATCH": 2, "DELETE": 4}


@dataclass(frozen=True)
class Prepared:
    """A valid call that may be spent: the thing that it changes or deletes was made for it."""

    operation: Operation
    call: Call
    thing: Thing | None = None
    signed: bool = True

    def with_body(self, body: Any) -> Prepared:
        return replace(self, call=self.call.with_body(body))

    def with_header(self, name: str, value: str) -> Prepared:
        return replace(self, call=self.call.with_header(name, value))


@dataclass(frozen=True)
class Surveyed:
    """An operation and its answer, or why it was not called. ``own`` says that we made what it takes the id of."""

    operation: Operation
    reply: Reply | None = None
    reason: str = ""
    own: bool = False

    @property
    def ok(self) -> bool:
        return self.reply is not None and self.reply.ok


class Survey:
    """Calls operations with valid input. :meth:`results` does it once; :meth:`send` makes one more valid call."""

    def __init__(self, contract: Contract, target: Target, things: Things) -> None:
        self._contract, self._target, self._things = contract, target, things
        self._results: dict[str, Surveyed] = {}

    def results(self) -> Mapping[str, Surveyed]:
        """The survey by operation id."""
        ordered = sorted(self._contract.operations, key=lambda op: (_ORDER.get(op.method, 3), op.path.count("{")))
        for operation in ordered:
            self.of(operation)
        return self._results

    def of(self, operation: Operation) -> Surveyed:
        """The survey of one operation, called now if it was not before."""
        if operation.id not in self._results:
            self._results[operation.id] = self._visit(operation)
        return self._results[operation.id]

    def known(self, operation: Operation) -> Surveyed | None:
        """What is known of an operation without asking."""
        return self._results.get(operation.id)

    def recall(self, replies: Mapping[str, Reply]) -> None:
        """Take over a survey that an earlier process of the same run made, instead of making it again."""
        missing = "it could not be called when the survey was made"
        if not self._results:
            self._results = {
                op.id: Surveyed(op, replies.get(op.id), "" if op.id in replies else missing)
                for op in self._contract.operations
            }

    def again(self, operation: Operation) -> Surveyed:
        """Call one operation once more, on fresh things, and remember that instead."""
        self._results[operation.id] = self._visit(operation)
        return self._results[operation.id]

    def send(self, prepared: Prepared, purpose: str = PURPOSE, identity: str = "primary") -> Reply:
        """Send a prepared call; what it creates may be used, what it deletes is forgotten."""
        if prepared.signed:
            reply = self._target.send(prepared.call, identity=identity, purpose=purpose)
        else:
            connected = self._target.session.connection()
            reply = self._target.send(prepared.call, identity="anonymous", headers=connected, purpose=purpose)
        self.account(prepared, reply, identity)
        return reply

    def account(self, prepared: Prepared, reply: Reply, identity: str = "primary") -> None:
        """What a create made may be used by whoever needs a thing; what was deleted is forgotten."""
        resource = self._creates(prepared.operation)
        if resource is not None and reply.ok:
            with suppress(Stop):  # an answer without an id: nothing that could be used
                self._things.spare(self._things.enter(resource, reply, identity))
        if prepared.thing is not None and reply.ok:
            self._dispose(prepared.thing, prepared.operation)

    def _dispose(self, thing: Thing, operation: Operation) -> None:
        """What becomes of a thing that was spent: gone, or worn where it was only changed."""
        if operation.method == "DELETE":
            self._things.forget(thing)
        elif operation == thing.resource.update:
            self._things.wear(thing)

    def prepare(self, operation: Operation, identity: str = "primary") -> Prepared:
        """A valid call that may be spent. Raises a :class:`Stop` where there is none."""
        if self._issues_tokens(operation):
            return Prepared(operation, self._token_call(operation), signed=False)
        resource = self._contract.owner(operation)
        self._demand_harmless(operation)
        self._demand_permission(operation, resource)
        thing = None
        if not operation.safe and resource is not None and self._creates(operation) is None:
            if resource.create is None:
                raise NotRun(
                    Reason.MISSING_PROBE,
                    f"{operation.id} changes a {resource.name} item, and the contract has no way to make one for it",
                )
            take = self._things.condemned if operation == resource.delete else self._things.spend
            thing = take(resource, identity)
        call = self._things.call(operation, identity, thing=thing)
        # A contract that speaks of no security at all is silent about it, and does not mean that everybody may call.
        signed = bool(operation.security) or not any(op.security for op in self._contract.operations)
        return Prepared(operation, call, thing, signed=signed)

    def _demand_harmless(self, operation: Operation) -> None:
        """What would sign us out for good is not sent: every check needs whoever calls."""
        if danger := self._things.inputs.hazard(operation):
            raise NotRun(
                Reason.NO_PERMISSION,
                f"{operation.id} is not called: {danger}; where that may be, name it under operations in the profile",
            )

    def _demand_permission(self, operation: Operation, resource: Resource | None) -> None:
        """What the profile does not permit is not sent; nor is what changes something that certify did not make.

        A DELETE of a collection, a PUT of the account's settings, a POST that voids an invoice by a number that may be
        anybody's: who wants them sent names them in the profile.
        """
        permissions = self._things.partner.permissions
        if operation.safe:
            return
        if not permissions.allow_writes:
            raise NotRun(Reason.NO_PERMISSION, "permissions.allow_writes is false")
        if operation.method == "DELETE" and not permissions.allow_destructive:
            raise NotRun(Reason.NO_PERMISSION, "permissions.allow_destructive is false")
        ours = resource is not None or self._creates(operation) is not None
        if not ours and not _about_no_object(operation) and self._things.inputs.hint(operation) is None:
            role = "delete" if operation.method == "DELETE" else "update"
            raise NotRun(
                Reason.NO_PERMISSION,
                f"{operation.id} changes what certify did not make: somebody's object, a whole collection or the "
                f"account itself; where that may be, name it under operations.{role} in the profile",
            )

    def working(self, operation: Operation) -> Prepared:
        """A valid call of an operation whose survey was a success: the paired control of what follows."""
        surveyed = self.of(operation)
        if surveyed.reply is None:
            raise NotRun(Reason.MISSING_PROBE, surveyed.reason)
        control(surveyed.reply, f"{operation.id} with valid input")
        return self.prepare(operation)

    def _visit(self, operation: Operation) -> Surveyed:
        try:
            prepared = self.prepare(operation)
            own = self._owned(operation)
            reply = self.send(prepared)
            while prepared.signed and self._things.inputs.reconsider(operation, reply.status):
                prepared = self._renewed(prepared)
                reply = self.send(prepared)
            self._learn(operation, reply)
            return Surveyed(operation, reply, own=own)
        except Stop as stop:
            return Surveyed(operation, None, stop.note)

    def _learn(self, operation: Operation, reply: Reply) -> None:
        """What a valid call taught: values for others, and whether things of a kind can be made."""
        self._things.memory.learn(operation, reply)
        if (resource := self._creates(operation)) is not None:
            self._things.account(resource, reply)

    def _renewed(self, prepared: Prepared) -> Prepared:
        """The same call with another valid body; what it is about was not touched by the one that was refused."""
        return replace(prepared, call=self._things.call(prepared.operation, thing=prepared.thing))

    def _owned(self, operation: Operation) -> bool:
        resource = self._contract.owner(operation)
        return resource is not None and resource.create is not None and self._things.partner.permissions.allow_writes

    def _creates(self, operation: Operation) -> Resource | None:
        return next((r for r in self._contract.resources if r.create == operation), None)

    def _issues_tokens(self, operation: Operation) -> bool:
        partner = self._things.partner
        return operation.method == "POST" and partner.base_url + operation.path == partner.sign_in.token_url

    def _token_call(self, operation: Operation) -> Call:
        session = self._target.session
        secret = client_proof(session.partner, session.secrets.get("primary", {}))
        call = token_request(session.partner, session.identity("primary"), secret)
        return replace(call, operation=operation.id, path=operation.path)


def _about_no_object(operation: Operation) -> bool:
    """Whether it is a POST without the id of an object: no parameter in its path takes more than a few named values."""
    return operation.method == "POST" and all(
        "enum" in parameter.schema or "const" in parameter.schema for parameter in operation.path_parameters
    )
