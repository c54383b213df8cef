"""One request as Depot sees it, and what it answers; refusals are exceptions on their way to an envelope."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NOTHING = object()
"""No body at all; ``None`` is the JSON value null."""


@dataclass(frozen=True)
class Key:
    """An API key: whose it is, and what it may do (``read``, ``write``, ``admin``)."""

    text: str
    company: str
    rights: frozenset[str]


NOBODY = Key("", "", frozenset())


@dataclass
class Asked:
    """A request. ``values`` are the path's parameters; ``key`` and ``body`` are found by the steps."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: Mapping[str, str]
    raw: bytes = b""
    route: Any = None
    values: dict[str, str] = field(default_factory=dict)
    key: Key = NOBODY
    body: Any = NOTHING

    def given(self, name: str) -> str | None:
        """A query parameter, the first where it is repeated."""
        return next((value for found, value in self.query if found == name), None)


@dataclass
class Answer:
    """An answer; ``raw`` replaces the JSON of ``content``."""

    status: int
    content: Any = NOTHING
    headers: dict[str, str] = field(default_factory=dict)
    media: str = "application/json"
    raw: bytes | None = None

    def payload(self) -> bytes:
        if self.raw is not None:
            return self.raw
        return b"" if self.content is NOTHING else json.dumps(self.content, ensure_ascii=False).encode()


class RefusedError(Exception):
    """A refusal: status, a code for programs, a text for people."""

    def __init__(self, status: int, code: str, text: str = "", **headers: str) -> None:
        super().__init__(code)
        self.status, self.code, self.text = status, code, text or code.replace("_", " ")
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
