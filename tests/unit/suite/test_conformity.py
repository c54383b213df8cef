"""Answers against the contract: bodies, labels, headers; and errors against their one format."""

import json
from typing import Any

import pytest

from certify.contract.validation import Schemas
from certify.http.redaction import MARK
from certify.model.partner import Partner, SignIn
from certify.suite.conformity import Conformity
from certify.suite.error_format import ErrorFormat
from certify.suite.traffic import Seen
from tests.unit.contract.documents import answers, contract, ref
from tests.unit.suite.seen import seen

SCHEMAS: dict[str, Any] = {
    "Thing": {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "integer"}, "token": {"pattern": "^t"}},
    },
    "Broken": {"type": "string", "pattern": "(?<"},
    "Odd": {"type": "object", "required": ["error"]},
}
GET = {
    "200": {
        "description": "-",
        "content": {"application/json": {"schema": ref("Thing")}, "text/*": {}},
        "headers": {
            "X-Left": {"required": True, "schema": {"type": "integer", "minimum": 0}},
            "X-Maybe": {"schema": {"type": "boolean"}},
            "X-Broken": {"schema": {"type": "string", "pattern": "(?<"}},
        },
    },
    "204": {"description": "-"},
    "404": {"description": "-", "content": {"application/problem+json": {}}},
}
PLAIN = {"400": {"description": "-", "content": {"text/plain": {"schema": {"type": "string"}}}}}
CONTRACT = contract(
    {
        "/things": {"get": {"operationId": "get", "responses": GET}},
        "/broken": {"get": {"operationId": "broken", "responses": answers(_200=ref("Broken"))}},
        "/wrong": {"get": {"operationId": "wrong", "responses": answers(_400=ref("Broken"), _422=ref("Thing"))}},
        "/plain": {"get": {"operationId": "plain", "responses": PLAIN}},
        "/odd": {"get": {"operationId": "odd", "responses": answers(_400=ref("Odd"))}},
    },
    SCHEMAS,
)


def violations(*traffic: Seen) -> list[str]:
    return [f"{v.pointer} {v.expected}" for v, _ in Conformity(CONTRACT, Schemas(CONTRACT)).schema_violations(traffic)]


def flaws(body: str = '{"id": 1}', status: int = 200, **headers: str) -> list[tuple[str, bool]]:
    answer = seen(CONTRACT, "get", status, body, **{"X_Left": "3", **headers})
    return [(flaw.cause, flaw.firm) for flaw, _ in Conformity(CONTRACT, Schemas(CONTRACT)).label_flaws([answer])]


def deviations(answer: Seen, declared: str = "problem+json") -> list[str]:
    partner = Partner("p", "P", "http://api.example", SignIn("none"), {}, error_format=declared)
    found = ErrorFormat(CONTRACT, Schemas(CONTRACT), partner).deviations([answer], set())
    return [deviation.expected for deviation, _ in found]


def test_equal_violations_are_told_once_with_their_answers() -> None:
    conformity = Conformity(CONTRACT, Schemas(CONTRACT))
    traffic = [seen(CONTRACT, "get", 200, '{"id": "x"}'), seen(CONTRACT, "get", 200, '{"id": "y"}')]

    ((violation, sightings),) = conformity.schema_violations(traffic)
    assert violation.pointer == "/id"
    assert len(sightings) == 2
    assert conformity.judged == 2


def test_a_value_that_was_redacted_is_not_judged() -> None:
    assert violations(seen(CONTRACT, "get", 200, json.dumps({"id": 1, "token": MARK}))) == []
    assert violations(seen(CONTRACT, "get", 200, json.dumps({"id": 1, "token": "x"}))) == ["/token pattern ^t"]


def test_a_schema_that_cannot_be_compiled_is_the_contracts_defect() -> None:
    conformity = Conformity(CONTRACT, Schemas(CONTRACT))

    assert list(conformity.schema_violations([seen(CONTRACT, "broken", 200, '"x"')])) == []
    assert conformity.judged == 0
    assert "broken" in next(iter(conformity.defects))


def test_a_lawful_answer_has_no_flaw() -> None:
    assert flaws(X_Maybe="true") == []
    assert flaws("plain", Content_Type="text/plain; charset=utf-8") == []
    assert flaws("", 204, Content_Type="") == []


