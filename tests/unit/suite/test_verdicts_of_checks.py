"""Decisions of single checks that no fault of the sandbox turns, each put to the check itself over small stand-ins."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from certify.http.call import Call, Reply
from certify.suite.verdicts import Inconclusive, NotApplicable, NotRun
from tests.unit.contract.documents import answers, contract
from tests.unit.suite.bench import kit
from tests.unit.suite.judging import answer, suite, told

GET, POST = Call("GET", "/token"), Call("POST", "/token")
TOKEN = {"access_token": "TEST-ONLY", "token_type": "Bearer"}


class Tokens:
    """The token requests of a check, each known by its path."""

    def valid(self) -> Call:
        return POST

    def refusable(self) -> Iterator[tuple[str, Call]]:
        yield from ((name, Call("POST", "/bad")) for name in ("a wrong secret", "an unknown client"))

    def lenient(self) -> Iterator[tuple[str, Call, str]]:
        yield "a JSON body", Call("POST", "/json"), "take forms only"

    def by_get(self) -> Call:
        return GET


def token_errors(**replies: Reply) -> list[tuple[str, str]]:
    """What auth.cc-errors-standard tells of a token endpoint that is right but for the named answers."""
    right = {"bad": answer(401, {"error": "invalid_client"}), "json": answer(400), "get": answer(405)}
    served = {**right, **replies}

    def anonymous(call: Call, **_: Any) -> Reply:
        return served["get"] if call is GET else answer(200, TOKEN) if call is POST else served[call.path[1:]]

    check = suite("auth/test_client_credentials").test_bad_token_requests_get_standard_errors_and_never_a_token
    return told(check, SimpleNamespace(anonymous=anonymous), Tokens())


def test_a_token_endpoint_that_refuses_as_the_standard_says_is_right() -> None:
    assert token_errors() == []


def test_a_token_issued_by_get_is_a_violation() -> None:
    assert [weight for weight, _ in token_errors(get=answer(200, TOKEN))] == ["violation"]
    assert token_errors(get=answer(200, {"hint": "use POST"})) == []


def test_a_token_issued_to_a_lenient_request_is_an_advisory() -> None:
    assert [weight for weight, _ in token_errors(json=answer(200, TOKEN))] == ["advisory"]


OPERATIONS = suite("disc/test_operations")


def surveyed(
    reply: Reply, *, own: bool = True, parameters: tuple[str, ...] = ("id",), documented: tuple[str, ...] = ()
) -> Any:
    operation = SimpleNamespace(path="/things/{id}", path_parameters=parameters, answers=("200", *documented))
    return SimpleNamespace(reply=reply, operation=operation, own=own)


@pytest.mark.parametrize("status", [405, 501])
def test_an_operation_whose_method_is_not_implemented_is_missing_also_on_things_of_others(status: int) -> None:
    for own in (True, False):
        found = told(OPERATIONS.judge, surveyed(answer(status, {"title": "its own"}), own=own), [])
        assert found == [("violation", "the method is not implemented")]


def test_a_501_that_the_contract_documents_is_an_answer() -> None:
    """Jupyter's document has it for a session whose kernel is not installed."""
    with pytest.raises(NotRun):
        OPERATIONS.judge(surveyed(answer(501), documented=("501",)), [])


def test_a_405_that_the_contract_lists_shows_neither_that_an_operation_is_there_nor_that_it_is_not() -> None:
    """Swagger's Petstore lists it as "Validation exception" for each of its writes."""
    with pytest.raises(NotRun, match="which the contract lists"):
        OPERATIONS.judge(surveyed(answer(405), documented=("405",)), [])


def test_an_operation_that_crashes_shows_neither_that_it_is_there_nor_that_it_is_not() -> None:
    with pytest.raises(NotRun, match="it crashed"):
        OPERATIONS.judge(surveyed(answer(500)), [])


def test_the_answer_of_an_unknown_route_counts_only_where_something_could_be_found() -> None:
    reply = answer(404, {"title": "no route"})
    unknown = [OPERATIONS.fingerprint(reply)]

    assert told(OPERATIONS.judge, surveyed(reply), unknown)
    assert told(OPERATIONS.judge, surveyed(reply, own=False, parameters=()), unknown)
    assert told(OPERATIONS.judge, surveyed(answer(404, {"title": "no thing"})), unknown) == []
    with pytest.raises(NotRun, match="nothing is known that it could find"):
        OPERATIONS.judge(surveyed(reply, own=False), unknown)


