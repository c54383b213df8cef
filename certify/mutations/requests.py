"""Requests that no sound client sends: bodies that are no bodies, ids and parameters that are none.

Cheap on purpose, and harmless: nothing here is an attack, only a mistake.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from certify.contract import Operation
from certify.contract.scalars import kind_of
from certify.http.call import ABSENT, Call

IDS = {
    "a huge number": "9" * 40,
    "a negative number": "-1",
    "a NUL byte": "%00",
    "a percent sign": "%25zz",
    "a text of 2,000 characters": "c" * 2_000,
    "the word null": "null",
    "a quotation mark": "'%22%60",
    "characters beyond the BMP": "%F0%9F%92%A5",
}
BODIES = {
    "a body that is null": None,
    "no body": ABSENT,
    "an empty array": [],
    "a text": "certify",
    "unreadable JSON": b'{"certify": ',
    "bytes that are no UTF-8": b'{"certify": "\xff\xfe"}',
    "nesting of 200 levels": b"[" * 200 + b"]" * 200,
}


def mistakes(operation: Operation, call: Call) -> Iterator[tuple[str, Call]]:
    """The mistakes that an operation has a place for."""
    if operation.body is not None:
        yield from bad_bodies(call)
    elif operation.path.endswith("}"):
        yield from bad_ids(call)
    yield from bad_parameters(call, operation)


def bad_bodies(call: Call) -> Iterator[tuple[str, Call]]:
    """A write with each of the bodies that are no bodies."""
    for what, body in BODIES.items():
        yield what, call.with_body(body)


def bad_ids(call: Call) -> Iterator[tuple[str, Call]]:
    """A read with each of the bad ids in the place of its last segment."""
    head = call.path.rsplit("/", 1)[0]
    for what, text in IDS.items():
        yield f"{what} as id", replace(call, path=f"{head}/{text}")


def bad_parameters(call: Call, operation: Operation) -> Iterator[tuple[str, Call]]:
    """A read with a bad value for each of its query parameters, and with one that is repeated."""
    for parameter in operation.parameters:
        if parameter.place != "query":
            continue
        name = parameter.name
        for what, text in _values(parameter.schema):
            yield f"{what} as {name}", call.with_query(**{name: text})
        yield f"{name} twice", replace(call, query=(*call.query, (name, "1"), (name, "2")))


def _values(schema: object) -> Iterator[tuple[str, str]]:
    match kind_of(schema) if isinstance(schema, dict) else "string", schema:
        case (("integer" | "number"), _):
            yield "a huge number", "9" * 40
            yield "a word", "certify"
        case _, {"format": "date" | "date-time"}:
            yield "the year 0000", "0000-00-00T00:00:00Z"
            yield "the year 9999", "9999-12-31T23:59:60Z"
        case _:
            yield "a NUL byte", "\0"
