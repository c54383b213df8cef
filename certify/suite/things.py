"""Test data that the harness makes itself, lists, and takes away again. Nothing else in a sandbox is modified.

A thing is made through the contract's own create operation and marked with a canary in a free text member, so that it
can be told from everything else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from certify.contract import Contract, Operation, Resource
from certify.contract.naming import path_values, scalar
from certify.contract.validation import Schemas
from certify.http.call import Call, Reply
from certify.ledger import Ledger
from certify.model.outcome import Reason
from certify.model.partner import Partner
from certify.suite.calls import Calls
from certify.suite.canary import canary_of, new_canary
from certify.suite.expectations import control
from certify.suite.inputs import Inputs
from certify.suite.items import item_id, items_of, member_id
from certify.suite.memory import Memory
from certify.suite.settling import Settler
from certify.suite.target import Target
from certify.suite.thing import Thing
from certify.suite.verdicts import Inconclusive, NotRun, Stop

MOST_FAILURES = 2
"""How often a create may fail before it is not sent any more."""


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
        self.memory = Memory()
        self._calls = Calls(contract, schemas, self.inputs, target, self.memory, self)

    def call(
        self, operation: Operation, identity: str = "primary", *, thing: Thing | None = None, canary: str = ""
    ) -> Call:
        """A valid call of an operation; what it refers to is made first. Raises a :class:`Stop` where it cannot."""
        return self._calls.call(operation, identity, thing=thing, canary=canary)

    def body(self, operation: Operation, identity: str = "primary", canary: str = "") -> Any:
        """A valid body for an operation, with a canary in it."""
        return self._calls.body(operation, identity, canary)

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
        if self.is_sought(resource, identity):
            raise Inconclusive(
                Reason.CANNOT_TELL, f"{resource.name} refer to each other in a circle, so none can be the first"
            )
        key = (resource.item_path, identity)
        self._sought.add(key)
        try:
            yield
        finally:
            self._sought.discard(key)

    def is_sought(self, resource: Resource, identity: str) -> bool:
        """Whether such a thing is just being made or found."""
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
