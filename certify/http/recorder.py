"""Every request is evidence: redacted, and appended to the run directory before the caller sees the reply."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from certify.http.redaction import Redactor
from certify.model.codec import encode
from certify.model.exchange import Exchange, Headers, ReceivedResponse, SentRequest
from certify.rundir import EXCHANGES, Writer

CAPTURE_LIMIT = 16_384
"""Characters of a body that are kept as evidence; the length of what was cut is not."""
MARGIN = 4_096
"""Characters beyond the limit that are redacted too, so that a secret is whole where it crosses the limit."""


@dataclass
class Context:
    """What the next exchanges are for: set by whoever drives, written into each exchange."""

    check: str = ""
    purpose: str = "probe"


class Recorder:
    """Redacts and appends exchanges. Thread-safe; one per process. Without a run directory it keeps only counts."""

    def __init__(self, directory: Path | None, writer: str, redactor: Redactor) -> None:
        self.redactor = redactor
        self.context = Context()
        self.count = 0
        self._prefix = writer
        self._writer = Writer(directory / EXCHANGES, writer) if directory else None
        self._lock = threading.Lock()

    def record(
        self,
        request: SentRequest,
        response: ReceivedResponse | str,
        *,
        identity: str,
        operation: str | None,
        started: float,
        purpose: str = "",
        tags: tuple[str, ...] = (),
        signed: str = "",
    ) -> str:
        """Append one exchange and return its id; a string in place of a response is a transport error."""
        with self._lock:
            self.count += 1
            number = self._writer.count + 1 if self._writer else self.count
            exchange = Exchange(
                id=f"{self._prefix}-{number:06d}",
                check=self.context.check,
                operation=operation,
                identity=identity,
                purpose=purpose or self.context.purpose,
                request=self._redact_request(request),
                started=round(started, 6),
                response=None if isinstance(response, str) else self._redact_response(response),
                error=self.redactor.text(response) if isinstance(response, str) else None,
                tags=tags,
                signed=signed,
            )
            if self._writer:
                self._writer.append(encode(exchange))
        return exchange.id

    def continue_in(self, directory: Path, writer: str) -> None:
        """Record from now on; what was sent before the run directory was there stays unrecorded."""
        with self._lock:
            self._prefix, self._writer = writer, Writer(directory / EXCHANGES, writer)

    def close(self) -> None:
        if self._writer:
            self._writer.close()

    def _redact_request(self, request: SentRequest) -> SentRequest:
        body = None if request.body is None else self._cut(request.body)[0]
        return SentRequest(request.method, self.redactor.text(request.url), self._headers(request.headers), body)

    def _redact_response(self, response: ReceivedResponse) -> ReceivedResponse:
        body, cut = self._cut(response.body)
        return ReceivedResponse(
            response.status, self._headers(response.headers), body, response.seconds, cut or response.truncated
        )

    def _headers(self, headers: Headers) -> Headers:
        return self.redactor.headers(headers)

    def _cut(self, body: str) -> tuple[str, bool]:
        # Redact, then cut: half a secret is unknown to the patterns. The margin goes last, with what it cut in half.
        margin = max(MARGIN, self.redactor.longest)
        if len(body) <= CAPTURE_LIMIT + margin:
            body = self.redactor.text(body)
            return body[:CAPTURE_LIMIT], len(body) > CAPTURE_LIMIT
        told = self.redactor.text(body[: CAPTURE_LIMIT + margin])
        return told[: min(CAPTURE_LIMIT, len(told) - margin)], True
