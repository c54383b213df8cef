"""From a confirmed cause to a finding that a person can act on."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from certify.contract.validation import Violation
from certify.model.outcome import Finding, Weight
from certify.sources.contract.candidates import Cause
from certify.sources.contract.confirm import Confirmed, media_type
from certify.sources.contract.facts import OperationFacts

_CLAUSES = {
    "not_a_server_error": "RFC 9110 §15.6",
    "status_code_conformance": "OpenAPI 3.1.2 Responses Object",
    "response_schema_conformance": "OpenAPI 3.1.2 Schema Object; JSON Schema 2020-12",
    "response_headers_conformance": "OpenAPI 3.1.2 Header Object",
    "content_type_conformance": "RFC 9110 §8.3; OpenAPI 3.1.2 Media Type Object",
    "positive_data_acceptance": "OpenAPI 3.1.2 Request Body Object, Parameter Object",
    "negative_data_rejection": "RFC 9110 §15.5.1",
    "ignored_auth": "RFC 9110 §15.5.2",
}
_ADVICE = {
    "not_a_server_error": "Send the request below again and read the server's log at that moment: something in it is "
    "used before it is checked. Answer 400 or 422 and say which member is wrong.",
    "status_code_conformance": "Document this status on the operation, or answer with one that is documented.",
    "response_schema_conformance": "Let the body match its schema at this pointer, or correct the schema.",
    "response_headers_conformance": "Send each header that the contract requires, in the form that it gives.",
    "content_type_conformance": "Label the body with a media type that the contract documents for this status.",
    "positive_data_acceptance": "The contract allows this input. Accept it, or say in the schema what is not allowed.",
    "negative_data_rejection": "The contract forbids this input. Validate it before it is used, and answer 400 or 422.",
    "ignored_auth": "Put the operation behind the authentication that the contract names: answer 401 with "
    "WWW-Authenticate.",
}


def finding(
    confirmed: Confirmed,
    facts: Mapping[str, OperationFacts],
    violations: list[Violation],
    never_accepted: Collection[str] = (),
) -> Finding:
    """The finding for a confirmed cause. ``violations`` are those of the body that came back, if any."""
    cause = confirmed.cause
    expected, actual = _compared(confirmed, facts.get(confirmed.label), violations)
    where = [facts[label].id if label in facts else label for label in sorted(cause.operations)]
    return Finding(
        expected=expected,
        actual=actual + _sightings(confirmed),
        pointer=violations[0].pointer if violations and cause.kind == "JsonSchemaError" else _pointer(cause),
        clause="RFC 9110 §15; RFC 9112 §8, §9.6" if cause.kind == "NoAnswer" else _CLAUSES.get(cause.check, ""),
        exchanges=confirmed.exchanges,
        advice=_ADVICE.get(cause.check, ""),
        weight=Weight.ADVISORY if is_advisory(cause, never_accepted) else Weight.VIOLATION,
        operations=tuple(where),
        cause=cause.fingerprint,
        oracle=f"engine {cause.kind} {'header' if _about_a_header(cause) else ''}".rstrip(),
    )


def _about_a_header(cause: Cause) -> bool:
    return "header" in cause.detail.get("title", "").lower()


def is_advisory(cause: Cause, never_accepted: Collection[str] = ()) -> bool:
    """What is worth telling and no reason to fail. ``never_accepted`` are operations that no valid input succeeded on.


    An undocumented client error; the label of an error body (its form is for ``error.format-valid``); made-up
    credentials that were accepted (for ``auth.bad-signature-rejected``; here, none at all must be refused); a query
    parameter that was ignored or corrected, as the suites' half of the check has it: RFC 9110 §15.5.1 lets a server
    refuse such a request, and does not make it.
    """
    status = int(cause.detail.get("status") or 0)
    match cause.kind:
        case "UndefinedStatusCode" | "UndefinedContentType" | "MissingContentType" | "MalformedMediaType":
            return 400 <= status < 500
        case "RejectedPositiveData":
            # Nothing that was made up was good enough for it: it was not exercised, and that counts against coverage.
            return set(cause.operations) <= set(never_accepted)
        case "NoAnswer":
            # A connection may be closed upon what is no proper request (RFC 9112 §9.6); valid input has an answer.
            return cause.detail.get("mode") != "positive"
        case "AcceptedNegativeData":
            return cause.detail.get("place") == "query"
        case "IgnoredAuth":
            return cause.detail.get("scenario") != "no_auth"
        case _:
            return False


def _compared(confirmed: Confirmed, facts: OperationFacts | None, violations: list[Violation]) -> tuple[str, str]:
    cause, status = confirmed.cause, confirmed.reply.status if confirmed.reply else confirmed.sample.status
    detail = cause.detail
    match cause.kind:
        case "ServerError" | "ContentTypeServerError":
            return "an answer below 500 to any input", f"{status}"
        case "NoAnswer":
            return "an answer to any input", "no answer: the connection was closed upon the request"
        case "UndefinedStatusCode":
            return _documented(cause, facts), f"{status}"
        case "JsonSchemaError" if violations:
            return violations[0].expected, f"{violations[0].actual} in the body of {status}{_elsewhere(cause)}"
        case "MissingHeaders":
            return f"required header {detail.get('missing', '')}", f"{status} without it"
        case "UndefinedContentType" | "MissingContentType" | "MalformedMediaType":
            sent = media_type(confirmed.reply.headers if confirmed.reply else confirmed.sample.answered)
            return "a media type that the contract documents", f"{sent or 'no Content-Type'} on {status}"
        case "MalformedJson":
            return "a body that is JSON, as its Content-Type says", f"a body of {status} that is not"
        case "AcceptedNegativeData":
            return "a refusal (4xx)", f"{status} to invalid input: {_what_is_invalid(confirmed)}"
        case "RejectedPositiveData":
            return "a success: the input keeps its schema", f"{status}: {confirmed.sample.answer[:200]}".rstrip(": ")
        case "IgnoredAuth":
            who = "without credentials" if detail.get("scenario") == "no_auth" else "with made-up credentials"
            return "401 (or 403)", f"{status} {who}"
        case _:
            message = detail.get("message", detail.get("title", cause.kind)).split("\n", 1)[0]
            return "an answer that keeps the contract", f"{message[:300]} in {status}{_elsewhere(cause)}"


def _documented(cause: Cause, facts: OperationFacts | None) -> str:
    """The statuses of the one operation, or of one among many."""
    listed = ", ".join(facts.documented) if facts else ""
    if len(cause.operations) == 1 or facts is None:
        return f"one of {listed}" if listed else "a documented status"
    return f"a status that the operation documents ({facts.id}: {listed})"


def _what_is_invalid(confirmed: Confirmed) -> str:
    """All kinds of it that were seen, and what is invalid about the one request that is shown."""
    cause, wrong = confirmed.cause, " ".join(confirmed.sample.wrong.split())
    kinds, place = cause.detail.get("violation", "").replace("_", " "), cause.detail.get("place", "")
    return f"{kinds} in {place}".strip() + (f" (here: {wrong[:160]})" if wrong else "")


def _elsewhere(cause: Cause) -> str:
    members = cause.detail.get("members", "")
    return f"; the same in {members}" if ", " in members else ""


def _pointer(cause: Cause) -> str:
    path = cause.detail.get("instance_path", "")
    return f"/{path}" if path else ""


def _sightings(confirmed: Confirmed) -> str:
    """How often it was seen, where not again; what got no second answer is not called unstable."""
    if confirmed.reproduced:
        return ""
    count = confirmed.cause.count
    seen = "seen once" if count == 1 else f"seen {count} times"
    if confirmed.untested:
        return f"; {seen}, not confirmed: {confirmed.spent or 'nothing answered when it was sent again'}"
    return f"; {seen}, not when {'it' if count == 1 else 'one of these requests'} was sent again by itself"
