"""The evidence of one job: every exchange, redacted, appended in batches.

A request of the engine costs a few milliseconds, and a ``write`` may cost one of them; so lines are chained like any
writer's and handed to the kernel together, whenever the engine has finished a scenario. What a killed job had not
handed over yet is lost with the job, whose checks stay silent anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from certify.http.recorder import CAPTURE_LIMIT
from certify.http.redaction import Redactor
from certify.model.exchange import Headers
from certify.rundir import Writer
from certify.sources.contract.engine import Seen

BATCH = 262_144
"""Bytes that are held back at most, however long a scenario is."""


class BatchWriter(Writer):
    """A writer that hands over many lines at once. A batch is written whole, or reported."""

    def __init__(self, path: Path, name: str) -> None:
        super().__init__(path, name)
        self._waiting = bytearray()

    def append(self, record: Mapping[str, Any]) -> None:
        self._waiting += self.line(record)
        if len(self._waiting) > BATCH:
            self.flush()

    def flush(self) -> None:
        """Hand over what waits."""
        data, self._waiting = bytes(self._waiting), bytearray()
        if data:
            self.hand_over(data)

    def close(self) -> None:
        self.flush()
        super().close()


class Tape:
    """Redacts and appends what the engine sent and got. One per job; ``redactor`` learns what signs requests."""

    def __init__(self, exchanges: Path, job: str, redactor: Redactor) -> None:
        self.redactor = redactor
        self._writer = BatchWriter(exchanges, job)

    def record(self, seen: Seen, *, check: str, operation: str, identity: str, signed: str) -> str:
        """Append one exchange and return its id. The shape is :class:`certify.model.exchange.Exchange`'s."""
        mark = f"{self._writer.name}-{self._writer.count + 1:06d}"
        request, response = seen.request, seen.response
        self._writer.append(
            {
                "id": mark,
                "check": check,
                "operation": operation,
                "identity": identity,
                "purpose": "generated",
                "request": {
                    "method": request.method,
                    "url": self.redactor.text(request.url),
                    "headers": self._headers(request.headers),
                    "body": None if request.body is None else self._cut(request.body)[0],
                },
                "started": round(seen.started, 6),
                "response": self._response(seen) if response else None,
                "error": None if response else "no answer",
                "tags": [],
                "signed": signed,
            }
        )
        return mark

    def flush(self) -> None:
        self._writer.flush()

    def close(self) -> None:
        self._writer.close()

    def _response(self, seen: Seen) -> dict[str, Any]:
        response = seen.response
        assert response is not None
        body, cut = self._cut(response.body)
        return {
            "status": response.status,
            "headers": self._headers(response.headers),
            "body": body,
            "seconds": response.seconds,
            "truncated": cut or response.truncated,
        }

    def _headers(self, headers: Headers) -> list[tuple[str, str]]:
        return list(self.redactor.headers(headers))

    def _cut(self, body: str) -> tuple[str, bool]:
        # Redact first: a cut through the middle of a secret would hide it from the patterns.
        body = self.redactor.text(body)
        return body[:CAPTURE_LIMIT], len(body) > CAPTURE_LIMIT
