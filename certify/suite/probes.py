"""Which operations a check can use: picked from the contract, or named in the profile, and proved to work.

Nothing here knows an API. Each question is put to the contract ("a secured read", "a create with a JSON body"); where
it has no answer, :class:`NotRun` names the profile entry that would help.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from certify.contract import Contract, Operation, Resource
from certify.contract.edges import edges
from certify.contract.naming import path_values
from certify.contract.operation import Parameter
from certify.contract.scalars import kind_of
from certify.http.call import Call, Reply, fill
from certify.model.outcome import Reason
from certify.suite.expectations import control
from certify.suite.ids import is_uuid, strange_id
from certify.suite.survey import Survey
from certify.suite.target import Target
from certify.suite.thing import reading
from certify.suite.things import Things
from certify.suite.verdicts import NotRun, Stop

TRIES = 6


class Probes:
    """Finds operations; what needed the sandbox to be asked is remembered."""

    def __init__(self, contract: Contract, target: Target, things: Things, survey: Survey) -> None:
        self._contract, self._target, self._things, self._survey = contract, target, things, survey
        self._reads: dict[bool, Call] = {}
        self._deleted_was: dict[str, Reply] = {}

    # — reads —

    def secured_read(self) -> Call:
        """A valid, secured GET that works."""
        return self._read(secured=True)

    def read(self) -> Call:
        """A GET that works: secured where there is one, else public."""
        try:
            return self._read(secured=True)
        except NotRun:
            return self._read(secured=False)

    def control(self) -> Call:
        """The call that everything stands on: the working read, or the first one that can at least be sent."""
        try:
            return self.read()
        except NotRun as stop:
            for operation in [*self.reads(secured=True), *self.reads(secured=False)]:
                try:
                    return self._things.call(operation)
                except Stop:
                    continue
            raise stop

    def reads(self, *, secured: bool) -> list[Operation]:
        """GETs, the hinted one first, then those that need the fewest values; lists before items."""
        hint = self._things.partner.operations.get("read")
        hinted = self._contract.operation(hint.operation) if hint else None
        gets = [op for op in self._contract.operations if op.method == "GET" and op.secured == secured]
        found = [op for op in gets if not self._things.inputs.hazard(op)]
        lists = {resource.list for resource in self._contract.resources}
        ordered = sorted(found, key=lambda op: (sum(p.required for p in op.parameters), op not in lists))
        return [hinted, *ordered] if hinted is not None and hinted.secured == secured else ordered

    def _read(self, *, secured: bool) -> Call:
        if secured not in self._reads:
            self._reads[secured] = self._working_read(self.reads(secured=secured), "secured " if secured else "")
        return self._reads[secured]

    def _working_read(self, candidates: Sequence[Operation], kind: str) -> Call:
        tried = []
        for operation in candidates[:TRIES]:
            try:
                call = self._things.call(operation)
                reply = self._target.send(call, purpose="setup")
            except Stop as stop:
                tried.append(f"{operation.id}: {stop.note}")
                continue
            if reply.ok:
                return call
            tried.append(f"{operation.id}: {reply}")
        raise NotRun(
            Reason.MISSING_PROBE,
            f"no {kind}read answers with a success; name one under operations.read in the profile. Tried: "
            + ("; ".join(tried) or f"nothing, the contract has no {kind}GET"),
        )

    # — collections and items —

    def resources(self, *operations: str) -> list[Resource]:
        """The collections with all of those operations, the most complete first, the hinted one before them."""
        found = [r for r in self._contract.resources if all(getattr(r, name) is not None for name in operations)]
        hints = self._things.partner.operations
        hinted = {hints[role].operation for role in ("create", "collection", "update", "delete") if role in hints}
        return sorted(found, key=lambda r: (not {op.id for op in r.operations} & hinted, self._failed(r, operations)))

    def resource(self, *operations: str) -> Resource:
        """The first of them that works on the sandbox, else the first. Raises :class:`NotRun` where there is none."""
        found = self.resources(*operations)
        if found:
            return next((r for r in found[:TRIES] if self._works(r, operations)), found[0])
        raise NotRun(
            Reason.MISSING_PROBE,
            f"the contract has no collection with {', '.join(operations)} (/things and /things/{{id}}); "
            "describe the collection in the contract, or name its operations under operations in the profile",
        )

    def _failed(self, resource: Resource, operations: Sequence[str]) -> bool:
        """Whether one of the operations is known not to work."""
        known = [self._survey.known(getattr(resource, name)) for name in operations]
        return any(surveyed is not None and not surveyed.ok for surveyed in known)

    def _works(self, resource: Resource, operations: Sequence[str]) -> bool:
        """Whether things can be made, listed and read, as far as that is asked for."""
        tried = [getattr(resource, name) for name in ("create", "list", "read") if name in operations]
        writes = self._things.partner.permissions.allow_writes
        return all(self._survey.of(operation).ok for operation in tried if operation.safe or writes)

    def unknown_route(self) -> Call:
        """A path that no API has."""
        return Call("GET", f"/certify-{uuid.uuid4().hex[:12]}")

    def missing_object(self) -> Call:
        """The read of an item that does not exist, with an id of the right shape."""
        resource = self.resource("read")
        return self.item(resource, strange_id(self._things.shared(resource).id))

    def strange(self, known: str) -> str:
        """An id of the same shape that names nothing."""
        return strange_id(known)

    def missing_things(self) -> Iterator[tuple[str, tuple[int, ...], Callable[[], Call]]]:
        """Kinds of things that are not there, the statuses that say so, and how to ask for them."""
        yield "an id that names nothing", (404,), self.missing_object
        yield "something that is no id", (404, 400, 422), self.malformed_id
        yield "the id of another kind of object", (404, 400, 422), self._id_of_another_kind
        yield "an object that was deleted", (404, 410), self._deleted
        yield "a path that does not exist", (404,), self.unknown_route

    def _id_of_another_kind(self) -> Call:
        first, second, *_ = [*self.resources("read"), None, None]
        if first is None or second is None:
            raise NotRun(Reason.NOTHING_TO_TEST, "there is only one kind of object")
        other = self._things.shared(second).id
        if not is_uuid(other):
            raise NotRun(Reason.NOTHING_TO_TEST, "ids of different kinds may be equal")
        return self.item(first, other)

    def _deleted(self) -> Call:
        """The read of an object that was made and deleted for this."""
        resource = self.resource("create", "read", "delete")
        assert resource.delete is not None
        prepared = self._survey.working(resource.delete)
        read, window = reading(resource, prepared.call), self._things.partner.consistency_window_s
        self._target.wait(window)
        self._deleted_was[read.path] = control(
            self._target.send(read, purpose="setup"), "reading what is to be deleted"
        )
        control(self._survey.send(prepared, purpose="setup"), "deleting an object")
        self._target.wait(window)
        return read

    def before_deletion(self, call: Call) -> Reply | None:
        """What a call read before its object was deleted for :meth:`missing_things`; None where nothing was."""
        return self._deleted_was.get(call.path)

    def present(self, call: Call) -> tuple[Reply, str]:
        """The same read of an object that is there, and the id that the call asks for."""
        resource = next(r for r in self.resources("read") if r.read is not None and r.read.id == call.operation)
        asked = path_values(resource.item_path, call.path).get(resource.parameter, "")
        twin = self.item(resource, self._things.shared(resource).id)
        return control(
            self._target.send(twin, purpose="control"), f"{call.operation} of an object that is there"
        ), asked

    def malformed_id(self) -> Call:
        """The read of an item by something that is no id."""
        resource = self.resource("read")
        known = self._things.shared(resource).id
        if not (is_uuid(known) or known.isdigit()):
            raise NotRun(Reason.NOTHING_TO_TEST, "ids are free text, so none is malformed")
        return self.item(resource, "certify~not~an~id")

    def item(self, resource: Resource, identifier: str) -> Call:
        """The read of an item with that id."""
        assert resource.read is not None
        values = {**self._things.shared(resource).path_values, resource.parameter: identifier}
        return replace(self._things.call(resource.read), path=fill(resource.read.path, values))

    def invalid_parameter(self) -> Call:
        """A list with a word where the contract wants a number."""
        for operation in self._contract.operations:
            for parameter in operation.parameters if operation.method == "GET" else ():
                if parameter.place == "query" and kind_of(parameter.schema) in ("integer", "number"):
                    return self._things.call(operation).with_query(**{parameter.name: "certify"})
        raise NotRun(Reason.NOTHING_TO_TEST, "no read takes a number as a query parameter")

    def item_reads(self) -> list[Operation]:
        """The read of an item, of the most complete collection."""
        return [r.read for r in self.resources("read")[:1] if r.read is not None]

    def list_reads(self) -> list[Operation]:
        """The lists, those with the most parameters first."""
        found = [r.list for r in self.resources("list") if r.list is not None]
        return sorted(found, key=lambda op: -len(op.parameters))

    # — writes —

    def json_write(self) -> Operation:
        """A write with a JSON body that works: creates first, since a refused create leaves nothing behind."""
        return self._surveyed(json_body, "write with a JSON body", "operations.create")

    def conditional_write(self) -> Operation:
        """A write that takes ``If-Match`` and works."""
        takes = "If-Match"
        return self._surveyed(
            lambda op: op.parameter(takes, "header") is not None, f"write with {takes}", "operations.update"
        )

    def writes(self) -> list[Operation]:
        """All writes with a JSON body, creates first."""
        return sorted(
            filter(json_body, self._contract.operations), key=lambda op: (op.method != "POST", op.path.count("{"))
        )

    def _surveyed(self, fits: Callable[[Operation], bool], what: str, entry: str) -> Operation:
        surveyed = self._survey.results()
        ordered = sorted(self._contract.operations, key=lambda op: (op.method != "POST", op.path.count("{")))
        for operation in ordered:
            if not operation.safe and fits(operation) and surveyed[operation.id].ok:
                return operation
        raise NotRun(
            Reason.MISSING_PROBE, f"no {what} was answered with a success; name one under {entry} in the profile"
        )

    def parameter_edges(self) -> Iterator[tuple[Call, str]]:
        """Reads with one optional query parameter at a bound that the contract states."""
        for operation, parameter in self._query_parameters():
            for edge in edges(self._contract, parameter.schema):
                if edge.firm and not edge.text:
                    call = self._things.call(operation).with_query(**{parameter.name: str(edge.value)})
                    yield call, f"{parameter.name} at {edge.what}"

    def parameter_violations(self) -> Iterator[tuple[Call, str]]:
        """Reads with one query parameter outside the bounds that the contract states."""
        for operation, parameter in self._query_parameters():
            for keyword, step in (("minimum", -1), ("maximum", 1)):
                bound = parameter.schema.get(keyword)
                if isinstance(bound, int):
                    call = self._things.call(operation).with_query(**{parameter.name: str(bound + step)})
                    yield call, f"{parameter.name} beyond its {keyword}"

    def _query_parameters(self) -> Iterator[tuple[Operation, Parameter]]:
        """The query parameters of lists that work, each name once."""
        names: set[str] = set()
        for resource in self.resources("list"):
            assert resource.list is not None
            if not self._survey.results()[resource.list.id].ok:
                continue
            for parameter in resource.list.parameters:
                if parameter.place == "query" and parameter.name not in names:
                    names.add(parameter.name)
                    yield resource.list, parameter

    # — security —

    def secured_operations(self) -> list[Operation]:
        """Those that demand a credential, reads first."""
        return sorted((op for op in self._contract.operations if op.secured), key=lambda op: not op.safe)

    def scoped_operations(self) -> list[Operation]:
        """Those that demand a scope, reads first."""
        return [operation for operation in self.secured_operations() if operation.scopes]

    def scopes(self) -> tuple[str, ...]:
        """All scopes that the contract speaks of."""
        return tuple(dict.fromkeys(s for op in self._contract.operations for option in op.scopes for s in option))

    def lacking_scope(self) -> tuple[Operation, tuple[str, ...]]:
        """A read, and all scopes but those that let a caller use it."""
        for operation in self.scoped_operations():
            if operation.safe:
                return operation, self.all_but(operation)
        raise NotRun(Reason.NOTHING_TO_TEST, "no read demands a scope")

    def all_but(self, operation: Operation) -> tuple[str, ...]:
        """All scopes of the contract without any that an alternative of the operation asks for."""
        needed = {scope for option in operation.scopes for scope in option}
        return tuple(scope for scope in self.scopes() if scope not in needed)


def json_body(operation: Operation) -> bool:
    """Whether an operation takes a JSON body."""
    return not operation.safe and operation.body is not None and "json" in operation.body.media_type
