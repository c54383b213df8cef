"""Failures of the engine that say nothing against a partner, told apart by rule, never by the name of an operation.

A rule is a small function from a candidate and the facts of its operation to true or false; its docstring is the
explanation, its ``CLAUSE`` the ground it stands on. The first that holds explains the candidate, which is then counted
and dropped. What a rule excuses must be excusable on *every* API: otherwise it belongs in the profile.
"""

from __future__ import annotations

from collections.abc import Callable

from certify.model.exchange import header
from certify.sources.contract.candidates import Candidate
from certify.sources.contract.facts import CONDITIONAL, OperationFacts

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


@rule("RFC 9110 §15.5.5, §15.5.11")
def documented_refusal_of_unknown_things(candidate: Candidate, facts: OperationFacts) -> bool:
    """Schema-valid data that names things which do not exist, or conflicts with their state, may be refused.

    Holds for 404, 409, 410 and 412 wherever they are documented: no schema can promise that a generated id exists.
    """
    return (
        _refused_valid(candidate) and candidate.sample.status in (404, 409, 410, 412) and _documented(candidate, facts)
    )


@rule("RFC 9110 §15.5.21")
def documented_rule_beyond_the_schema(candidate: Candidate, facts: OperationFacts) -> bool:
    """A documented 422 that is not the answer to malformed input: the syntax was right, the meaning was not.

    Only where the operation documents 400 as well: there the contract itself tells syntax from meaning. An API that
    answers 422 to everything leaves no way to tell a refused edge value from a reference that leads nowhere.
    """
    return (
        _refused_valid(candidate)
        and candidate.sample.status == 422
        and _documented(candidate, facts)
        and facts.documents(400)
    )


@rule("RFC 9110 §13.1")
def generated_precondition(candidate: Candidate, facts: OperationFacts) -> bool:
    """412 or 428 to a precondition that the engine made up or left out, 304 to one that happened to hold."""
    status = candidate.sample.status
    sent = any(name.lower() in CONDITIONAL for name, _ in candidate.sample.headers)
    if status in (304, 412):
        return sent and _about_acceptance(candidate)
    return status == 428 and _about_acceptance(candidate)


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


def _about_acceptance(candidate: Candidate) -> bool:
    return candidate.check in ("positive_data_acceptance", "negative_data_rejection")


def _refused_valid(candidate: Candidate) -> bool:
    return candidate.check == "positive_data_acceptance"


def _documented(candidate: Candidate, facts: OperationFacts) -> bool:
    return facts.documents(candidate.sample.status)


def _unusual_head(candidate: Candidate) -> bool:
    values = [candidate.sample.url, *(value for _, value in candidate.sample.headers)]
    return any(
        len(value) > 4096 or any(ord(char) < 32 or ord(char) > 126 for char in value) or "%0" in value
        for value in values
    )