@pytest.mark.parametrize(
    ("body", "status", "headers", "cause", "firm"),
    [
        ('{"id": 1}', 200, {"Content_Type": ""}, "no Content-Type", True),
        ('{"id": 1}', 200, {"Content_Type": "application/xml"}, "application/xml for application/json or text/*", True),
        ("<html>", 200, {}, "not JSON", True),
        ('{"id": 1}', 200, {"X_Left": ""}, "X-Left missing", True),
        ('{"id": 1}', 200, {"X_Left": "many"}, "X-Left invalid", True),
        ('{"id": 1}', 200, {"X_Left": "-1"}, "X-Left invalid", True),
        ('{"id": 1}', 200, {"X_Maybe": "yes"}, "X-Maybe invalid", True),
        ("", 200, {}, "no body", True),
        ("x", 204, {}, "a body where none may be", True),
        ("{}", 404, {"Content_Type": "text/html"}, "text/html for application/problem+json", False),
    ],
)
def test_each_flaw_is_told(body: str, status: int, headers: dict[str, str], cause: str, firm: bool) -> None:
    assert flaws(body, status, **headers) == [(cause, firm)]


PROBLEM = {"type": "https://p.example/x", "title": "X", "status": 404}


def problem(**changes: Any) -> Seen:
    body = json.dumps({**PROBLEM, **changes})
    return seen(CONTRACT, "get", 404, body, Content_Type="application/problem+json")


def test_a_lawful_problem_deviates_in_nothing() -> None:
    assert deviations(problem()) == []
    assert deviations(problem(status=None, extra=[1])) == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (problem(status=400), ["status in the body equal to the real one"]),
        (problem(status="404"), ["status of type int"]),
        (problem(detail={"a": 1}), ["detail of type str"]),
        (seen(CONTRACT, "get", 404, json.dumps(PROBLEM)), ["application/problem+json with a JSON object"]),
        (
            seen(CONTRACT, "none", 404, "<html>", Content_Type="text/html"),
            ["application/problem+json with a JSON object"],
        ),
    ],
)
def test_each_deviation_from_a_problem_is_told(answer: Seen, expected: list[str]) -> None:
    assert deviations(answer) == expected


def test_an_operation_with_an_error_schema_of_its_own_is_held_to_that() -> None:
    assert deviations(seen(CONTRACT, "odd", 400, '{"error": "invalid_request"}')) == []
    assert deviations(seen(CONTRACT, "odd", 400, "{}")) == ["the required member error"]


def test_with_a_schema_as_format_any_json_is_right_where_none_is_documented() -> None:
    assert deviations(seen(CONTRACT, "none", 404, '{"error": "x"}'), "schema") == []
    assert deviations(seen(CONTRACT, "none", 404, "<html>"), "schema") == ["JSON in the declared error format"]


def test_an_error_schema_that_cannot_be_compiled_is_the_contracts_defect() -> None:
    partner = Partner("p", "P", "http://api.example", SignIn("none"), {}, error_format="schema")
    judge = ErrorFormat(CONTRACT, Schemas(CONTRACT), partner)

    assert list(judge.deviations([seen(CONTRACT, "wrong", 400, '"x"')], set())) == []
    assert "wrong" in next(iter(judge.defects))


def test_a_redacted_member_of_an_error_is_not_judged() -> None:
    for value, expected in ((MARK, []), ("x", ["pattern ^t"])):
        body = json.dumps({"id": 1, "token": value})
        assert deviations(seen(CONTRACT, "wrong", 422, body), "schema") == expected


def test_a_violation_beside_a_redacted_member_is_still_told() -> None:
    assert violations(seen(CONTRACT, "get", 200, json.dumps({"token": MARK}))) == [" the required member id"]


def test_a_header_schema_that_cannot_be_compiled_is_the_contracts_defect() -> None:
    conformity = Conformity(CONTRACT, Schemas(CONTRACT))

    assert list(conformity.label_flaws([seen(CONTRACT, "get", 200, '{"id": 1}', X_Left="3", X_Broken="x")])) == []
    assert "X-Broken" in next(iter(conformity.defects))


def firm(answer: Seen, declared: str) -> list[bool]:
    partner = Partner("p", "P", "http://api.example", SignIn("none"), {}, error_format=declared)
    return [item.firm for item, _ in ErrorFormat(CONTRACT, Schemas(CONTRACT), partner).deviations([answer], set())]


def test_a_contract_promises_a_format_for_the_errors_it_documents_and_a_profile_for_all() -> None:
    undocumented = seen(CONTRACT, "get", 418, "<html>", Content_Type="text/html")
    documented = seen(CONTRACT, "odd", 400, "{}")

    assert (firm(undocumented, "schema"), firm(undocumented, "")) == ([True], [False])
    assert (firm(documented, "schema"), firm(documented, "")) == ([True], [True])


def test_text_that_the_contract_documents_is_a_format_too() -> None:
    assert firm(seen(CONTRACT, "plain", 400, "no", Content_Type="text/plain"), "") == []
