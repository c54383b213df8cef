"""What was not exercised is listed with its reason, and counts against coverage only."""

from __future__ import annotations

from collections import Counter

import pytest

from certify.model.exercise import NEVER_CALLED, why_never
from certify.model.outcome import Outcome, Status, Unexercised
from certify.model.plan import ContractFacts
from certify.report.compose import contract_notes
from certify.report.coverage import coverage, reasons_told

CONTRACT = ContractFacts("c.yaml", "C", "1", "3.1", ("listA", "createA", "logout", "getA"))


@pytest.mark.parametrize(
    ("statuses", "reason"),
    [
        ({"401": 7, "422": 2}, "the identity was refused: 401 to 7 of 9 requests"),
        ({"403": 1, "401": 1}, "the identity was refused: 401, 403 to 2 of 2 requests"),
        ({"404": 3}, "what it asks for is not there: 404 to 3 of 3 requests"),
        ({"422": 3, "400": 2}, "no valid input was found: 400, 422 to 5 of 5 requests"),
        ({"429": 3}, "throttled: 429 to 3 of 3 requests"),
        ({"500": 3, "503": 1}, "it answers with server errors: 500 to 3 of 4 requests"),
        ({"302": 1}, "it redirects elsewhere: 302 to 1 of 1 requests"),
        ({"no answer": 2}, "no answer came: nothing to 2 of 2 requests"),
        ({}, NEVER_CALLED),
    ],
)
def test_most_answers_give_the_reason(statuses: dict[str, int], reason: str) -> None:
    assert why_never(statuses) == reason


def test_an_operation_without_a_success_is_not_exercised_and_says_why() -> None:
    statuses = {"listA": Counter({"200": 3, "401": 1}), "createA": Counter({"422": 4})}
    told = coverage(CONTRACT, statuses, {"logout": "it ends sessions"})
    assert (told.operations, told.exercised) == (4, 1)
    assert [item.why for item in told.details] == [
        "",
        "no valid input was found: 422 to 4 of 4 requests",
        "it ends sessions",
        NEVER_CALLED,
    ]


def test_a_success_of_any_source_outweighs_a_reason() -> None:
    told = coverage(CONTRACT, {"logout": Counter({"204": 1})}, {"logout": "it ends sessions"})
    assert told.details[2].succeeded
    assert told.details[2].why == ""


def test_reasons_come_from_every_outcome() -> None:
    one = Outcome("a", Status.PASSED, unexercised=(Unexercised("logout", "it ends sessions"),))
    other = Outcome("b", Status.PASSED, unexercised=(Unexercised("getA", "left undone"),))
    assert reasons_told([one, other]) == {"logout": "it ends sessions", "getA": "left undone"}


def test_what_the_contract_does_not_say_enough_of_counts_against_coverage() -> None:
    contract = ContractFacts("c.yaml", "C", "1", "3.1", ("listA",), set_aside={"GET /b": "a reference leads nowhere"})
    told = coverage(contract, {"listA": Counter({"200": 1})})

    assert (told.operations, told.exercised) == (2, 1)
    assert told.details[-1].why == "not tested: a reference leads nowhere"


def test_the_notes_say_what_is_wrong_with_the_contract() -> None:
    mistakes = tuple(f"c.yaml:{number}: wrong" for number in range(1, 31))
    contract = ContractFacts("c", "C", "1", "3", (), {"GET /b": "wrong"}, mistakes, mistake_count=40)
    notes = contract_notes(contract)

    assert notes[0] == "The contract has 40 mistakes; 1 of its operations could not be tested."
    assert notes[1] == "Contract: c.yaml:1: wrong"
    assert len(notes) < 20
    assert contract_notes(ContractFacts("c", "C", "1", "3", ())) == ()
