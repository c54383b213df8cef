"""Errors: every one of them is a problem detail (RFC 9457), whichever layer made it.

A kind of problem is one row of :data:`KINDS`: its slug ends the ``type``, its title never changes (§3.1.3: "SHOULD NOT
change from occurrence to occurrence"), and its status is the status of the response (§3.1.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from certify.sandbox.call import Answer, Call

BASE = "https://problems.partner.example/"
MEDIA_TYPE = "application/problem+json"

KINDS: Mapping[str, tuple[int, str]] = {
    "malformed-request": (400, "The request cannot be read"),
    "malformed-json": (400, "The body is not JSON"),
    "invalid-parameter": (400, "A parameter does not fit"),
    "missing-token": (401, "An access token is needed"),
    "invalid-token": (401, "The access token is not valid"),
    "insufficient-scope": (403, "The access token lacks a scope"),
    "not-found": (404, "Not found"),
    "unknown-route": (404, "There is nothing here"),
    "method-not-allowed": (405, "The method is not supported here"),
    "conflict": (409, "The state of the object does not allow this"),
    "precondition-failed": (412, "The object has changed"),
    "content-too-large": (413, "The body is too large"),
    "unsupported-media-type": (415, "The media type is not supported"),
    "invalid-body": (422, "The body does not fit the contract"),
    "idempotency-key-reused": (422, "The idempotency key was used with another request"),
    "precondition-required": (428, "If-Match is required"),
    "quota-exceeded": (429, "Too many requests"),
    "internal-error": (500, "Something went wrong on our side"),
    "not-implemented": (501, "Not implemented"),
    "unavailable": (503, "Try again later"),
}


class ProblemError(Exception):
    """Ends a call with the problem of that kind.

    ``errors`` are rows of ``in``, ``pointer`` and ``reason``; ``extensions`` are further members (RFC 9457 §3.2).
    """

    def __init__(
        self,
        kind: str,
        detail: str = "",
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        extensions: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})
        self.extensions = dict(extensions or {})


def document(problem: ProblemError, request_id: str) -> dict[str, Any]:
    """The members of RFC 9457 §3.1, the request id, and what exactly did not fit."""
    status, title = KINDS[problem.kind]
    body: dict[str, Any] = {"type": BASE + problem.kind, "title": title, "status": status}
    if problem.detail:
        body["detail"] = problem.detail
    body["request_id"] = request_id
    if problem.errors:
        body["errors"] = list(problem.errors)
    return body | problem.extensions


def render(problem: ProblemError, call: Call) -> Answer:
    """The answer to a call that ended with a problem."""
    status = KINDS[problem.kind][0]
    return Answer(status, document(problem, call.request_id), dict(problem.headers), MEDIA_TYPE)