@pytest.mark.parametrize("status", [200, 400, 409, 422])
def test_a_success_and_a_refusal_of_its_own_show_that_an_operation_is_there(status: int) -> None:
    assert told(OPERATIONS.judge, surveyed(answer(status, {})), []) == []


def bad_input(*replies: Reply, after: Reply | None = None) -> list[tuple[str, str]]:
    """What error.no-5xx-on-bad-input tells when one mistake is answered so, first and again; ``after``: valid input."""
    operation, answers = SimpleNamespace(id="make"), list(replies)
    survey = SimpleNamespace(
        working=lambda op: SimpleNamespace(call=POST),
        prepare=lambda op: None,
        account=lambda *_: None,
        send=lambda *_, **__: after or answer(201, {}),
    )
    nothing: list[Any] = []
    probes = SimpleNamespace(writes=lambda: [operation], item_reads=lambda: nothing, list_reads=lambda: nothing)
    target = SimpleNamespace(send=lambda *_, **__: answers.pop(0))
    check = suite("error/test_mistakes").test_a_mistake_of_the_client_is_no_error_of_the_server
    return told(check, target, probes, survey, lambda op, call: [("null", POST)])


def test_a_crash_that_comes_back_is_a_violation_and_a_single_one_an_advisory() -> None:
    assert [weight for weight, _ in bad_input(answer(500), answer(500))] == ["violation"]
    assert [weight for weight, _ in bad_input(answer(500), answer(400))] == ["advisory"]


@pytest.mark.parametrize("reply", [answer(400), answer(501), answer(503, Retry_After="1"), answer(201, {})])
def test_what_is_no_crash_is_not_told(reply: Reply) -> None:
    assert bad_input(reply) == []


def test_a_503_that_announces_nothing_is_a_crash() -> None:
    assert [weight for weight, _ in bad_input(answer(503), answer(503))] == ["violation"]


def test_when_valid_input_is_refused_after_the_mistakes_nothing_is_concluded() -> None:
    with pytest.raises(Inconclusive):
        bad_input(answer(400), after=answer(400))


class Watched:
    def unchanged(self, *_: Any) -> None: ...


def invalid_input(reply: Reply, control: Reply) -> list[tuple[str, str]]:
    """What contract.invalid-input-rejected tells when invalid input is answered so, and valid input after it."""
    operation = SimpleNamespace(id="make", method="POST", path="/things", body=None)
    prepared = SimpleNamespace(call=POST, with_body=lambda body: "spoiled")
    survey = SimpleNamespace(
        working=lambda op: prepared,
        prepare=lambda op: prepared,
        send=lambda what, **_: reply if what == "spoiled" else control,
    )
    probes = SimpleNamespace(writes=lambda: [operation], parameter_violations=lambda: [])
    bodies = SimpleNamespace(violations=lambda *_: [SimpleNamespace(what="a wrong type", body=[])])
    effects = SimpleNamespace(watch=lambda _: Watched())
    check = suite("contract/test_inputs").test_what_the_contract_forbids_is_refused
    return told(check, None, probes, survey, bodies, effects)


def test_invalid_input_that_is_refused_while_valid_input_is_taken_is_right() -> None:
    assert invalid_input(answer(422), answer(201, {})) == []


def test_invalid_input_that_is_let_in_is_a_violation() -> None:
    assert [weight for weight, _ in invalid_input(answer(201, {}), answer(201, {}))] == ["violation"]


def test_refusals_prove_nothing_when_valid_input_is_refused_too() -> None:
    with pytest.raises(Inconclusive):
        invalid_input(answer(422), answer(422))


FORMS = contract(
    {
        "/forms": {
            "post": {
                "operationId": "submit",
                "responses": answers(_200=None),
                "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}}},
            }
        },
        "/bare": {"put": {"operationId": "bare", "responses": answers(_200=None)}},
    }
)


@pytest.mark.parametrize(
    "check", ["test_what_the_contract_allows_is_accepted", "test_what_the_contract_forbids_is_refused"]
)
def test_an_api_whose_writes_take_no_json_is_not_said_to_have_no_writes(check: str) -> None:
    found = kit("http://127.0.0.1:1", FORMS)
    rest = [found.survey, found.things, None] if "allows" in check else [found.survey, None, None]
    with pytest.raises(NotApplicable, match="there are no writes with a JSON body"):
        told(getattr(suite("contract/test_inputs"), check), found.target, found.probes, *rest)
