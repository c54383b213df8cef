"""What no schema can say of valid data: what exists, what is taken, and which state things are in."""

from __future__ import annotations

import re

from certify.sources.contract.candidates import Candidate
from certify.sources.contract.facts import CONDITIONAL, OperationFacts
from certify.sources.contract.false_alarms.rules import (
    about_acceptance,
    addresses_things,
    body_text,
    changes,
    query_text,
    refused_valid,
    rule,
)

_REFERENCE = re.compile(r"\b(\w*?)(_ids?|_ref|_uuid|Ids?|Ref|Uuid|_slug|_key)\b(?=\"?\s*[:=])")
_TAKEN = re.compile(
    r"\balready\b|\bduplicate|\bunique\b|\buniqueness\b|\b(is|been) (taken|used|registered)\b|\bin use\b|\bexists\b",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"\b(no such|not found|unknown|does not exist|doesn't exist|cannot find|could not find|non-?existent)\b",
    re.IGNORECASE,
)


@rule("RFC 9110 §15.5.5, §15.5.11")
def nothing_there(candidate: Candidate, facts: OperationFacts) -> bool:
    """404 or 410 to a path whose values were generated: no schema can promise that they name something.

    Whether the contract documents the 404 is for ``contract.status-documented``.
    """
    return refused_valid(candidate) and candidate.sample.status in (404, 410) and addresses_things(facts)


@rule("RFC 9110 §15.5.10")
def conflict_with_the_state_of_things(candidate: Candidate, facts: OperationFacts) -> bool:
    """409 to a change: what it conflicts with is in the server, not in the schema."""
    return refused_valid(candidate) and candidate.sample.status == 409 and changes(facts)


@rule("RFC 9110 §15.5.5")
def documented_absence(candidate: Candidate, facts: OperationFacts) -> bool:
    """404, 409 or 410 where the contract says that it may happen: it is about things, not about input."""
    documented = facts.documents(candidate.sample.status)
    return refused_valid(candidate) and candidate.sample.status in (404, 409, 410) and documented


@rule("RFC 9110 §15.5.21")
def named_reference_to_nothing(candidate: Candidate, facts: OperationFacts) -> bool:
    """A documented 400 or 422 whose answer names a member of the request that refers to something (``owner_id``).

    What it refers to was generated, and does not exist. The answer may also name what it did not find: ``no such
    owner``. One that names nothing, or another member, is no excuse.
    """
    if not (_refused_as_documented(candidate, facts)):
        return False
    answer = candidate.sample.answer
    references = _REFERENCE.findall(query_text(candidate) + " " + body_text(candidate))
    named = any(stem + suffix in answer for stem, suffix in references)
    lacking = _NOTHING.search(answer) and any(stem and stem.lower() in answer.lower() for stem, _ in references)
    return named or bool(lacking)


@rule("RFC 9110 §15.5.10, §15.5.21")
def taken_already(candidate: Candidate, facts: OperationFacts) -> bool:
    """A documented 400 or 422 to a change, whose answer says that something exists already or has to be unique."""
    said = _TAKEN.search(candidate.sample.answer)
    return _refused_as_documented(candidate, facts) and changes(facts) and said is not None


@rule("JSON Schema 2020-12 Validation §7")
def format_of_the_partners_own(candidate: Candidate, facts: OperationFacts) -> bool:
    """Valid data refused as documented or with 400, where it carries a member in a ``format`` that nobody else knows.

    What was generated for it is any text, which the schema allows and the format may not.
    """
    if not refused_valid(candidate) or candidate.sample.status not in (400, 422) or not facts.odd_formats:
        return False
    sent = f"{query_text(candidate)} {body_text(candidate)} {[name.lower() for name, _ in candidate.sample.headers]}"
    return any(name in facts.in_path or name in sent or f"'{name.lower()}'" in sent for name in facts.odd_formats)


@rule("RFC 9110 §13.1.1")
def generated_precondition(candidate: Candidate, facts: OperationFacts) -> bool:
    """412 (or 304) to a precondition that the engine made up: which entity tag is current is not in the schema."""
    return _conditional(candidate) and candidate.sample.status in (304, 412) and about_acceptance(candidate)


@rule("RFC 6585 §3")
def missing_precondition(candidate: Candidate, facts: OperationFacts) -> bool:
    """428 where the precondition was left out: the status exists for exactly this."""
    return not _conditional(candidate) and candidate.sample.status == 428 and about_acceptance(candidate)


@rule("draft-ietf-httpapi-idempotency-key-header-07 §2.7")
def reused_idempotency_key(candidate: Candidate, facts: OperationFacts) -> bool:
    """409 or 422 to an idempotency key that the same operation has seen earlier in the run."""
    return refused_valid(candidate) and candidate.sample.status in (409, 422) and "reused_key" in candidate.detail


def _refused_as_documented(candidate: Candidate, facts: OperationFacts) -> bool:
    status = candidate.sample.status
    return refused_valid(candidate) and status in (400, 422) and facts.documents(status)


def _conditional(candidate: Candidate) -> bool:
    return any(name.lower() in CONDITIONAL for name, _ in candidate.sample.headers)
