"""What travels through the sandbox: the call that came in, who makes it, and the answer that goes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from certify.sandbox.document import Operation
    from certify.sandbox.limiter import Allowance


@dataclass(frozen=True)
class Caller:
    """Who is asking, as the access token says (RFC 9068 §2.2)."""

    subject: str
    client_id: str
    tenant: str
    scopes: tuple[str, ...]


ANONYMOUS = Caller("", "", "", ())


@dataclass
class Call:
    """One request. The steps fill it in from top to bottom: ``caller``, ``allowance``, ``inputs``, ``body``.

    ``operation`` is None when no operation was found; ``allowed`` then names the methods of the path, if there is one.
    Header names are lower-case; a repeated field is joined with ``", "`` (RFC 9110 §5.3).
    """

    method: str
    path: str
    request_id: str
    operation: Operation | None = None
    allowed: tuple[str, ...] = ()
    path_values: Mapping[str, str] = field(default_factory=dict)
    query: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""
    too_large: bool = False
    source: str = ""
    caller: Caller = ANONYMOUS
    allowance: Allowance | None = None
    inputs: dict[str, Any] = field(default_factory=dict)
    body: Any = None

    @property
    def served(self) -> Operation:
        """The operation; only asked for once it is known that there is one."""
        assert self.operation is not None
        return self.operation


@dataclass
class Answer:
    """A response before it is bytes. ``body`` is a JSON document, or text if ``media_type`` is not JSON."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    media_type: str = "application/json"
    empty: bool = False


def no_content() -> Answer:
    """204 has no content (RFC 9110 §15.3.5)."""
    return Answer(204, empty=True)
