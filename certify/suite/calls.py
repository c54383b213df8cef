"""Valid calls of any operation: path, query, headers and body, with the ids of things where they refer to some."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Protocol

from certify.contract import Contract, Operation, Resource
from certify.contract.naming import path_values, sure_names
from certify.contract.operation import Parameter
from certify.contract.shape import members, required
from certify.contract.validation import Schemas
from certify.http.call import ABSENT, Call, fill
from certify.suite.encoding import encoded
from certify.suite.ids import fresh_id
from certify.suite.inputs import Inputs
from certify.suite.memory import Memory
from certify.suite.references import References
from certify.suite.target import Target
from certify.suite.thing import Thing, reading
from certify.suite.verdicts import Stop


class Lender(Protocol):
    """Who has the things that calls refer to."""

    def shared(self, resource: Resource, identity: str) -> Thing:
        """A thing that is only read. Raises a :class:`Stop` where there is none."""
        ...

    def is_sought(self, resource: Resource, identity: str) -> bool:
        """Whether such a thing is just being made or found, so that what it needs cannot refer to it."""
        ...


class Calls:
    """Makes calls of one contract."""

    def __init__(
        self, contract: Contract, schemas: Schemas, inputs: Inputs, target: Target, memory: Memory, lender: Lender
    ) -> None:
        self._contract, self._schemas, self._inputs = contract, schemas, inputs
        self._target, self._memory, self._lender = target, memory, lender
        self._references = References(contract)

    def call(
        self, operation: Operation, identity: str = "primary", *, thing: Thing | None = None, canary: str = ""
    ) -> Call:
        """A valid call of an operation; what it refers to is made first. Raises a :class:`Stop` where it cannot."""
        call = Call(
            operation.method,
            fill(operation.address, self._path_values(operation, identity, thing)),
            operation.id,
            query=self._query(operation, identity),
            headers=(*self._inputs.required(operation, "header"), *self._cookies(operation)),
            expects=operation.successes,
        )
        if operation.body is not None:
            body = self._identified(operation, call, self.body(operation, identity, canary), thing)
            call = encoded(call, self._contract, operation.body, body)
        return self.conditional(operation, call, identity)

    def _query(self, operation: Operation, identity: str) -> tuple[tuple[str, str], ...]:
        """The required parameters; what refers to a thing gets the id of one, or a value that was seen."""
        pairs = []
        for name, value in self._inputs.required(operation, "query"):
            parameter = operation.parameter(name, "query")
            told = parameter is None or parameter.example is not None or self._inputs.hint(operation) is not None
            seen = None if told else self._seen(name, identity)
            pairs.append((name, value if seen is None else str(seen)))
        return tuple(pairs)

    def _cookies(self, operation: Operation) -> tuple[tuple[str, str], ...]:
        cookies = self._inputs.required(operation, "cookie")
        return (("Cookie", "; ".join(f"{name}={value}" for name, value in cookies)),) if cookies else ()

    def _identified(self, operation: Operation, call: Call, body: Any, thing: Thing | None) -> Any:
        """The body with the id that the path has; a create gets one that nobody has, or none if it may do without."""
        resource = self._creates(operation) or (thing.resource if thing is not None else None)
        if not isinstance(body, dict) or resource is None or operation.body is None:
            return body
        names = [name for name in sure_names(resource.parameter, resource.name) if name in body]
        here = path_values(resource.item_path, call.path).get(resource.parameter)
        if here is None and self._inputs.hint(operation) is not None:
            return body  # the profile knows which id it wants
        for name in names:
            schema = members(self._contract, operation.body.schema).get(name, {})
            if here is not None:
                body = {**body, name: _typed(here, body[name])}
            elif name in required(self._contract, operation.body.schema) or not name.lower().endswith(("id", "key")):
                body = {**body, name: fresh_id(schema)}
            elif resource.create is operation:
                body = {key: value for key, value in body.items() if key != name}
        return body

    def _creates(self, operation: Operation) -> Resource | None:
        return next((r for r in self._contract.resources if r.create is operation), None)

    def _seen(self, name: str, identity: str) -> Any:
        """The id of a thing that a name refers to, or a value that went by that name in an answer."""
        resource = self._references.resource(name)
        if resource is not None:
            with suppress(Stop):
                return self._lender.shared(resource, identity).id
        return self._memory.value(name)

    def body(self, operation: Operation, identity: str = "primary", canary: str = "") -> Any:
        """A valid body for an operation, with a canary in it."""
        assert operation.body is not None
        valid = self._inputs.distinct(operation, self._inputs.body(operation, operation.body))
        valid = self._referring(valid, operation, identity)
        return self._inputs.marked(valid, operation.body, canary)

    def conditional(self, operation: Operation, call: Call, identity: str = "primary") -> Call:
        """The call with a current ``If-Match``, where the operation takes one (RFC 9110 §13.1.1)."""
        resource = self._contract.owner(operation)
        if operation.parameter("If-Match", "header") is None or resource is None or resource.read is None:
            return call
        reply = self._target.send(reading(resource, call), identity=identity, purpose="setup")
        etag = reply.header("ETag")
        return call.with_header("If-Match", etag) if etag else call

    def _path_values(self, operation: Operation, identity: str, thing: Thing | None) -> dict[str, Any]:
        """A value for each path parameter. The innermost is found first: what it names lies below parents of its own,
        and below no others."""
        known: dict[str, Any] = dict(thing.path_values) if thing is not None else {}
        hint = self._inputs.hint(operation)
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
        resource = next((r for r in self._contract.resources if r.item_path == prefix), None)
        if resource is not None and (resource.create or resource.list):
            return {**self._lender.shared(resource, identity).path_values}
        if "enum" not in parameter.schema:
            referred = self._references.resource(parameter.name, bare=True)
            if referred is not None and referred is not resource and not self._lender.is_sought(referred, identity):
                return {parameter.name: self._lender.shared(referred, identity).id}
            if (seen := self._memory.value(parameter.name)) is not None:
                return {parameter.name: seen}
        return {parameter.name: self._inputs.path_value(operation, parameter)}

    def _referring(self, body: Any, operation: Operation, identity: str) -> Any:
        """Members that refer to a thing (``customer_id``, ``{"customer": {"id": …}}``) get the id of one."""
        if not isinstance(body, dict) or operation.body is None or self._inputs.hint(operation) is not None:
            return body
        found = {name: self._referred(name, value, operation, identity) for name, value in body.items()}
        referring = {**body, **{name: value for name, value in found.items() if value is not ABSENT}}
        return referring if self._schemas.valid(operation.body.pointer, referring) else body

    def _referred(self, name: str, value: Any, operation: Operation, identity: str) -> Any:
        whole = isinstance(value, dict) and set(value) == {"id"}
        resource = self._references.resource(name, bare=whole)
        if resource is None or resource.create is operation or self._lender.is_sought(resource, identity):
            return ABSENT
        identifier = self._lender.shared(resource, identity).id
        match value:
            case {"id": inner} if whole:
                return {"id": _typed(identifier, inner)}
            case [inner, *_]:
                return [_typed(identifier, inner)]
            case dict() | list():
                return ABSENT
            case _:
                return _typed(identifier, value)


def _typed(identifier: str, like: Any) -> Any:
    """An id as a number, where a number stood before."""
    number = isinstance(like, int) and not isinstance(like, bool) and identifier.lstrip("-").isdigit()
    return int(identifier) if number else identifier
