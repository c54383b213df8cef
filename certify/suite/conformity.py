"""Do the answers of a run keep the contract? Bodies against schemas, labels and headers against what is declared.

Pure judgement over :class:`Seen`: it groups equal violations and says whether a fresh reply shows one again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema.exceptions import SchemaError, UnknownType
from referencing.exceptions import Unresolvable

from certify.contract import Contract
from certify.contract.operation import Answer
from certify.contract.scalars import kind_of
from certify.contract.validation import Schemas, Violation
from certify.errors import ProgramError
from certify.http.call import ABSENT, Reply, resolve_pointer
from certify.http.redaction import MARK
from certify.model.exchange import Headers, header
from certify.suite.sightings import Sightings
from certify.suite.traffic import Seen

ENOUGH_OF_A_KIND = 200
"""Answers of one operation and status that are judged; more of the same say nothing new."""

UNUSABLE = (SchemaError, Unresolvable, UnknownType, ProgramError, re.error, RecursionError)
"""What a schema that cannot be compiled or followed raises."""


@dataclass(frozen=True)
class Flaw:
    """A label or header that is not what the contract says. ``firm``: not only recommended."""

    expected: str
    actual: str
    cause: str
    advice: str = ""
    firm: bool = True


def violations_of(
    schemas: Schemas, seen: Seen, pointer: str, value: Any, defects: dict[str, None]
) -> list[Violation] | None:
    """How a value of an answer breaks the schema at a pointer, apart from what redaction changed.

    None where the schema cannot be used: that is the contract's own defect, and is added to ``defects``.
    """
    try:
        violations = schemas.violations(pointer, value)
    except UNUSABLE as error:
        defects[f"{seen.name}: {_told(error)}"] = None
        return None
    return [violation for violation in violations if not _redacted(value, violation.pointer)]


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


class Conformity:
    """Judges answers of one contract. ``judged`` counts answers, ``defects`` are the contract's own."""

    def __init__(self, contract: Contract, schemas: Schemas) -> None:
        self._contract, self._schemas = contract, schemas
        self.judged = 0
        self.defects: dict[str, None] = {}

    # — bodies —

    def schema_violations(self, traffic: Iterable[Seen]) -> Iterator[tuple[Violation, list[Seen]]]:
        """Each violation once, with the answers that show it."""
        self.judged, found = 0, Sightings[Violation]()
        for seen in self._some(traffic):
            for violation in self._violations(seen, seen.json):
                found.add(violation.cause, violation, seen)
        yield from found

    def shows(self, violation: Violation, seen: Seen, reply: Reply) -> bool:
        """Whether a fresh reply to the same request breaks the schema in the same way."""
        return any(other.cause == violation.cause for other in self._violations(recorded(seen, reply), reply.json()))

    def _violations(self, seen: Seen, value: Any) -> list[Violation]:
        pointer = self._schema(seen)
        if not pointer or value is ABSENT:
            return []
        violations = violations_of(self._schemas, seen, pointer, value, self.defects)
        self.judged += violations is not None
        return violations or []

    def _schema(self, seen: Seen) -> str:
        """The pointer of the schema of an answer; empty where none is documented."""
        answer = _documented(seen)
        return answer.media.get(seen.media_type, "") if answer is not None else ""

    def _some(self, traffic: Iterable[Seen]) -> Iterator[Seen]:
        counts: dict[tuple[str, int], int] = {}
        for seen in traffic:
            key = (seen.name, seen.status)
            counts[key] = counts.get(key, 0) + 1
            if counts[key] <= ENOUGH_OF_A_KIND:
                yield seen

    # — labels and headers —

    def label_flaws(self, traffic: Iterable[Seen]) -> Iterator[tuple[Flaw, list[Seen]]]:
        """Each flaw once, with the answers that show it."""
        self.judged, found = 0, Sightings[Flaw]()
        for seen in self._some(traffic):
            for flaw in self._flaws(seen):
                found.add(flaw.cause, flaw, seen)
        yield from found

    def flawed(self, flaw: Flaw, seen: Seen, reply: Reply) -> bool:
        """Whether a fresh reply to the same request has the same flaw."""
        return any(other.cause == flaw.cause for other in self._flaws(recorded(seen, reply)))

    def _flaws(self, seen: Seen) -> Iterator[Flaw]:
        answer = _documented(seen)
        if answer is None:
            return
        self.judged += 1
        if seen.method != "HEAD":
            yield from _label(seen, answer)
        for name, declared in answer.headers.items():
            yield from self._header(seen.headers, name, declared)

    def _header(self, headers: Headers, name: str, declared: Mapping[str, Any]) -> Iterator[Flaw]:
        value = header(headers, name)
        if name.lower() == "content-type" or (value is not None and MARK in value):
            return
        if value is None:
            if declared.get("required"):
                yield Flaw(f"the header {name}", "it is missing", f"{name} missing", f"send {name} as declared")
            return
        schema = self._contract.follow(declared.get("schema", {}))
        typed = _typed(value, schema)
        try:
            holds = self._schemas.holds(schema, typed)
        except UNUSABLE as error:
            self.defects[f"header {name}: {_told(error)}"] = None
            return
        if not holds:
            shown = f"{name}: {value}"
            yield Flaw(f"{name} as its schema has it: {_brief(schema)}", shown, f"{name} invalid", "mend the value")


