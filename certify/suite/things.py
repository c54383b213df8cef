"""Test data that the harness makes itself, lists, and takes away again. Nothing else in a sandbox is modified.

A thing is made through the contract's own create operation and marked with a canary in a free text member, so that it
can be told from everything else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

from certify.contract import Contract, Operation, Resource
from certify.contract.naming import path_values, scalar, sure_names
from certify.contract.operation import Parameter
from certify.contract.shape import members, required
from certify.contract.validation import Schemas
from certify.http.call import ABSENT, Call, Reply, fill
from certify.ledger import Ledger
from certify.model.outcome import Reason
from certify.model.partner import Partner
from certify.suite.canary import canary_of, new_canary
from certify.suite.encoding import encoded
from certify.suite.expectations import control
from certify.suite.ids import fresh_id, is_unguessable
from certify.suite.inputs import Inputs
from certify.suite.items import item_id, items_of, member_id
from certify.suite.memory import Memory
from certify.suite.references import References
from certify.suite.settling import Settler
from certify.suite.target import Target
from certify.suite.verdicts import Inconclusive, NotRun, Stop

MOST_FAILURES = 2
"""How often a create may fail before it is not sent any more."""


@dataclass(frozen=True)
class Thing:
    """An object that the harness created: its id, the answer to its creation, and the canary inside it."""

    resource: Resource
    id: str
    reply: Reply
    identity: str
    canary: str = ""
    parents: Mapping[str, str] = field(default_factory=dict)

    @property
    def path_values(self) -> dict[str, str]:
        return {**self.parents, self.resource.parameter: self.id}

    @property
    def unique_id(self) -> bool:
        """Whether the id can be meant for one object only; numbers may be counted for each tenant."""
        return is_unguessable(self.id)

    def with_id(self, other: str) -> Thing:
        """The same thing under another id."""
        return replace(self, id=other)


class Things:
    """Makes valid calls and the objects that they need. Each identity's shared things are made once."""

    def __init__(
        self, contract: Contract, schemas: Schemas, partner: Partner, target: Target, ledger: Ledger | None = None
    ) -> None:
        self.contract, self.schemas, self.partner = contract, schemas, partner
        self.inputs = Inputs(contract, schemas, partner)
        self._target, self._ledger = target, ledger
        self._shared: dict[tuple[str, str], Thing] = {}
        self._sought: set[tuple[str, str]] = set()
        self._spare: list[Thing] = []
        self._worn: list[Thing] = []
        self._failures: Counter[tuple[str, str]] = Counter()
        self._why: dict[tuple[str, str], str] = {}
        self._references = References(contract)
        self.memory = Memory()

    # — calls —

    def call(
        self, operation: Operation, identity: str = "primary", *, thing: Thing | None = None, canary: str = ""
    ) -> Call:
        """A valid call of an operation; what it refers to is made first. Raises a :class:`Stop` where it cannot."""
        call = Call(
            operation.method,
            fill(operation.address, self._path_values(operation, identity, thing)),
            operation.id,
            query=self._query(operation, identity),
            headers=(*self.inputs.required(operation, "header"), *self._cookies(operation)),
            expects=operation.successes,
        )
        if operation.body is not None:
            body = self._identified(operation, call, self.body(operation, identity, canary), thing)
            call = encoded(call, self.contract, operation.body, body)
        return self.conditional(operation, call, identity)

    def _query(self, operation: Operation, identity: str) -> tuple[tuple[str, str], ...]:
        """The required parameters; what refers to a thing gets the id of one, or a value that was seen."""
        pairs = []
        for name, value in self.inputs.required(operation, "query"):
            parameter = operation.parameter(name, "query")
            told = parameter is None or parameter.example is not None or self.inputs.hint(operation) is not None
            seen = None if told else self._seen(name, identity)
            pairs.append((name, value if seen is None else str(seen)))
        return tuple(pairs)

    def _cookies(self, operation: Operation) -> tuple[tuple[str, str], ...]:
        cookies = self.inputs.required(operation, "cookie")
        return (("Cookie", "; ".join(f"{name}={value}" for name, value in cookies)),) if cookies else ()

    def _identified(self, operation: Operation, call: Call, body: Any, thing: Thing | None) -> Any:
        """The body with the id that the path has; a create gets one that nobody has, or none if it may do without."""
        resource = self._creates(operation) or (thing.resource if thing is not None else None)
        if not isinstance(body, dict) or resource is None or operation.body is None:
            return body
        names = [name for name in sure_names(resource.parameter, resource.name) if name in body]
        here = path_values(resource.item_path, call.path).get(resource.parameter)
        if here is None and self.inputs.hint(operation) is not None:
            return body  # the profile knows which id it wants
        for name in names:
            schema = members(self.contract, operation.body.schema).get(name, {})
            if here is not None:
                body = {**body, name: _typed(here, body[name])}
            elif name in required(self.contract, operation.body.schema) or not name.lower().endswith(("id", "key")):
                body = {**body, name: fresh_id(schema)}
            elif resource.create is operation:
                body = {key: value for key, value in body.items() if key != name}
        return body

    def _creates(self, operation: Operation) -> Resource | None:
        return next((r for r in self.contract.resources if r.create is operation), None)

    def _seen(self, name: str, identity: str) -> Any:
        """The id of a thing that a name refers to, or a value that went by that name in an answer."""
        resource = self._references.resource(name)
        if resource is not None:
            with suppress(Stop):
                return self.shared(resource, identity).id
        return self.memory.value(name)

    def body(self, operation: Operation, identity: str = "primary", canary: str = "") -> Any:
        """A valid body for an operation, with a canary in it."""
        assert operation.body is not None
        valid = self.inputs.distinct(operation, self.inputs.body(operation, operation.body))
        valid = self._referring(valid, operation, identity)
        return self.inputs.marked(valid, operation.body, canary)

    def conditional(self, operation: Operation, call: Call, identity: str = "primary") -> Call:
        """The call with a current ``If-Match``, where the operation takes one (RFC 9110 §13.1.1)."""
        resource = self.contract.owner(operation)
        if operation.parameter("If-Match", "header") is None or resource is None or resource.read is None:
            return call
        reply = self._target.send(reading(resource, call), identity=identity, purpose="setup")
        etag = reply.header("ETag")
        return call.with_header("If-Match", etag) if etag else call

    def _path_values(self, operation: Operation, identity: str, thing: Thing | None) -> dict[str, Any]:
        """A value for each path parameter. The innermost is found first: what it names lies below parents of its own,
        and below no others."""
        known: dict[str, Any] = dict(thing.path_values) if thing is not None else {}
        hint = self.inputs.hint(operation)
        known = {**(hint.path if hint is not None else {}), **known}
        resource = self._creates(operation)
        if resource is not None and resource.named_by_client and thing is None:
            declared = operation.parameter(resource.parameter, "path")
            known.setdefault(resource.parameter, fresh_id(declared.schema if declared is not None else {}))
        for parameter in reversed(operation.path_parameters):
            if parameter.name not in known:
                known = {**self._path_value(operation, parameter, identity), **known}
        return {parameter.name: known[parameter.name] for parameter in operation.path_parameters}

    def _path_value(self, operation: Operation, parameter: Parameter, identity: str) -> dict[str, Any]:
        """The value of a parameter, and those of its thing's parents."""
        prefix = operation.path.split("{" + parameter.name + "}")[0] + "{" + parameter.name + "}"
        resource = next((r for r in self.contract.resources if r.item_path == prefix), None)
        if resource is not None and (resource.create or resource.list):
            return {**self.shared(resource, identity).path_values}
        if "enum" not in parameter.schema:
            referred = self._references.resource(parameter.name, bare=True)
            if referred is not None and referred is not resource and not self._is_sought(referred, identity):
                return {parameter.name: self.shared(referred, identity).id}
            if (seen := self.memory.value(parameter.name)) is not None:
                return {parameter.name: seen}
        return {parameter.name: self.inputs.path_value(operation, parameter)}

    def _referring(self, body: Any, operation: Operation, identity: str) -> Any:
        """Members that refer to a thing (``customer_id``, ``{"customer": {"id": …}}``) get the id of one."""
        if not isinstance(body, dict) or operation.body is None or self.inputs.hint(operation) is not None:
            return body
        found = {name: self._referred(name, value, operation, identity) for name, value in body.items()}
        referring = {**body, **{name: value for name, value in found.items() if value is not ABSENT}}
        return referring if self.schemas.valid(operation.body.pointer, referring) else body

    def _referred(self, name: str, value: Any, operation: Operation, identity: str) -> Any:
        whole = isinstance(value, dict) and set(value) == {"id"}
        resource = self._references.resource(name, bare=whole)
        if resource is None or resource.create is operation or self._is_sought(resource, identity):
            return ABSENT
        identifier = self.shared(resource, identity).id
        match value:
            case {"id": inner} if whole:
                return {"id": _typed(identifier, inner)}
            case [inner, *_]:
                return [_typed(identifier, inner)]
            case dict() | list():
                return ABSENT
            case _:
                return _typed(identifier, value)

    # — things —

    def shared(self, resource: Resource, identity: str = "primary") -> Thing:
        """A thing of a resource that is only read; made once for each identity, or found in the list."""
        key = (resource.item_path, identity)
        if key not in self._shared:
            with self._seeking(resource, identity):
                make = resource.create is not None and self.partner.permissions.allow_writes
                self._shared[key] = self._made_or_found(resource, identity) if make else self._found(resource, identity)
            if make:
                self._target.wait(self.partner.consistency_window_s)
        return self._shared[key]

    @contextmanager
    def _seeking(self, resource: Resource, identity: str) -> Iterator[None]:
        """While a thing is made or found. What it needs may need it in turn: then there is nothing to begin with, and
        that is :class:`Inconclusive`."""
        if self._is_sought(resource, identity):
            raise Inconclusive(
                Reason.CANNOT_TELL, f"{resource.name} refer to each other in a circle, so none can be the first"
            )
        key = (resource.item_path, identity)
        self._sought.add(key)
        try:
            yield
        finally:
            self._sought.discard(key)

    def _is_sought(self, resource: Resource, identity: str) -> bool:
        return (resource.item_path, identity) in self._sought

    def _made_or_found(self, resource: Resource, identity: str) -> Thing:
        """A new thing; one that is there already where none can be made, since it is only read."""
        try:
            return self.spend(resource, identity)
        except Stop as stop:
            with suppress(Stop):
                return self._found(resource, identity)
            raise stop from None

    def batch(self, resource: Resource, count: int) -> list[Thing]:
        """New things that share one canary, so that a filter can find exactly them; where a text must be unique, only
        the canary inside it is the same."""
        canary = new_canary()
        try:
            return [self.create(resource, canary=canary) for _ in range(count)]
        except Inconclusive:
            return [self.create(resource, canary=f"{canary}.{number}") for number in range(count)]

    def create(self, resource: Resource, identity: str = "primary", canary: str = "") -> Thing:
        """A new thing. Raises :class:`Inconclusive` where creating fails."""
        if resource.create is None:
            raise NotRun(Reason.MISSING_PROBE, f"the contract has no way to create {resource.name}")
        if not self.partner.permissions.allow_writes:
            raise NotRun(Reason.NO_PERMISSION, "permissions.allow_writes is false in the profile")
        key = (resource.item_path, identity)
        if self._failures[key] >= MOST_FAILURES:
            raise Inconclusive(Reason.CONTROL_FAILED, self._why[key])
        reply = self.sent(resource.create, identity, canary)
        self.account(resource, reply, identity)
        return self.enter(resource, control(reply, f"creating {resource.name}"), identity)

    def account(self, resource: Resource, reply: Reply, identity: str = "primary") -> None:
        """Remember that a create failed: one that fails again is not sent any more."""
        if not reply.ok:
            self._failures[resource.item_path, identity] += 1
            self._why[resource.item_path, identity] = f"creating {resource.name} was answered {reply}"

    def sent(self, create: Operation, identity: str = "primary", canary: str = "", purpose: str = "setup") -> Reply:
        """The answer to a create; where a valid body is refused as invalid, to another one."""
        while True:
            call = self.call(create, identity, canary=canary)
            reply = self._target.send(call, identity=identity, purpose=purpose)
            if not self.inputs.reconsider(create, reply.status):
                return reply

    def spend(self, resource: Resource, identity: str = "primary") -> Thing:
        """A thing that may be changed or deleted: one that was made and is of no use any more, else a new one."""
        for thing in self._spare:
            if thing.resource.item_path == resource.item_path and thing.identity == identity:
                self._spare.remove(thing)
                return thing
        return self.create(resource, identity)

    def spare(self, thing: Thing) -> None:
        """Nobody needs this thing any more; it is still what it was when it was made."""
        self._spare.append(thing)

    def wear(self, thing: Thing) -> None:
        """A thing that was changed: good enough to be deleted, and for nothing else."""
        self._worn.append(thing)

    def condemned(self, resource: Resource, identity: str = "primary") -> Thing:
        """A thing that may be deleted: one that was changed already, else one that :meth:`spend` gives."""
        for thing in self._worn:
            if thing.resource.item_path == resource.item_path and thing.identity == identity:
                self._worn.remove(thing)
                return thing
        return self.spend(resource, identity)

    def enter(self, resource: Resource, reply: Reply, identity: str = "primary") -> Thing:
        """What a create answered, as a thing. Raises :class:`Inconclusive` where its id cannot be found."""
        parents = path_values(resource.collection_path, reply.call.path)
        item = item_id(reply, resource)
        if item is None:
            raise Inconclusive(
                Reason.CANNOT_TELL,
                f"no id was found in the answer to {reply.call.operation}: neither in the body nor in Location",
            )
        return Thing(resource, item, reply, identity, canary_of(reply.call.body), parents)

    def forget(self, thing: Thing) -> None:
        """Never give a thing to anybody again, because it was deleted."""
        self._spare = [other for other in self._spare if other is not thing]
        self._shared = {key: other for key, other in self._shared.items() if other is not thing}

    def clean_up(self) -> None:
        """Delete what this process made, the newest first; what cannot be deleted stays on the ledger."""
        self._shared.clear()
        self._spare.clear()
        self._worn.clear()
        if self._ledger is not None:
            Settler(self.contract, self.inputs, self._target).settle(self._ledger, name=self._ledger.name)

    def _found(self, resource: Resource, identity: str) -> Thing:
        """The first item of the collection, where nothing may be created."""
        if resource.list is None:
            raise NotRun(Reason.MISSING_PROBE, f"{resource.name} can be neither created nor listed")
        call = self.call(resource.list, identity)
        reply = control(self._target.send(call, identity=identity, purpose="setup"), f"listing {resource.name}")
        for item in items_of(reply, self.partner.pagination.items_pointer) or []:
            found = scalar(item) or member_id(item, resource)
            if found is not None:
                return Thing(resource, found, reply, identity, parents=path_values(resource.collection_path, call.path))
        raise Inconclusive(Reason.NOTHING_TO_TEST, f"the list of {resource.name} is empty, and nothing may be created")


def reading(resource: Resource, call: Call) -> Call:
    """The read of the item that a call is about; the call may lie below it."""
    assert resource.read is not None
    depth = resource.item_path.count("/")
    path = "/".join(call.path.split("/")[: depth + 1])
    return Call("GET", path, resource.read.id, expects=resource.read.successes)


def _typed(identifier: str, like: Any) -> Any:
    """An id as a number, where a number stood before."""
    number = isinstance(like, int) and not isinstance(like, bool) and identifier.lstrip("-").isdigit()
    return int(identifier) if number else identifier
