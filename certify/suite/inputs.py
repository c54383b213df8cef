"""Valid inputs for an operation, without asking the sandbox anything: parameters, body, and the mark inside the body.

What the profile says comes first, then what the contract's author wrote, then what the schema lets us derive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from certify.contract import Contract, Operation
from certify.contract.edges import MAX_LENGTH
from certify.contract.hazards import hazard
from certify.contract.operation import Body, Parameter
from certify.contract.scalars import kind_of
from certify.contract.shape import members
from certify.contract.validation import Schemas
from certify.contract.values import sample
from certify.http.call import ABSENT
from certify.model.outcome import Reason
from certify.model.partner import OperationHint, Partner
from certify.suite.canary import new_canary
from certify.suite.ids import fresh_id
from certify.suite.verdicts import NotRun

_FREE_TEXT = re.compile(r"name|title|label|subject|description|reference|external|note|comment|text|email", re.I)
REFUSALS = (400, 409, 422)
"""What may mean that another valid body is wanted."""
MOST_BODIES = 3
"""Valid bodies that are tried on a sandbox which refuses them."""
# Parameters of these names are ignored by OpenAPI (Parameter Object), or filled in where their value is known.
_NOT_OURS = {"accept", "content-type", "authorization", "if-match"}


class Inputs:
    """Derives valid inputs from contract and profile."""

    def __init__(self, contract: Contract, schemas: Schemas, partner: Partner) -> None:
        self._contract, self._schemas, self._partner = contract, schemas, partner
        self._refused: dict[str, int] = {}
        self._exhausted: set[str] = set()
        self._unique: set[str] = set()

    def hint(self, operation: Operation) -> OperationHint | None:
        """What the profile says of an operation, named by its id or by ``METHOD /path``."""
        names = (operation.id, f"{operation.method} {operation.path}")
        return next((hint for hint in self._partner.operations.values() if hint.operation in names), None)

    def hazard(self, operation: Operation) -> str:
        """What a call would do to the identity that makes it; empty where nothing, or where the profile names it."""
        return hazard(operation) if self.hint(operation) is None else ""

    def required(self, operation: Operation, place: str) -> tuple[tuple[str, str], ...]:
        """The required parameters of one place, and those that the profile gives a value."""
        hint = self.hint(operation)
        named = dict(hint.query) if hint is not None and place == "query" else {}
        found = [
            (parameter.name, named.get(parameter.name, self.value(parameter)))
            for parameter in operation.parameters
            if parameter.place == place
            and (parameter.required or parameter.name in named)
            and not (place == "header" and parameter.name.lower() in _NOT_OURS)
        ]
        return tuple(pair for name, value in found for pair in spelled(name, value))

    def value(self, parameter: Parameter) -> Any:
        """A valid value of a parameter, or :data:`ABSENT`."""
        return parameter.example if parameter.example is not None else sample(self._contract, parameter.schema)

    def path_value(self, operation: Operation, parameter: Parameter) -> Any:
        """The value of a path parameter that names nothing we can make. Raises :class:`NotRun` where there is none."""
        hint = self.hint(operation)
        value = hint.path.get(parameter.name) if hint is not None else None
        value = self.value(parameter) if value is None else value
        if value is None or value is ABSENT:
            raise NotRun(
                Reason.MISSING_PROBE,
                f"{operation.id} needs a value for {{{parameter.name}}}: name the operation under operations in the "
                f"profile, with path: {{{parameter.name}: …}}",
            )
        return value

    def body(self, operation: Operation, body: Body) -> Any:
        """A valid body: the first, or the one that the sandbox did not refuse. Raises :class:`NotRun` without one."""
        valid = self._valid(operation, body)
        for _ in range(self._refused.get(operation.id, 0)):
            next(valid, None)
        for candidate in valid:
            return candidate
        raise NotRun(
            Reason.MISSING_PROBE,
            f"no valid body for {operation.id} can be derived from the contract: give it an example there, or name the "
            "operation under operations in the profile, with a body",
        )

    def reconsider(self, operation: Operation, status: int) -> bool:
        """The sandbox refused a valid body: whether there is another one, which is taken from now on.

        A conflict (409) asks for texts that nobody used before, anything else for another body.
        """
        if operation.body is None or status not in REFUSALS:
            return False
        if status == 409:
            known = operation.id in self._unique
            self._unique.add(operation.id)
            return not known
        refused = self._refused.get(operation.id, 0) + 1
        found = len(list(islice(self._valid(operation, operation.body), refused + 1)))
        another = refused < MOST_BODIES and found > refused and operation.id not in self._exhausted
        self._refused[operation.id] = refused if another else 0
        self._exhausted |= set() if another else {operation.id}
        return another

    def distinct(self, operation: Operation, body: Any) -> Any:
        """The body with texts that nobody used before, where the sandbox has shown that it minds."""
        if operation.id not in self._unique or operation.body is None or not isinstance(body, dict):
            return body
        known = members(self._contract, operation.body.schema)
        free = {name: schema for name, schema in known.items() if isinstance(body.get(name), str) and _free(schema)}
        fresh = {**body, **{name: fresh_id(schema) for name, schema in free.items()}}
        return fresh if self._keeps(operation.body, fresh) else body

    def _valid(self, operation: Operation, body: Body) -> Iterator[Any]:
        """Valid bodies, each once."""
        known: list[Any] = []
        for candidate in self.bodies(operation, body):
            if candidate is not ABSENT and candidate not in known and self._keeps(body, candidate):
                known.append(candidate)
                yield candidate

    def _keeps(self, body: Body, candidate: Any) -> bool:
        return bool(self._schemas.valid(body.pointer, candidate))

    def bodies(self, operation: Operation, body: Body) -> Iterator[Any]:
        """What the profile says, what the author wrote, and what can be derived: little, much, and other branches."""
        hint = self.hint(operation)
        if hint is not None and hint.body is not None:
            yield hint.body
        yield from body.examples
        for choice in range(3):
            least = sample(self._contract, body.schema, choice=choice)
            # Where nothing is required, nothing says nothing: a thing is better made with all of its members.
            yield from () if least == {} else (least,)
            yield sample(self._contract, body.schema, full=True, choice=choice)
            yield least

    def marked(self, body: Any, schema: Body, canary: str = "") -> Any:
        """The body with a canary in its free text members, where the schema allows that; a fresh one by default."""
        if not isinstance(body, dict):
            return body
        canary = canary or new_canary()
        known = members(self._contract, schema.schema)
        texts = {name: mark for name in body if (mark := _mark(name, known.get(name), canary))}
        marked = {**body, **texts}
        return marked if self._schemas.valid(schema.pointer, marked) else body


def _free(schema: Any) -> bool:
    """Whether a text may be any text of its kind; it may not where it refers to something, or is a choice."""
    return isinstance(schema, Mapping) and not {"enum", "const"} & set(schema) and schema.get("format") in _ANYTHING


_ANYTHING = (None, "", "uuid", "email")


def spelled(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """A parameter as it goes on the wire: arrays repeat the name (OpenAPI's default, ``form`` with ``explode``)."""
    if value is ABSENT:
        return
    for item in value if isinstance(value, list) else [value]:
        yield name, str(item).lower() if isinstance(item, bool) else str(item)


def _mark(name: str, schema: Any, canary: str) -> str | None:
    """A value with the canary in it, where a member is free text or an e-mail address."""
    if not isinstance(schema, Mapping) or kind_of(schema) != "string" or {"enum", "const", "pattern"} & set(schema):
        return None
    if schema.get("format") == "email":
        return f"{canary}@partner.example"
    if schema.get("format") or not _FREE_TEXT.search(name):
        return None
    low, high = int(schema.get("minLength", 0)), int(schema.get("maxLength", 1_000))
    return canary.ljust(low, "x") if len(canary) <= high and low <= MAX_LENGTH else None
