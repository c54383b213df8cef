"""Failures of the engine that say nothing against a partner, told apart by rule, never by the name of an operation.

A rule is a small function from a candidate and the facts of its operation to true or false; its docstring is the
explanation, its ``CLAUSE`` the ground it stands on. The first that holds explains the candidate, which is then counted
and dropped. What a rule excuses must be excusable on *every* API: otherwise it belongs in the profile.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from certify.model.exchange import header
from certify.sources.contract.candidates import Candidate
from certify.sources.contract.facts import CONDITIONAL, OperationFacts

_REFERENCE = re.compile(r"\b(\w*(?:_id|_ids|_ref|_uuid|Id|Ids|Ref|Uuid))\b(?=\"?\s*[:=])")

Rule = Callable[[Candidate, OperationFacts], bool]
CLAUSES: dict[str, str] = {}
RULES: dict[str, Rule] = {}


def rule(clause: str) -> Callable[[Rule], Rule]:
    """Register a rule under its function's name."""

    def register(function: Rule) -> Rule:
        name = function.__name__.replace("_", "-")
        RULES[name], CLAUSES[name] = function, clause
        return function

    return register


def explain(candidate: Candidate, facts: OperationFacts) -> str:
    """The name of the first rule that explains a candidate away; empty where none does."""
    return next((name for name, holds in RULES.items() if holds(candidate, facts)), "")


@rule("RFC 6585 §4")
def throttled(candidate: Candidate, facts: OperationFacts) -> bool:
    """429, and 503 with Retry-After: the limiter spoke, not the operation. The rate checks look at limiters."""
    asked_to_wait = header(candidate.sample.answered, "Retry-After") is not None
    return candidate.sample.status == 429 or (candidate.sample.status == 503 and asked_to_wait)


@rule("RFC 9110 §15.6.2")
def method_not_implemented(candidate: Candidate, facts: OperationFacts) -> bool:
    """501 for a method that the contract does not offer there: lawful, and not a crash."""
    return candidate.sample.status == 501 and candidate.sample.method != facts.label.split(" ", 1)[0]


@rule("RFC 9110 §15.5.5, §15.5.10")
def documented_state_of_things(candidate: Candidate, facts: OperationFacts) -> bool:
    """Schema-valid data may name things that do not exist, or meet them in the wrong state: 404, 409, 410, documented.

    No schema can promise that a generated id exists.
    """
    return _refused_valid(candidate) and candidate.sample.status in (404, 409, 410) and _documented(candidate, facts)


@rule("RFC 9110 §15.5.21")
def named_reference_to_nothing(candidate: Candidate, facts: OperationFacts) -> bool:
    """A documented 400 or 422 whose body names a member of the request that refers to something (``owner_id``).

    What it refers to was generated, and does not exist. An answer that names nothing, or another member, is no excuse.
    """
    if not (_refused_valid(candidate) and candidate.sample.status in (400, 422) and _documented(candidate, facts)):
        return False
    return any(name in candidate.sample.answer for name in _references(candidate))


@rule("RFC 9110 §13.1.1")
def generated_precondition(candidate: Candidate, facts: OperationFacts) -> bool:
    """412 (or 304) to a precondition that the engine made up: which entity tag is current is not in the schema."""
    sent = any(name.lower() in CONDITIONAL for name, _ in candidate.sample.headers)
    return sent and candidate.sample.status in (304, 412) and _about_acceptance(candidate)


@rule("RFC 6585 §3")
def missing_precondition(candidate: Candidate, facts: OperationFacts) -> bool:
    """428 where a precondition was left out: the status exists for exactly this."""
    sent = any(name.lower() in CONDITIONAL for name, _ in candidate.sample.headers)
    return not sent and candidate.sample.status == 428 and _about_acceptance(candidate)


@rule("draft-ietf-httpapi-idempotency-key-header-07 §2.7")
def reused_idempotency_key(candidate: Candidate, facts: OperationFacts) -> bool:
    """409 or 422 to an idempotency key that the same operation has seen earlier in the run."""
    return _refused_valid(candidate) and candidate.sample.status in (409, 422) and "reused_key" in candidate.detail


@rule("RFC 9110 §15.6")
def crash_is_told_once(candidate: Candidate, facts: OperationFacts) -> bool:
    """A 5xx is one finding, of ``not_a_server_error``; that its status or body is not documented either is no news."""
    return candidate.sample.status >= 500 and candidate.check not in ("not_a_server_error", "ignored_auth")


