"""What clients, servers and formats do to a request on its way: the operation never saw what was meant."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl, unquote, urlsplit

from certify.http.call import ABSENT, parse_json
from certify.model.exchange import header
from certify.sources.contract.candidates import Candidate
from certify.sources.contract.facts import OperationFacts
from certify.sources.contract.false_alarms.rules import (
    about_acceptance,
    accepted_invalid,
    body_text,
    breaks,
    query_text,
    refused_valid,
    rule,
    sent_media_type,
)

_CLIENTS_OWN = frozenset(
    ("host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect",
     "content-type", "accept", "accept-encoding", "authorization", "user-agent", "cookie")
)  # fmt: skip
"""Headers that HTTP clients write themselves, or that OpenAPI takes no parameter for (OpenAPI 3.1.1 §4.8.12.2)."""
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]|\\u00[01]")
_HUGE_NUMBER = re.compile(r"(?<![\w.\"])-?(\d{16,}|\d+(\.\d+)?e[+-]?\d{2,})", re.IGNORECASE)


@rule("OpenAPI 3.1.1 §4.8.12.2; RFC 9110 §7.2, §8.6")
def rewritten_by_the_client(candidate: Candidate, facts: OperationFacts) -> bool:
    """A header that the HTTP client writes itself (Host, Content-Length …) can be neither left out nor bent."""
    return about_acceptance(candidate) and candidate.detail.get("parameter", "").lower() in _CLIENTS_OWN


@rule("RFC 9110 §5.5")
def header_value_does_not_travel(candidate: Candidate, facts: OperationFacts) -> bool:
    """Spaces around a header's value are not part of it, an empty one may be dropped, and beyond ASCII it is opaque.

    So invalid values may arrive valid, and valid ones as something else.
    """
    if not about_acceptance(candidate):
        return False
    about = candidate.detail.get("parameter", "").lower()
    if accepted_invalid(candidate) and candidate.detail.get("place") != "header":
        return False
    values = [value for name, value in candidate.sample.headers if not about or name.lower() == about]
    return any(
        not value or value != value.strip() or not value.isascii() or not value.isprintable() for value in values
    )


@rule("RFC 3986 §6.2.2; RFC 9110 §4.2.3")
def path_of_another_operation(candidate: Candidate, facts: OperationFacts) -> bool:
    """An empty path value, ``.``, ``..`` or an encoded slash make the path of another operation, or of none.

    Clients remove dot segments, many servers decode ``%2F`` before they route. Crashes stay crashes.
    """
    if candidate.check == "not_a_server_error" or "{" not in facts.label:
        return False
    path = urlsplit(candidate.sample.url).path
    ambiguous = re.search(r"%2f|%5c|//|%2e|/\.\.?(?=/|$)", path, re.IGNORECASE) is not None
    return ambiguous or not _fits(path, facts.label.partition(" ")[2])


@rule("WHATWG URL §5; OpenAPI 3.1.1 §4.8.14.4")
def empty_in_a_form(candidate: Candidate, facts: OperationFacts) -> bool:
    """An empty field of a form, or of the query, counts as absent for most parsers: it is neither text nor null."""
    pairs = parse_qsl(urlsplit(candidate.sample.url).query, keep_blank_values=True)
    if sent_media_type(candidate) in _FORMS:
        body = body_text(candidate)
        if refused_valid(candidate) and (
            not body.strip() or re.search(r'name="[^"]*"\r\n(?:[^\r\n]+\r\n)*\r\n\r\n', body)
        ):
            return True
        pairs += parse_qsl(body, keep_blank_values=True)
    return about_acceptance(candidate) and _about_text(candidate) and any(not value for _, value in pairs)


@rule("OpenAPI 3.1.1 §4.8.14.4, §4.8.12.4")
def same_text_on_the_wire(candidate: Candidate, facts: OperationFacts) -> bool:
    """A number where a form wants text: in a form every value is text, so the invalid value arrives as a valid one."""
    became = "was string, became" in candidate.detail.get("description", "")
    return accepted_invalid(candidate) and sent_media_type(candidate) in _FORMS and became


@rule("OpenAPI 3.1.1 §4.8.12")
def parameter_that_nobody_declared(candidate: Candidate, facts: OperationFacts) -> bool:
    """A query parameter, header or cookie was added: a contract lists what it knows, and forbids none besides."""
    broken = breaks(candidate)
    return accepted_invalid(candidate) and bool(broken) and all(item.adds for item in broken)


@rule("JSON Schema 2020-12 Validation §7.2.1")
def format_is_no_promise(candidate: Candidate, facts: OperationFacts) -> bool:
    """A value in another ``format`` was accepted: format is an annotation, unless the profile asserts it."""
    violation = candidate.detail.get("violation", "")
    return accepted_invalid(candidate) and violation == "invalid_format" and not facts.formats_promised


@rule("RFC 8259 §9")
def characters_that_may_be_refused(candidate: Candidate, facts: OperationFacts) -> bool:
    """Valid data with control characters, NUL among them, or with halves of surrogate pairs, refused with 400 or 422.

    An implementation may set limits on the character contents of strings. A crash on them is still a finding.
    """
    if not refused_valid(candidate) or candidate.sample.status not in (400, 422):
        return False
    sent = [_decoded(body_text(candidate)), query_text(candidate), unquote(urlsplit(candidate.sample.url).path)]
    return any(_CONTROL.search(text) for text in sent)


@rule("RFC 8259 §6, §9")
def numbers_beyond_interoperability(candidate: Candidate, facts: OperationFacts) -> bool:
    """Valid data with numbers beyond 2^53 or with huge exponents, refused with 400 or 422: ranges may be limited."""
    if not refused_valid(candidate) or candidate.sample.status not in (400, 422):
        return False
    sent = [body_text(candidate), query_text(candidate), urlsplit(candidate.sample.url).path.replace("/", " ")]
    return any(_HUGE_NUMBER.search(text) for text in sent)


@rule("RFC 9110 §5.1")
def header_name_in_other_case(candidate: Candidate, facts: OperationFacts) -> bool:
    """A required header that is there, under its name in other letters: field names have no case."""
    missing = [name for name in candidate.detail.get("missing", "").split(", ") if name]
    return candidate.kind == "MissingHeaders" and all(
        header(candidate.sample.answered, name) is not None for name in missing
    )


def _decoded(body: str) -> str:
    """A JSON body with its escapes decoded, so that pairs of surrogates are one character; other bodies as they are."""
    value = parse_json(body)
    return body if value is ABSENT else json.dumps(value, ensure_ascii=False)


def _fits(path: str, template: str) -> bool:
    """Whether a path, below whatever base, is one that the template describes with non-empty values."""
    pattern = "".join("[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"({[^}]+})", template))
    return re.search(pattern + "$", unquote(path), re.DOTALL) is not None


def _about_text(candidate: Candidate) -> bool:
    """Whether it is about what travels as text: the query, or a form."""
    place = candidate.detail.get("place", "")
    return (
        refused_valid(candidate) or place in ("query", "") or (place == "body" and sent_media_type(candidate) in _FORMS)
    )
