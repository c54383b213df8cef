"""Each rule excuses what it names, and nothing next to it."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from certify.model.exchange import Headers
from certify.sources.contract.candidates import Candidate, Sample
from certify.sources.contract.facts import OperationFacts
from certify.sources.contract.false_alarms import CLAUSES, RULES, explain

POSITIVE, NEGATIVE = "positive_data_acceptance", "negative_data_rejection"
FACTS = OperationFacts("PATCH /things/{id}", "updateThing", ("200", "400", "404", "409", "412", "422"), secured=True)


def a_candidate(check: str, status: int, headers: Headers = (), answered: Headers = (), **more: Any) -> Candidate:
    body = more.pop("body", None)
    sample = Sample(
        exchange="contract-1-000001",
        method=more.pop("method", "PATCH"),
        url=more.pop("url", "http://sandbox.example/things/7"),
        headers=headers,
        body=None if body is None else base64.b64encode(json.dumps(body).encode()).decode(),
        status=status,
        answered=answered,
        answer=more.pop("answer", ""),
        mode=more.pop("mode", "positive" if check == POSITIVE else "negative"),
    )
    return Candidate(check, more.pop("kind", "RejectedPositiveData"), FACTS.label, sample, more.pop("detail", {}))


def test_every_rule_has_an_explanation_and_a_clause() -> None:
    assert set(RULES) == set(CLAUSES)
    for name, rule in RULES.items():
        assert rule.__doc__, name
        assert CLAUSES[name], name


def test_a_limiter_is_not_the_operation() -> None:
    assert explain(a_candidate(POSITIVE, 429), FACTS) == "throttled"
    assert explain(a_candidate("not_a_server_error", 503, answered=(("Retry-After", "1"),)), FACTS) == "throttled"
    assert explain(a_candidate("not_a_server_error", 503), FACTS) == ""


def test_a_method_that_is_not_offered_may_be_unknown() -> None:
    assert explain(a_candidate("not_a_server_error", 501, method="TRACE"), FACTS) == "method-not-implemented"
    assert explain(a_candidate("not_a_server_error", 501), FACTS) == ""
    other = a_candidate("response_schema_conformance", 405, method="TRACE", mode="")
    assert explain(other, FACTS) == "method-not-in-the-contract"


@pytest.mark.parametrize("status", [404, 409])
def test_valid_data_may_meet_things_in_the_wrong_state_where_that_is_documented(status: int) -> None:
    assert explain(a_candidate(POSITIVE, status), FACTS) == "documented-state-of-things"
    assert explain(a_candidate(POSITIVE, status), OperationFacts(FACTS.label, "x", ("200",))) == ""


def test_a_default_answer_documents_no_refusal_in_particular() -> None:
    assert explain(a_candidate(POSITIVE, 404), OperationFacts(FACTS.label, "x", ("200", "default"))) == ""


def test_a_reference_to_nothing_is_excused_only_where_the_answer_names_it() -> None:
    body = {"name": "x", "owner_id": "0b1f"}
    named = a_candidate(POSITIVE, 422, body=body, answer='{"errors":[{"pointer":"/owner_id"}]}')
    other = a_candidate(POSITIVE, 422, body=body, answer='{"errors":[{"pointer":"/name"}]}')
    assert explain(named, FACTS) == "named-reference-to-nothing"
    assert explain(other, FACTS) == ""
    assert explain(a_candidate(POSITIVE, 422, body={"name": "x"}, answer="owner_id"), FACTS) == ""


def test_a_reference_in_the_query_counts_as_well() -> None:
    candidate = a_candidate(
        POSITIVE, 400, url="http://sandbox.example/things?customerId=9", answer="customerId unknown"
    )
    assert explain(candidate, FACTS) == "named-reference-to-nothing"


def test_a_precondition_that_was_made_up_fails_rightly() -> None:
    assert explain(a_candidate(POSITIVE, 412, headers=(("if-match", '"x"'),)), FACTS) == "generated-precondition"
    assert explain(a_candidate(POSITIVE, 412), FACTS) == ""


def test_a_precondition_that_was_left_out_is_asked_for() -> None:
    assert explain(a_candidate(POSITIVE, 428), FACTS) == "missing-precondition"
    assert explain(a_candidate(POSITIVE, 428, headers=(("If-Match", '"x"'),)), FACTS) == ""


def test_a_reused_idempotency_key_is_refused_rightly() -> None:
    assert explain(a_candidate(POSITIVE, 422, detail={"reused_key": "yes"}), FACTS) == "reused-idempotency-key"
    assert explain(a_candidate(POSITIVE, 422), FACTS) == ""


def test_a_token_endpoint_refuses_clients_that_do_not_exist() -> None:
    token = OperationFacts("POST /token", "token", ("200", "400"), grants=True)
    assert explain(a_candidate(POSITIVE, 400, method="POST"), token) == "made-up-credentials"
    assert explain(a_candidate("not_a_server_error", 500, method="POST"), token) == ""


def test_a_refusal_is_a_refusal_whoever_gave_it() -> None:
    assert explain(a_candidate(NEGATIVE, 412), FACTS) == "refused-for-another-reason"
    assert explain(a_candidate(NEGATIVE, 200), FACTS) == ""
    assert explain(a_candidate(NEGATIVE, 302), FACTS) == ""


def test_missing_rights_are_for_the_authorization_checks() -> None:
    assert explain(a_candidate(POSITIVE, 403), FACTS) == "valid-data-without-the-right"


def test_authentication_that_is_optional_may_be_ignored() -> None:
    public = OperationFacts("GET /things", "list", ("200",), secured=False)
    assert explain(a_candidate("ignored_auth", 200), public) == "authentication-is-optional"
    assert explain(a_candidate("ignored_auth", 200), FACTS) == ""


def test_without_credentials_a_client_error_gives_nothing_away() -> None:
    assert explain(a_candidate("ignored_auth", 404), FACTS) == "refused-without-credentials"
    assert explain(a_candidate("ignored_auth", 500), FACTS) == ""


def test_a_server_in_front_may_refuse_a_strange_head_in_its_own_words() -> None:
    plain = (("content-type", "text/plain"),)
    strange = a_candidate("content_type_conformance", 400, url="http://sandbox.example/things/%00", answered=plain)
    assert explain(strange, FACTS) == "refused-by-the-server-in-front"
    assert explain(a_candidate("content_type_conformance", 400, answered=plain), FACTS) == ""


def test_a_crash_is_told_once() -> None:
    assert explain(a_candidate("status_code_conformance", 500), FACTS) == "crash-is-told-once"
    assert explain(a_candidate("not_a_server_error", 500), FACTS) == ""


def test_a_spoiled_credential_that_is_accepted_is_not_about_input() -> None:
    left_out = a_candidate(NEGATIVE, 200, detail={"place": "header", "parameter": "Authorization"})
    assert explain(left_out, FACTS) == "credential-left-out"


def test_the_echo_of_accepted_nonsense_is_not_a_second_finding() -> None:
    echo = a_candidate("response_schema_conformance", 201, mode="negative")
    assert explain(echo, FACTS) == "echo-of-accepted-invalid-input"
    assert explain(a_candidate("response_schema_conformance", 201, mode="positive"), FACTS) == ""
