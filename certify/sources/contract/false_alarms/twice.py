"""What is another finding's: told there, and only there."""

from __future__ import annotations

from certify.sources.contract.candidates import Candidate
from certify.sources.contract.facts import OperationFacts
from certify.sources.contract.false_alarms.rules import accepted_invalid, rule

_REFUSALS = (401, 403, 404, 405, 406, 407, 409, 410, 411, 412, 413, 414, 415, 416, 417, 421, 423, 424, 428, 431, 451)


@rule("RFC 9110 §15.6")
def crash_is_told_once(candidate: Candidate, facts: OperationFacts) -> bool:
    """A 5xx is one finding, of ``not_a_server_error``; that its status or body is not documented either is no news."""
    return candidate.sample.status >= 500 and candidate.check not in ("not_a_server_error", "ignored_auth")


@rule("RFC 9110 §15.5")
def refused_for_another_reason(candidate: Candidate, facts: OperationFacts) -> bool:
    """Invalid data answered by 401, 403, 404, 405, 412 or 428: refused, only not by the validator."""
    return accepted_invalid(candidate) and candidate.sample.status in _REFUSALS


@rule("OpenAPI 3.1.1 §4.8.17")
def echo_of_accepted_invalid_input(candidate: Candidate, facts: OperationFacts) -> bool:
    """Invalid input was accepted, and the answer repeats it: the acceptance is the finding."""
    accepted = candidate.sample.mode == "negative" and 200 <= candidate.sample.status < 300
    return accepted and candidate.check == "response_schema_conformance"
