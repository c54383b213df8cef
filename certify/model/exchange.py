"""One request and its response (or transport error), as data, redacted when captured."""

from __future__ import annotations

from dataclasses import dataclass, field

Headers = tuple[tuple[str, str], ...]


def header(headers: Headers, name: str) -> str | None:
    """The first value of a header; names compare without regard to case (RFC 9110 §5.1)."""
    return next((value for key, value in headers if key.lower() == name.lower()), None)


@dataclass(frozen=True)
class SentRequest:
    """What went out. ``url`` is absolute; ``body`` is text, cut at the capture limit, or None."""

    method: str
    url: str
    headers: Headers = ()
    body: str | None = None


@dataclass(frozen=True)
class ReceivedResponse:
    """What came back. ``seconds`` run from the first byte sent to the last received."""

    status: int
    headers: Headers = ()
    body: str = ""
    seconds: float = 0.0
    truncated: bool = False


@dataclass(frozen=True)
class Exchange:
    """One line of ``exchanges.ndjson``.

    Exactly one of ``response`` and ``error`` is set. ``id`` is unique in a run (``s-000042``: writer and number),
    ``check`` names the check that caused it, ``purpose`` why it was sent: ``control``, ``probe``, ``setup``,
    ``sign-in``, ``cleanup`` or ``generated``. ``started`` is seconds since the epoch. ``signed`` names the identity
    whose own credentials it carried, empty where they were spoiled, made up or left out: the record itself has none.
    """

    id: str
    check: str
    operation: str | None
    identity: str
    purpose: str
    request: SentRequest
    started: float
    response: ReceivedResponse | None = None
    error: str | None = None
    tags: tuple[str, ...] = field(default=())
    signed: str = ""
