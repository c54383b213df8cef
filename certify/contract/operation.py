"""One operation of the contract, with references resolved far enough to read it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
SERVER = "x-server"
"""Where the prepared document says that an operation is called, if not at the base URL."""
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Parameter:
    """A parameter. ``place`` is path, query, header or cookie; ``example`` is the contract's own, or None.

    ``style`` and ``explode`` say how a list or an object is written (OpenAPI 3.1 §4.8.12.2); where ``media_type`` is
    given, the value is written in it instead.
    """

    name: str
    place: str
    required: bool
    schema: Mapping[str, Any]
    example: Any = None
    style: str = "form"
    explode: bool = True
    media_type: str = ""


@dataclass(frozen=True)
class Body:
    """A request body in its preferred media type. ``pointer`` locates the schema in the document (RFC 6901)."""

    media_type: str
    required: bool
    schema: Mapping[str, Any]
    pointer: str
    examples: tuple[Any, ...] = ()
    encoding: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """A documented response: schema pointers by media type, headers by name, links by name, examples by media type."""

    status: str
    media: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    links: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    examples: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Operation:
    """``id`` is the ``operationId``, or ``METHOD /path`` where the contract gives none. Compared by identity.

    ``security`` lists the alternatives (OpenAPI 3.1 §4.8.30): each maps a scheme's name to scopes. Empty: public.
    ``server`` is empty where the operation is called at the base URL, as nearly all are.
    """

    id: str
    method: str
    path: str
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    security: tuple[Mapping[str, tuple[str, ...]], ...] = ()
    summary: str = ""
    deprecated: bool = False
    server: str = ""

    @property
    def address(self) -> str:
        """The path template that a call fills in, with the server before it where that is not the base URL."""
        return self.server + self.path

    @property
    def secured(self) -> bool:
        """Whether a credential is demanded: an empty alternative makes it optional, hence public."""
        return bool(self.security) and all(self.security)

    @property
    def safe(self) -> bool:
        return self.method in ("GET", "HEAD", "OPTIONS")

    @property
    def scopes(self) -> tuple[tuple[str, ...], ...]:
        """The alternatives of scopes, each of which suffices. Empty where no scope is demanded."""
        found = tuple(tuple(scope for names in option.values() for scope in names) for option in self.security)
        return found if all(found) else ()

    @property
    def successes(self) -> tuple[int, ...]:
        """The documented 2xx statuses; where there are none, the documented redirects."""
        documented = [int(status) for status in self.answers if status.isdigit()]
        for low in (200, 300):
            if found := tuple(status for status in documented if low <= status < low + 100):
                return found
        return ()

    @property
    def path_parameters(self) -> tuple[Parameter, ...]:
        """One for each name in the path, also where the contract forgot to declare it."""
        declared = {item.name: item for item in self.parameters if item.place == "path"}
        names = re.findall(r"{([^}]+)}", self.path)
        return tuple(declared.get(name, Parameter(name, "path", True, {"type": "string"})) for name in names)

    def parameter(self, name: str, place: str) -> Parameter | None:
        """A parameter by name; header names compare without regard to case."""
        same = str.lower if place == "header" else str
        return next((p for p in self.parameters if p.place == place and same(p.name) == same(name)), None)

    def answer(self, status: int) -> Answer | None:
        """What the contract says of a status: itself, its class (``4XX``), or ``default`` (OpenAPI 3.1 §4.8.16)."""
        for key in (str(status), f"{status // 100}XX", f"{status // 100}xx", "default"):
            if key in self.answers:
                return self.answers[key]
        return None
