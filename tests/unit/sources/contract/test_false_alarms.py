"""Each rule excuses what it names, and nothing next to it."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
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


def test_every_rule_is_in_the_docs() -> None:
    text = (Path(__file__).parents[4] / "docs" / "engine-false-alarms.md").read_text("utf-8")
    for name, clause in CLAUSES.items():
        assert f"| `{name}` |" in text, name
        assert clause in text, clause


def test_a_limiter_is_not_the_operation() -> None:
    assert explain(a_candidate(POSITIVE, 429), FACTS) == "throttled"
    assert explain(a_candidate("not_a_server_error", 503, answered=(("Retry-After", "1"),)), FACTS) == "throttled"
    assert explain(a_candidate("not_a_server_error", 503), FACTS) == ""


def test_a_method_that_is_not_offered_may_be_unknown() -> None:
    assert explain(a_candidate("not_a_server_error", 501, method="TRACE"), FACTS) == "method-not-implemented"
    assert explain(a_candidate("not_a_server_error", 501), FACTS) == ""
    other = a_candidate("response_schema_conformance", 405, method="TRACE", mode="")
    assert explain(other, FACTS) == "method-not-in-the-contract"


@pytest.mark.parametrize("names", [("200",), ("200", "404")])
def test_a_generated_path_may_name_nothing(names: tuple[str, ...]) -> None:
    assert explain(a_candidate(POSITIVE, 404), OperationFacts(FACTS.label, "x", names)) == "nothing-there"


def test_a_fixed_path_that_is_not_there_is_no_missing_fixture() -> None:
    facts = OperationFacts("POST /things", "x", ("201", "default"))
    fixed = {"method": "POST", "url": "http://sandbox.example/things"}
    assert explain(a_candidate(POSITIVE, 404, **fixed), facts) == ""
    documented = OperationFacts("POST /things", "x", ("201", "404"))
    assert explain(a_candidate(POSITIVE, 404, **fixed), documented) == "documented-absence"


def test_a_change_may_conflict_with_what_is_there_and_a_read_may_not() -> None:
    assert explain(a_candidate(POSITIVE, 409), FACTS) == "conflict-with-the-state-of-things"
    read = OperationFacts("GET /things/{id}", "x", ("200",))
    assert explain(a_candidate(POSITIVE, 409, method="GET"), read) == ""


@pytest.mark.parametrize(
    "answer", ["isbn already exists", '{"code": "duplicate_key"}', "name must be unique", "is taken"]
)
def test_what_is_taken_already_is_refused_rightly(answer: str) -> None:
    assert explain(a_candidate(POSITIVE, 422, answer=answer), FACTS) == "taken-already"
    assert explain(a_candidate(POSITIVE, 422, answer=answer), OperationFacts(FACTS.label, "x", ("200",))) == ""
    assert explain(a_candidate(POSITIVE, 422, answer="too long"), FACTS) == ""


def test_an_answer_may_name_what_it_did_not_find() -> None:
    body = {"name": "x", "author_id": 4711}
    assert (
        explain(a_candidate(POSITIVE, 422, body=body, answer="no such author"), FACTS) == "named-reference-to-nothing"
    )
    assert explain(a_candidate(POSITIVE, 422, body=body, answer="author is too young"), FACTS) == ""


@pytest.mark.parametrize(
    ("url", "another"),
    [
        ("http://sandbox.example/api/things/7", False),
        ("http://sandbox.example/things/a%20b", False),
        ("http://sandbox.example/things/", True),
        ("http://sandbox.example/", True),
        ("http://sandbox.example/things/a%2Fb", True),
        ("http://sandbox.example/things//", True),
        ("http://sandbox.example/things/%2e%2e", True),
    ],
)
def test_a_path_that_is_normalised_is_another_operations(url: str, another: bool) -> None:
    for check in ("status_code_conformance", NEGATIVE, POSITIVE, "ignored_auth"):
        told = explain(a_candidate(check, 200, url=url), FACTS)
        assert (told == "path-of-another-operation") is another, (check, told)
    assert explain(a_candidate("not_a_server_error", 500, url=url), FACTS) == ""


@pytest.mark.parametrize("name", ["Host", "Content-Length", "Transfer-Encoding", "Accept"])
def test_headers_that_the_client_writes_cannot_be_bent(name: str) -> None:
    bent = a_candidate(NEGATIVE, 200, detail={"place": "header", "parameter": name})
    assert explain(bent, FACTS) == "rewritten-by-the-client"


@pytest.mark.parametrize(("value", "travels"), [("abc", True), (" abc", False), ("", False), ("caf\u00e9", False)])
def test_a_header_value_may_arrive_as_another(value: str, travels: bool) -> None:
    detail = {"place": "header", "parameter": "X-Mode"}
    told = explain(a_candidate(NEGATIVE, 200, headers=(("x-mode", value),), detail=detail), FACTS)
    assert (told == "") is travels
    other = a_candidate(NEGATIVE, 200, headers=(("x-mode", value),), detail={"place": "body"})
    assert explain(other, FACTS) == ""


def test_an_empty_form_field_counts_as_absent() -> None:
    form = (("Content-Type", "application/x-www-form-urlencoded"),)
    empty = a_candidate(POSITIVE, 422, headers=form)
    assert explain(empty, FACTS) == "empty-in-a-form"
    assert explain(a_candidate(POSITIVE, 422, url="http://sandbox.example/things/7?q="), FACTS) == "empty-in-a-form"
    assert explain(a_candidate(POSITIVE, 422, url="http://sandbox.example/things/7?q=1"), FACTS) == ""


def test_a_number_in_a_form_is_text() -> None:
    detail = {"place": "body", "description": "violates `type` at /properties/file (was string, became integer)"}
    form = (("Content-Type", "multipart/form-data; boundary=x"),)
    assert explain(a_candidate(NEGATIVE, 200, headers=form, detail=detail), FACTS) == "same-text-on-the-wire"
    assert explain(a_candidate(NEGATIVE, 200, detail=detail), FACTS) == ""


@pytest.mark.parametrize(
    ("text", "excused"),
    [("a\x00b", True), ("\x1b", True), ("\ud800", True), ("caf\u00e9", False), ("\U0001f600", False)],
)
def test_control_characters_may_be_refused_and_other_scripts_may_not(text: str, excused: bool) -> None:
    told = explain(a_candidate(POSITIVE, 422, body={"name": text}), FACTS)
    assert (told == "characters-that-may-be-refused") is excused
    assert explain(a_candidate("not_a_server_error", 500, body={"name": text}), FACTS) == ""


@pytest.mark.parametrize(("number", "excused"), [(10**30, True), (1e300, True), (2**31, False), (3.5, False)])
def test_numbers_beyond_what_everybody_reads_may_be_refused(number: float, excused: bool) -> None:
    told = explain(a_candidate(POSITIVE, 422, body={"size": number}), FACTS)
    assert (told == "numbers-beyond-interoperability") is excused


def test_a_header_in_other_letters_is_not_missing() -> None:
    def told(*answered: tuple[str, str]) -> str:
        missing = a_candidate("response_headers_conformance", 200, answered=answered, kind="MissingHeaders",
                              detail={"missing": "X-Total, ETag"})  # fmt: skip
        return explain(missing, FACTS)

    assert told(("x-total", "1"), ("etag", '"a"')) == "header-name-in-other-case"
    assert told(("x-total", "1")) == ""


def test_more_than_a_server_takes_is_refused_rightly() -> None:
    assert explain(a_candidate(POSITIVE, 413), FACTS) == "larger-than-a-server-takes"


def test_a_redirect_to_the_sign_in_gives_nothing_away() -> None:
    assert explain(a_candidate("ignored_auth", 302), FACTS) == "sent-to-sign-in"
    assert explain(a_candidate("ignored_auth", 200), FACTS) == ""


def test_a_preflight_needs_no_credentials() -> None:
    assert explain(a_candidate("ignored_auth", 200, method="OPTIONS"), FACTS) == "method-not-in-the-contract"


def test_an_answer_to_head_has_no_content() -> None:
    head = OperationFacts("HEAD /things/{id}", "x", ("200",))
    assert explain(a_candidate("content_type_conformance", 200, method="HEAD"), head) == "head-has-no-content"


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


def test_a_format_of_the_partners_own_cannot_be_made_up() -> None:
    masked = OperationFacts(FACTS.label, "x", ("200", "400"), odd_formats=("X-Fields", "iban"))
    assert explain(a_candidate(POSITIVE, 400, headers=(("x-fields", "{"),)), masked) == "format-of-the-partners-own"
    assert explain(a_candidate(POSITIVE, 422, body={"iban": "x"}), masked) == "format-of-the-partners-own"
    assert explain(a_candidate(POSITIVE, 422, body={"name": "x"}), masked) == ""


def test_a_format_is_a_promise_only_where_the_profile_says_so() -> None:
    candidate = a_candidate(NEGATIVE, 201, detail={"place": "body", "violation": "invalid_format"})
    assert explain(candidate, FACTS) == "format-is-no-promise"
    assert explain(candidate, replace(FACTS, formats_promised=True)) == ""


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


def test_a_connection_may_be_closed_upon_a_strange_head_and_not_upon_a_plain_one() -> None:
    strange = a_candidate("not_a_server_error", 0, kind="NoAnswer", url="http://sandbox.example/things/%00")
    assert explain(strange, FACTS) == "closed-upon-a-strange-head"
    assert explain(a_candidate("not_a_server_error", 0, kind="NoAnswer"), FACTS) == ""


def test_a_crash_is_told_once() -> None:
    assert explain(a_candidate("status_code_conformance", 500), FACTS) == "crash-is-told-once"
    assert explain(a_candidate("not_a_server_error", 500), FACTS) == ""


def test_a_spoiled_credential_that_is_accepted_is_not_about_input() -> None:
    left_out = a_candidate(NEGATIVE, 200, detail={"place": "header", "parameter": "Authorization"})
    assert explain(left_out, FACTS) == "credential-left-out"


KEYED = replace(FACTS, credentials=("authorization", "x-api-key"))
NO_KEY, ADDED = "header\trequired\t\tX-Api-Key", "query\tadditionalProperties\t\t"
NO_TENANT = "header\trequired\t\tX-Api-Key,X-Tenant"


def accepted(*broken: str, headers: Headers = ()) -> Candidate:
    return a_candidate(NEGATIVE, 200, headers=headers, detail={"place": "header, query", "breaks": "\n".join(broken)})


def test_an_api_key_that_is_left_out_is_no_invalid_input() -> None:
    by_name = a_candidate(NEGATIVE, 200, detail={"place": "header", "parameter": "X-Api-Key"})
    assert explain(by_name, KEYED) == "credential-left-out"
    assert explain(accepted(NO_KEY), KEYED) == "credential-left-out"
    assert explain(accepted(ADDED, NO_KEY), KEYED) == "credential-left-out"
    assert explain(accepted(NO_TENANT, headers=(("x-tenant", "7"),)), KEYED) == "credential-left-out"


def test_a_parameter_that_is_left_out_with_the_key_is_invalid_input() -> None:
    assert explain(accepted(NO_TENANT), KEYED) == ""
    assert explain(accepted(NO_KEY, "query\ttype\t/properties/limit\tinteger"), KEYED) == ""
    assert explain(accepted(NO_KEY), FACTS) == "", "nobody signs in with that header"


def test_a_parameter_that_the_contract_does_not_name_is_no_invalid_input() -> None:
    assert explain(accepted(ADDED), KEYED) == "parameter-that-nobody-declared"
    assert explain(accepted(ADDED.replace("query", "body")), KEYED) == "", "a body may be closed"
    assert explain(accepted("query\tadditionalProperties\t/properties/filter\t"), KEYED) == ""


def test_the_echo_of_accepted_nonsense_is_not_a_second_finding() -> None:
    echo = a_candidate("response_schema_conformance", 201, mode="negative")
    assert explain(echo, FACTS) == "echo-of-accepted-invalid-input"
    assert explain(a_candidate("response_schema_conformance", 201, mode="positive"), FACTS) == ""
