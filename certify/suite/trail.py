"""The audit trail as the profile describes it: making changes, and finding their records."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from certify.contract import Contract, Operation
from certify.http.call import ABSENT, Call, Reply, parse_json, resolve_pointer
from certify.http.throttling import http_date
from certify.http.token_request import client_id
from certify.model.outcome import Reason
from certify.model.partner import Audit, Partner
from certify.suite.expectations import control
from certify.suite.ids import is_unguessable
from certify.suite.items import items_of
from certify.suite.probes import Probes
from certify.suite.target import Target
from certify.suite.thing import Thing
from certify.suite.things import Things
from certify.suite.verdicts import Inconclusive, NotApplicable, NotRun

FIELDS = ("actor", "action", "object_id", "time", "outcome", "correlation")
POLL_S = 0.25
_VERBS = {
    "create": ("creat", "add", "insert", "post", "new"),
    "update": ("updat", "chang", "edit", "modif", "patch", "put"),
    "delete": ("delet", "remov", "destroy"),
}


@dataclass(frozen=True)
class Change:
    """One change: ``what`` it was, and the answer to it."""

    what: str
    operation: Operation
    reply: Reply
    thing: Thing


class Trail:
    """Changes things, and reads what was recorded. ``last`` is the last list of events that was read."""

    def __init__(self, contract: Contract, partner: Partner, target: Target, things: Things, probes: Probes) -> None:
        if partner.audit is None:
            raise NotApplicable(Reason.CAPABILITY_NOT_OFFERED, "the profile has no audit section")
        self._audit: Audit = partner.audit
        self._partner, self._target, self._things, self._probes = partner, target, things, probes
        operation = contract.operation(self._audit.operation)
        if operation is None:
            raise NotRun(Reason.MISSING_PROBE, f"audit.operation {self._audit.operation!r} is not in the contract")
        self._lister: Operation = operation
        self.last: Reply = control(self._target.send(self._call(None), purpose="control"), "the list of audit events")

    # — changes —

    def change(self) -> list[Change]:
        """Create, update and delete one object, as far as the contract has those operations."""
        resource = (self._probes.resources("create", "update", "delete") or [self._probes.resource("create")])[0]
        assert resource.create is not None
        thing = self._things.create(resource)
        changes = [Change("create", resource.create, thing.reply, thing)]
        for what, operation in (("update", resource.update), ("delete", resource.delete)):
            if operation is None or (what == "delete" and not self._partner.permissions.allow_destructive):
                continue
            call = self._things.call(operation, thing=thing)
            reply = control(self._target.send(call), f"the {what}")
            changes.append(Change(what, operation, reply, thing))
            if what == "delete":
                self._things.forget(thing)
        return changes

    # — records —

    def await_records(self, changes: Sequence[Change]) -> list[Any]:
        """The records about the object, as soon as there is one for each change or twice the delay is over."""
        return self._until(len(changes), changes[0].thing.id, "primary")

    def of(self, change: Change, records: Sequence[Any], changes: Sequence[Change]) -> Any:
        """The record of one change: by its request id, else by its verb, else by their number; None where missing."""
        sent_back = {value for _, value in change.reply.headers}
        for record in records:
            if self.value(record, "correlation") in sent_back:
                return record
        for record in records:
            if any(verb in str(self.value(record, "action")).lower() for verb in _VERBS[change.what]):
                return record
        known = any(self.value(record, "action") for record in records)
        return None if known or len(records) < len(changes) else records[0]

    def value(self, record: Any, field: str) -> Any:
        """A declared field of a record; None where it is not declared, missing or empty."""
        pointer = self.pointer(field)
        found = resolve_pointer(record, pointer) if pointer else None
        return None if found is ABSENT or found == "" else found

    def pointer(self, field: str) -> str:
        return str(getattr(self._audit, field))

    def missing_fields(self, record: Any) -> list[str]:
        """The declared fields that a record lacks."""
        return [field for field in FIELDS if self.pointer(field) and self.value(record, field) is None]

    def distance(self, change: Change, record: Any) -> float | None:
        """Seconds from the change, by the Date of its answer, to the recorded time; None where either is unknown."""
        recorded, answered = _moment(self.value(record, "time")), http_date(change.reply.header("Date") or "")
        return None if recorded is None or answered is None else recorded - answered

    # — actors —

    def is_caller(self, actor: Any) -> bool:
        """Whether a recorded actor is a name of primary: in the profile, or in its token."""
        identity = self._target.session.identity("primary")
        names = {identity.name, identity.subject, client_id(identity), identity.settings.get("username", "")}
        names |= _names_in(self._target.session.credentials("primary").token)
        text = json.dumps(actor) if isinstance(actor, (dict, list)) else str(actor)
        return any(name and (name == text or (isinstance(actor, dict) and name in text)) for name in names)

    def same_for_others(self, actor: Any) -> bool:
        """Whether a caller of another tenant is recorded under the same name. Raises :class:`Inconclusive` where that
        cannot be seen."""
        if "other_tenant" not in self._partner.identities:
            raise Inconclusive(
                Reason.CANNOT_TELL,
                f"the actor is recorded as {actor!r}, which is no name of primary; set identities.primary.subject to "
                "it, or add identities.other_tenant, so that actors can be told apart",
            )
        thing = self._things.create(self._probes.resource("create"), "other_tenant")
        records = self._until(1, thing.id, "other_tenant")
        return any(self.value(record, "actor") == actor for record in records)

    def _until(self, count: int, object_id: str, identity: str) -> list[Any]:
        until = time.monotonic() + max(2 * self._audit.delay_s, POLL_S)
        while True:
            records = self._about(object_id, identity)
            if len(records) >= count or time.monotonic() > until:
                return records
            self._target.wait(POLL_S)

    def _about(self, object_id: str, identity: str) -> list[Any]:
        self.last = control(self._target.send(self._call(object_id, identity), identity=identity), "the audit events")
        items = items_of(self.last, self._audit.items_pointer)
        if items is None:
            raise Inconclusive(Reason.CANNOT_TELL, "no events were found in the answer; declare audit.items_pointer")
        return [item for item in items if self.is_about(item, object_id)]

    def is_about(self, record: Any, object_id: str) -> bool:
        """Whether a record is about an object: by the declared field alone, or by an unguessable id anywhere in it.

        Raises :class:`Inconclusive` where no field is declared and the id may stand for anything.
        """
        if self.pointer("object_id"):
            return str(self.value(record, "object_id")) == object_id
        if not is_unguessable(object_id):
            raise Inconclusive(
                Reason.CANNOT_TELL, f"records about {object_id} cannot be told from others; declare audit.object_id"
            )
        return object_id in str(record)

    def _call(self, object_id: str | None, identity: str = "primary") -> Call:
        """The list of events: of one object, where it has a parameter of the field's name, else in large pages."""
        call = self._things.call(self._lister, identity)
        name = self.pointer("object_id").rsplit("/", 1)[-1]
        if object_id and self._lister.parameter(name, "query"):
            return call.with_query(**{name: object_id})
        size = self._partner.pagination.size_param
        if size and self._partner.pagination.max_size and self._lister.parameter(size, "query"):
            return call.with_query(**{size: str(self._partner.pagination.max_size)})
        return call


def _names_in(token: str) -> set[str]:
    """Whom an access token is about, where it is a JWT; nothing is verified here."""
    try:
        part = token.split(".")[1]
        claims = parse_json(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return {str(claims[name]) for name in ("sub", "client_id", "azp", "preferred_username") if name in claims}
    except (ValueError, IndexError, TypeError):
        return set()


def _moment(value: Any) -> float | None:
    """A time as seconds since the epoch: RFC 3339, or a number of seconds or milliseconds."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value / 1000 if value > 1e11 else float(value)
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