def _documented(seen: Seen) -> Answer | None:
    return seen.operation.answer(seen.status) if seen.operation is not None else None


def _label(seen: Seen, answer: Answer) -> Iterator[Flaw]:
    success = seen.status < 400
    if seen.status in (204, 304):
        if seen.body:
            yield Flaw(f"no body with {seen.status}", f"{len(seen.body)} characters", "a body where none may be")
        return
    if not seen.body:
        if answer.media and success:
            yield Flaw(f"a body of {' or '.join(answer.media)}", "no body", "no body", "send the documented body")
        return
    if not seen.media_type:
        yield Flaw("a Content-Type on each body", "none", "no Content-Type", "label the body", firm=success)
    elif answer.media and not any(_matches(seen.media_type, name) for name in answer.media):
        wanted = " or ".join(answer.media)
        advice = "label the body with its documented type"
        yield Flaw(wanted, seen.media_type, f"{seen.media_type} for {wanted}", advice, firm=success)
    elif _json(seen.media_type) and seen.json is ABSENT and not seen.truncated and MARK not in seen.body:
        yield Flaw("JSON, as the label says", seen.body[:60], "not JSON", "send JSON, or another label", firm=success)


def _matches(given: str, declared: str) -> bool:
    """Type and subtype are equal, or fit a range such as ``application/*``."""
    declared = declared.split(";", 1)[0].strip()
    if declared in ("*/*", given):
        return True
    return declared.endswith("/*") and given.split("/")[0] == declared.split("/")[0]


def _json(media_type: str) -> bool:
    return media_type == "application/json" or media_type.endswith("+json")


def _redacted(value: Any, pointer: str) -> bool:
    """Whether what is at the pointer was changed by redaction, so that it proves nothing."""
    part = resolve_pointer(value, pointer)
    return isinstance(part, str) and MARK in part


def _typed(value: str, schema: Any) -> Any:
    """A header's text as the type that its schema has (``simple`` style, OpenAPI Header Object)."""
    kind = kind_of(schema) if isinstance(schema, Mapping) else "string"
    try:
        if kind == "integer":
            return int(value)
        if kind == "number":
            return float(value)
    except ValueError:
        return value
    if kind == "boolean" and value in ("true", "false"):
        return value == "true"
    return [part.strip() for part in value.split(",")] if kind == "array" else value


def _brief(schema: Any) -> str:
    return json.dumps({k: v for k, v in schema.items() if k not in ("description", "example")})[:120]


def recorded(seen: Seen, reply: Reply) -> Seen:
    """A fresh reply, as if it had been recorded in the place of the first one."""
    response = {
        "status": reply.status,
        "headers": [list(pair) for pair in reply.headers],
        "body": reply.text,
        "truncated": False,
    }
    return Seen({**seen.record, "response": response}, seen.operation)
