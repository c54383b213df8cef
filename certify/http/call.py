"""A prepared request and the answer to it, as the suites see them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from certify.model.exchange import Headers, header

ABSENT: Any = type("Absent", (), {"__repr__": lambda self: "ABSENT"})()
"""A body that is not sent at all; ``None`` is the JSON value null."""


@dataclass(frozen=True)
class Call:
    """A request ready to be sent, relative to the base URL, without credentials.

    ``path`` is already filled in, ``query`` ordered pairs. ``body`` is a JSON value, a form (with ``media_type``
    ``application/x-www-form-urlencoded``), bytes sent as they are, or :data:`ABSENT`. ``expects`` are the success
    statuses that the contract documents.
    """

    method: str
    path: str
    operation: str | None = None
    query: tuple[tuple[str, str], ...] = ()
    headers: Headers = ()
    body: Any = ABSENT
    media_type: str = "application/json"
    expects: tuple[int, ...] = ()

    @property
    def safe(self) -> bool:
        """Whether the method promises no effect (RFC 9110 §9.2.1)."""
        return self.method in ("GET", "HEAD", "OPTIONS")

    def header(self, name: str) -> str | None:
        return header(self.headers, name)

    def with_body(self, body: Any) -> Call:
        return replace(self, body=body)

    def with_method(self, method: str) -> Call:
        return replace(self, method=method)

    def with_path(self, path: str) -> Call:
        return replace(self, path=path)

    def with_header(self, name: str, value: str) -> Call:
        return replace(self, headers=(*self.without_header(name).headers, (name, value)))

    def without_header(self, name: str) -> Call:
        return replace(self, headers=tuple(pair for pair in self.headers if pair[0].lower() != name.lower()))

    def with_query(self, **values: str) -> Call:
        kept = tuple(pair for pair in self.query if pair[0] not in values)
        return replace(self, query=kept + tuple(values.items()))

    def content(self) -> bytes | None:
        """The body as bytes, or None where nothing is sent."""
        if self.body is ABSENT:
            return None
        if isinstance(self.body, bytes):
            return self.body
        if self.media_type == "application/x-www-form-urlencoded" and isinstance(self.body, Mapping):
            return urlencode(self.body, doseq=True).encode()
        return json.dumps(self.body, ensure_ascii=False).encode()

    def target(self) -> str:
        """Path and query as they go on the wire."""
        return self.path + ("?" + urlencode(self.query) if self.query else "")


def fill(template: str, values: Mapping[str, Any]) -> str:
    """Put values into a path template, percent-encoded (RFC 3986 §2.1)."""
    for name, value in values.items():
        template = template.replace("{" + name + "}", quote(str(value), safe=""))
    return template


@dataclass(frozen=True)
class Reply:
    """What came back, with the id of the exchange that proves it. ``seconds`` is the whole round trip."""

    status: int
    headers: Headers
    content: bytes
    seconds: float
    exchange: str
    call: Call
    received: float = 0.0
    notes: tuple[str, ...] = field(default=())

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    @property
    def media_type(self) -> str:
        """Type and subtype in lower case, without parameters; empty where the header is missing."""
        return (self.header("Content-Type") or "").split(";", 1)[0].strip().lower()

    def header(self, name: str) -> str | None:
        return header(self.headers, name)

    def json(self) -> Any:
        """The body as JSON, or :data:`ABSENT` where it is not JSON."""
        return parse_json(self.content)

    def at(self, pointer: str) -> Any:
        """The value at a JSON Pointer (RFC 6901), or :data:`ABSENT`."""
        return resolve_pointer(self.json(), pointer)

    def __str__(self) -> str:
        try:
            return f"{self.status} {HTTPStatus(self.status).phrase}"
        except ValueError:
            return str(self.status)


def parse_json(text: str | bytes) -> Any:
    """A text as JSON, or :data:`ABSENT` where it is not JSON or is nested too deep to be read."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return ABSENT


def resolve_pointer(value: Any, pointer: str) -> Any:
    """The value at a JSON Pointer (RFC 6901), or :data:`ABSENT`."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            return ABSENT
    return value
