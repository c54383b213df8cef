"""Test data that the harness makes itself, lists, and takes away again. Nothing else in a sandbox is modified.

A thing is made through the contract's own create operation, with the author's example where there is one, and marked
with the run's tag in a free text member, so that it can be told from everything else.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from certify.contract import Contract, Operation, Resource
from certify.contract.operation import Parameter
from certify.contract.validation import Schemas
from certify.contract.values import kind_of, sample
from certify.http.call import ABSENT, Call, Reply, fill
from certify.model.outcome import Reason
from certify.model.partner import Partner
from certify.suite.expectations import control
from certify.suite.target import Target
from certify.suite.verdicts import Inconclusive, NotRun, Stop

_FREE_TEXT = re.compile(r"name|title|label|subject|description|reference|external|note|comment|text|email", re.I)


@dataclass(frozen=True)
class Thing:
    """An object that the harness created: its id, the answer to its creation, and the canary inside it."""

    resource: Resource
    id: str
    reply: Reply
    identity: str
    canary: str
    parents: Mapping[str, str] = field(default_factory=dict)

    @property
    def path_values(self) -> dict[str, str]:
        return {**self.parents, self.resource.parameter: self.id}


class Things:
    """Makes valid calls and the objects that they need. Each identity's shared things are made once."""

    def __init__(self, contract: Contract, schemas: Schemas, partner: Partner, target: Target) -> None:
        self.contract, self.schemas, self.partner = contract, schemas, partner
        self._target = target
        self._shared: dict[tuple[str, str], Thing] = {}
        self._ledger: list[Thing] = []

    # — calls —

    def call(self, operation: Operation, identity: str = "primary", *, thing: Thing | None = None) -> Call:
        """A valid call of an operation, with what it refers to created first. Raises a :class:`Stop` where it cannot."""
        values = self._path_values(operation, identity, thing)
        call = Call(
            operation.method,
            fill(operation.path, values),
            operation.id,
            query=self._required(operation, "query"),
            headers=self._required(operation, "header"),
            expects=operation.successes,
        )
        if operation.body is not None:
            body, _ = self.body(operation, identity)
            call = replace(call, body=body, media_type=operation.body.media_type)
        return self._conditional(operation, call, identity)

    def body(self, operation: Operation, identity: str = "primary") -> tuple[Any, str]:
        """A valid body for an operation, with a fresh canary in a free text member, and that canary."""
        assert operation.body is not None
        hint = self._hint(operation)
        examples = [hint.body] if hint is not None and hint.body is not None else []
        candidates = [*examples, *operation.body.examples, sample(self.contract, operation.body.schema)]
        valid = next((c for c in candidates if self.schemas.valid(operation.body.pointer, c)), ABSENT)
        if valid is ABSENT:
            raise NotRun(
                Reason.MISSING_PROBE,
                f"no valid body for {operation.id} can be derived; add operations.<role>.body for it to the profile",
            )
        valid = self._referring(valid, operation, identity)
        return self._marked(valid, operation)

    def _hint(self, operation: Operation) -> Any:
        return next((hint for hint in self.partner.operations.values() if hint.operation == operation.id), None)

    def _marked(self, body: Any, operation: Operation) -> tuple[Any, str]:
        canary = f"certify-{uuid.uuid4().hex[:12]}"
        assert operation.body is not None
        if not isinstance(body, dict):
            return body, canary
        marked = dict(body)
        for name, raw in operation.body.schema.get("properties", {}).items():
            schema = self.contract.follow(raw)
            if name in body and (value := _mark(name, schema, canary)):
                marked[name] = value
        return (marked, canary) if self.schemas.valid(operation.body.pointer, marked) else (body, canary)

    def _referring(self, body: Any, operation: Operation, identity: str) -> Any:
        """Members called ``<resource>_id`` get the id of a thing of that resource."""
        if not isinstance(body, dict):
            return body
        found = {name: res for name in body if (res := self._referred(name)) is not None and res.create != operation}
        return {**body, **{name: self.shared(resource, identity).id for name, resource in found.items()}}

    def _referred(self, member: str) -> Resource | None:
        match = re.fullmatch(r"(.+?)(?:_id|Id)", member)
        if not match:
            return None
        wanted = match[1].lower()
        return next((r for r in self.contract.resources if r.create and _singular(r.name) == wanted), None)

    def _required(self, operation: Operation, place: str) -> tuple[tuple[str, str], ...]:
        hint = self._hint(operation)
        named = dict(hint.query) if hint is not None and place == "query" else {}
        found = [
            (parameter.name, named.get(parameter.name, self._value(parameter)))
            for parameter in operation.parameters
            if parameter.place == place and (parameter.required or parameter.name in named)
        ]
        return tuple((name, _plain(value)) for name, value in found if name.lower() != "if-match")

    def _value(self, parameter: Parameter) -> Any:
        return parameter.example if parameter.example is not None else sample(self.contract, parameter.schema)

    def _path_values(self, operation: Operation, identity: str, thing: Thing | None) -> dict[str, Any]:
        hint = self._hint(operation)
        values: dict[str, Any] = dict(hint.path) if hint is not None else {}
        if thing is not None:
            values |= thing.path_values
        for parameter in operation.path_parameters:
            if parameter.name not in values:
                values[parameter.name] = self._path_value(operation, parameter, identity)
        return values

    def _path_value(self, operation: Operation, parameter: Parameter, identity: str) -> Any:
        prefix = operation.path.split("{" + parameter.name + "}")[0] + "{" + parameter.name + "}"
        resource = next((r for r in self.contract.resources if r.item_path == prefix), None)
        if resource is not None and (resource.create or resource.list):
            return self.shared(resource, identity).id
        value = self._value(parameter)
        if value in (None, ABSENT):
            raise NotRun(
                Reason.MISSING_PROBE,
                f"{operation.id} needs a value for {{{parameter.name}}}; add operations.<role>.path to the profile",
            )
        return value

    def _conditional(self, operation: Operation, call: Call, identity: str) -> Call:
        """A current ``If-Match`` where the operation takes one (RFC 9110 §13.1.1)."""
        if operation.parameter("If-Match", "header") is None:
            return call
        resource = next((r for r in self.contract.resources if operation in r.by_id and r.read), None)
        if resource is None or resource.read is None:
            return call
        # The item's own path: the operation may lie below it.
        depth = resource.item_path.count("/")
        path = "/".join(call.path.split("/")[: depth + 1])
        read = Call("GET", path, resource.read.id, expects=resource.read.successes)
        etag = self._target.send(read, identity=identity, purpose="setup").header("ETag")
        return call.with_header("If-Match", etag) if etag else call

    # — things —

    def shared(self, resource: Resource, identity: str = "primary") -> Thing:
        """A thing of a resource that is only read; made once for each identity, or found in the list."""
        key = (resource.item_path, identity)
        if key not in self._shared:
            self._shared[key] = (
                self.create(resource, identity) if self._may_create(resource) else self._found(resource, identity)
            )
        return self._shared[key]

    def create(self, resource: Resource, identity: str = "primary", purpose: str = "setup") -> Thing:
        """A new thing, entered into the clean-up ledger. Raises :class:`Inconclusive` where creating fails."""
        if resource.create is None:
            raise NotRun(Reason.MISSING_PROBE, f"the contract has no way to create {resource.name}")
        if not self.partner.permissions.allow_writes:
            raise NotRun(Reason.NO_PERMISSION, "permissions.allow_writes is false in the profile")
        call = self.call(resource.create, identity)
        reply = control(self._target.send(call, identity=identity, purpose=purpose), f"creating {resource.name}")
        return self.enter(resource, reply, identity)

    def enter(self, resource: Resource, reply: Reply, identity: str) -> Thing:
        """Put what a create answered into the ledger, and find its id."""
        item = item_id(reply, resource)
        if item is None:
            raise Inconclusive(
                Reason.CANNOT_TELL,
                f"no id was found in the answer to {reply.call.operation}: neither in the body nor in Location",
            )
        thing = Thing(resource, item, reply, identity, canary_of(reply.call.body))
        self._ledger.append(thing)
        return thing

    def forget(self, thing: Thing) -> None:
        """Take a thing off the ledger, because the test deleted it."""
        self._ledger = [other for other in self._ledger if other is not thing]
        self._shared = {key: other for key, other in self._shared.items() if other is not thing}

    def clean_up(self) -> None:
        """Delete what is on the ledger, the newest first; what cannot be deleted stays, and is no one's verdict."""
        while self._ledger:
            thing = self._ledger.pop()
            if thing.resource.delete is None or not self.partner.permissions.allow_destructive:
                continue
            try:
                call = self.call(thing.resource.delete, thing.identity, thing=thing)
                self._target.send(call, identity=thing.identity, purpose="cleanup")
            except Stop:
                continue
        self._shared.clear()

    def _may_create(self, resource: Resource) -> bool:
        return resource.create is not None and self.partner.permissions.allow_writes

    def _found(self, resource: Resource, identity: str) -> Thing:
        """The first item of the collection, where nothing may be created."""
        if resource.list is None:
            raise NotRun(Reason.MISSING_PROBE, f"{resource.name} can be neither created nor listed")
        reply = control(self._target.send(self.call(resource.list, identity), identity=identity, purpose="setup"))
        items = items_of(reply, self.partner.pagination.items_pointer)
        for item in items or []:
            found = _member_id(item, resource)
            if found is not None:
                return Thing(resource, found, reply, identity, "")
        raise Inconclusive(Reason.NOTHING_TO_TEST, f"the list of {resource.name} is empty, and nothing may be created")


