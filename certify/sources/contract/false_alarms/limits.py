"""The limiter spoke, or the server in front: not the operation."""

from __future__ import annotations

from certify.model.exchange import header
from certify.sources.contract.candidates import NO_ANSWER, Candidate
from certify.sources.contract.facts import OperationFacts
from certify.sources.contract.false_alarms.rules import own_method, refused_valid, rule


@rule("RFC 6585 §4")
def throttled(candidate: Candidate, facts: OperationFacts) -> bool:
    """429, and 503 with Retry-After: the limiter spoke, not the operation. The rate checks look at limiters."""
    asked_to_wait = header(candidate.sample.answered, "Retry-After") is not None
    return candidate.sample.status == 429 or (candidate.sample.status == 503 and asked_to_wait)


@rule("RFC 9110 §15.6.2")
def method_not_implemented(candidate: Candidate, facts: OperationFacts) -> bool:
    """501 for a method that the contract does not offer there: lawful, and not a crash."""
    return candidate.sample.status == 501 and not own_method(candidate, facts)


@rule("RFC 9110 §15.5.6, §9.3.7, §9.3.8")
def method_not_in_the_contract(candidate: Candidate, facts: OperationFacts) -> bool:
    """An answer to a method that the contract does not offer: the framework spoke, not the operation.

    Frameworks answer HEAD, OPTIONS and TRACE by themselves, OPTIONS without credentials (CORS preflight), 405 in their
    own words. A crash stays a crash.
    """
    return not own_method(candidate, facts) and candidate.check != "not_a_server_error"


@rule("RFC 9110 §9.3.2")
def head_has_no_content(candidate: Candidate, facts: OperationFacts) -> bool:
    """The answer to HEAD has no content, whatever the contract says of it."""
    about_content = candidate.check in ("response_schema_conformance", "content_type_conformance")
    return candidate.sample.method == "HEAD" and about_content


@rule("RFC 9110 §15.5.14, §15.5.15; RFC 6585 §5")
def larger_than_a_server_takes(candidate: Candidate, facts: OperationFacts) -> bool:
    """413, 414 or 431 to valid data: every server has a limit, and schemas without a maximum exceed any."""
    return refused_valid(candidate) and candidate.sample.status in (413, 414, 431)


@rule("RFC 9112 §3, §5.5")
def refused_by_the_server_in_front(candidate: Candidate, facts: OperationFacts) -> bool:
    """400, 414 or 431 in plain text, in HTML or without a body to control characters or oversized lines in the head.

    The HTTP server refuses such a head before the application sees it, so the contract does not bind the answer.
    """
    if candidate.sample.status not in (400, 414, 431) or not _unusual_head(candidate):
        return False
    media_type = (header(candidate.sample.answered, "Content-Type") or "text/plain").lower()
    return media_type.startswith(("text/plain", "text/html"))


@rule("RFC 9112 §2.2, §9.6")
def closed_upon_a_strange_head(candidate: Candidate, facts: OperationFacts) -> bool:
    """No answer, but a closed connection, to control characters or oversized lines in the head: a server may do so."""
    return candidate.kind == NO_ANSWER and _unusual_head(candidate)


def _unusual_head(candidate: Candidate) -> bool:
    values = [candidate.sample.url, *(value for _, value in candidate.sample.headers)]
    return any(
        len(value) > 4096 or any(ord(char) < 32 or ord(char) > 126 for char in value) or "%0" in value
        for value in values
    )