@rule("RFC 6749 §5.2")
def made_up_credentials(candidate: Candidate, facts: OperationFacts) -> bool:
    """A token endpoint refuses clients, scopes and grants that do not exist (invalid_client, invalid_scope …)."""
    return facts.grants and _refused_valid(candidate) and candidate.sample.status in (400, 401, 403, 422)


@rule("RFC 9110 §15.5.2")
def refused_for_another_reason(candidate: Candidate, facts: OperationFacts) -> bool:
    """Invalid data answered by 401, 403, 404, 405, 412 or 428: refused, only not by the validator."""
    refused = candidate.sample.status in (401, 403, 404, 405, 406, 409, 410, 411, 412, 413, 414, 415, 428, 431)
    return candidate.check == "negative_data_rejection" and refused


@rule("RFC 9110 §15.5.4")
def valid_data_without_the_right(candidate: Candidate, facts: OperationFacts) -> bool:
    """401 or 403 to valid data is about the identity, which the authorization checks decide."""
    return _refused_valid(candidate) and candidate.sample.status in (401, 403)


@rule("OpenAPI 3.1.1 §4.8.30")
def authentication_is_optional(candidate: Candidate, facts: OperationFacts) -> bool:
    """No credential is demanded: ``security`` is empty or has an empty alternative."""
    return candidate.check == "ignored_auth" and not facts.secured


@rule("RFC 9110 §15.5")
def refused_without_credentials(candidate: Candidate, facts: OperationFacts) -> bool:
    """No credentials, and refused with another client error than 401 or 403: nothing was given away.

    The form of the refusal is for ``auth.challenge-present`` to judge.
    """
    return candidate.check == "ignored_auth" and 400 <= candidate.sample.status < 500


@rule("RFC 9112 §3, §5.5")
def refused_by_the_server_in_front(candidate: Candidate, facts: OperationFacts) -> bool:
    """400, 414 or 431 in plain text or HTML to control characters or oversized lines in the request head.

    The HTTP server refuses such a head before the application sees it, so the contract does not bind the answer.
    """
    if candidate.sample.status not in (400, 414, 431) or candidate.check == "positive_data_acceptance":
        return False
    media_type = (header(candidate.sample.answered, "Content-Type") or "text/plain").lower()
    return media_type.startswith(("text/plain", "text/html")) and _unusual_head(candidate)


@rule("RFC 9110 §15.5.6")
def method_not_in_the_contract(candidate: Candidate, facts: OperationFacts) -> bool:
    """An answer to a method that the contract does not offer: the framework spoke, not the operation."""
    other = candidate.sample.method != facts.label.split(" ", 1)[0]
    return other and candidate.check not in ("not_a_server_error", "ignored_auth")


@rule("RFC 9110 §11.6.2")
def credential_left_out(candidate: Candidate, facts: OperationFacts) -> bool:
    """Accepted without, or with a spoiled, credential: the finding is ``ignored_auth``'s, not invalid input's."""
    about = candidate.detail.get("parameter", "") + candidate.detail.get("description", "")
    return candidate.check == "negative_data_rejection" and "authorization" in about.lower()


@rule("OpenAPI 3.1.1 §4.8.17")
def echo_of_accepted_invalid_input(candidate: Candidate, facts: OperationFacts) -> bool:
    """Invalid input was accepted, and the answer repeats it: the acceptance is the finding."""
    accepted = candidate.sample.mode == "negative" and 200 <= candidate.sample.status < 300
    return accepted and candidate.check == "response_schema_conformance"


def _about_acceptance(candidate: Candidate) -> bool:
    return candidate.check in ("positive_data_acceptance", "negative_data_rejection")


def _refused_valid(candidate: Candidate) -> bool:
    return candidate.check == "positive_data_acceptance"


def _documented(candidate: Candidate, facts: OperationFacts) -> bool:
    return facts.documents(candidate.sample.status)


def _references(candidate: Candidate) -> list[str]:
    """Members and parameters of the request that refer to something by their name: ``owner_id``, ``customerIds``."""
    body = base64.b64decode(candidate.sample.body or "").decode("utf-8", "replace")
    return _REFERENCE.findall(urlsplit(candidate.sample.url).query + " " + body)


def _unusual_head(candidate: Candidate) -> bool:
    values = [candidate.sample.url, *(value for _, value in candidate.sample.headers)]
    return any(
        len(value) > 4096 or any(ord(char) < 32 or ord(char) > 126 for char in value) or "%0" in value
        for value in values
    )
