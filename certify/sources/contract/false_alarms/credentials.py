"""Who is calling: what depends on rights and credentials, and not on the input."""

from __future__ import annotations

from certify.sources.contract.candidates import Candidate
from certify.sources.contract.facts import OperationFacts
from certify.sources.contract.false_alarms.rules import accepted_invalid, breaks, refused_valid, rule


@rule("RFC 6749 §5.2")
def made_up_credentials(candidate: Candidate, facts: OperationFacts) -> bool:
    """A token or login endpoint refuses clients, users and grants that do not exist (``invalid_client`` …)."""
    return facts.grants and refused_valid(candidate) and candidate.sample.status in (400, 401, 403, 404, 422)


@rule("RFC 9110 §15.5.2, §15.5.4")
def valid_data_without_the_right(candidate: Candidate, facts: OperationFacts) -> bool:
    """401, 402 or 403 to valid data is about the identity, which the authorization checks decide."""
    return refused_valid(candidate) and candidate.sample.status in (401, 402, 403, 407)


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


@rule("RFC 9110 §15.4, §11.4")
def sent_to_sign_in(candidate: Candidate, facts: OperationFacts) -> bool:
    """No credentials, and redirected: to a page where people sign in. The form is for ``auth.challenge-present``."""
    return candidate.check == "ignored_auth" and 300 <= candidate.sample.status < 400


@rule("RFC 9110 §11.6.2; OpenAPI 3.1.1 §4.8.27")
def credential_left_out(candidate: Candidate, facts: OperationFacts) -> bool:
    """Accepted without, or with a spoiled, credential: the finding is ``ignored_auth``'s, not invalid input's.

    A security scheme is no parameter: an API key's header that is left out leaves the input as valid as it was.
    """
    if not accepted_invalid(candidate):
        return False
    left_out = [item.leaves_out(candidate, facts.credentials) for item in breaks(candidate)]
    if any(left_out) and all(left or item.adds for left, item in zip(left_out, breaks(candidate), strict=True)):
        return True
    parameter, description = candidate.detail.get("parameter", ""), candidate.detail.get("description", "")
    return parameter.lower() in facts.credentials or "authorization" in (parameter + description).lower()