def items_of(reply: Reply, pointer: str = "") -> list[Any] | None:
    """The items of a collection's answer: at the declared pointer, the body itself, or its only array of objects."""
    value = reply.at(pointer) if pointer else reply.json()
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        arrays = [item for item in value.values() if isinstance(item, list)]
        return arrays[0] if len(arrays) == 1 else None
    return None


def item_id(reply: Reply, resource: Resource) -> str | None:
    """The id of a created item: by the contract's link, in the body, or the last segment of Location."""
    linked = _linked_id(reply, resource)
    if linked is not None:
        return linked
    found = _member_id(reply.json(), resource)
    location = reply.header("Location")
    return found if found is not None else location.rstrip("/").rsplit("/", 1)[-1] if location else None


def _linked_id(reply: Reply, resource: Resource) -> str | None:
    answer = resource.create.answer(reply.status) if resource.create else None
    for link in answer.links.values() if answer else ():
        expression = str(link.get("parameters", {}).get(resource.parameter, ""))
        if expression.startswith("$response.body#"):
            value = reply.at(expression.removeprefix("$response.body#"))
            return str(value) if isinstance(value, (str, int)) else None
    return None


def _member_id(item: Any, resource: Resource) -> str | None:
    if not isinstance(item, dict):
        return None
    names = ("id", resource.parameter, f"{_singular(resource.name)}_id", "uuid", "key", "name")
    value = next((item[name] for name in names if isinstance(item.get(name), (str, int))), None)
    return None if value is None else str(value)


def canary_of(body: Any) -> str:
    """The canary inside a body, or nothing."""
    match = re.search(r"certify-[0-9a-f]{12}", str(body))
    return match[0] if match else ""


def _mark(name: str, schema: Any, canary: str) -> str | None:
    """A value with the canary in it, where a member is free text or an e-mail address."""
    if not isinstance(schema, Mapping) or kind_of(schema) != "string" or {"enum", "const", "pattern"} & set(schema):
        return None
    if schema.get("format") == "email":
        return f"{canary}@partner.example"
    if schema.get("format") or not _FREE_TEXT.search(name):
        return None
    low, high = int(schema.get("minLength", 0)), int(schema.get("maxLength", 1_000))
    return canary.ljust(low, "x") if len(canary) <= high else None


def _singular(name: str) -> str:
    name = name.lower().replace("-", "_")
    return name[:-3] + "y" if name.endswith("ies") else name.removesuffix("s")


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
