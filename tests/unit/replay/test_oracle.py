"""How one answer decides a finding, and when it decides nothing."""

from __future__ import annotations

import pytest

from certify.contract import Contract
from certify.http.call import Call, Reply
from certify.model.exchange import Exchange, ReceivedResponse, SentRequest
from certify.model.outcome import Finding
from certify.replay.oracle import Means, Result, decide


def no_contract() -> Contract:
    raise AssertionError("the contract is not needed")


def before(status: int, signed: str = "primary") -> Exchange:
    sent = SentRequest("GET", "http://127.0.0.1:1/things/1")
    return Exchange("s-1", "a.b", "getThing", "primary", "probe", sent, 1.0, ReceivedResponse(status), signed=signed)


def answer(status: int, *headers: tuple[str, str]) -> Reply:
    return Reply(status, headers, b"{}", 0.1, "r-1", Call("GET", "/things/1"))


def decided(oracle: str, was: int, reply: Reply) -> Result:
    return decide(Finding("so", "not so", oracle=oracle), before(was), reply, Means(no_contract)).result


@pytest.mark.parametrize(
    ("oracle", "was", "now", "result"),
    [
        ("status 201", 200, 200, Result.STILL),
        ("status 201 202", 200, 202, Result.FIXED),
        ("accepted", 400, 400, Result.STILL),
        ("accepted", 400, 201, Result.FIXED),
        ("refused", 200, 200, Result.STILL),
        ("refused", 200, 500, Result.STILL),
        ("refused", 200, 401, Result.UNKNOWN),  # a refusal without a control proves nothing
        ("status 200", 201, 404, Result.UNKNOWN),  # the object is gone
        ("status 404", 200, 404, Result.UNKNOWN),
        ("status 404", 404, 404, Result.FIXED),
        ("accepted", 400, 503, Result.UNKNOWN),
        ("accepted", 400, 429, Result.UNKNOWN),
        ("accepted", 400, 401, Result.UNKNOWN),
        ("", 200, 200, Result.UNKNOWN),
        ("something new", 200, 200, Result.UNKNOWN),
    ],
)
def test_an_answer_decides_only_what_it_is_about(oracle: str, was: int, now: int, result: Result) -> None:
    assert decided(oracle, was, answer(now)) is result


def test_a_header_has_to_be_there_and_to_start_so() -> None:
    challenge = ("WWW-Authenticate", "bearer realm=x")
    assert decided("header WWW-Authenticate Bearer", 401, answer(401, challenge)) is Result.FIXED
    assert decided("header WWW-Authenticate Basic", 401, answer(401, challenge)) is Result.STILL
    assert decided("header WWW-Authenticate", 401, answer(401)) is Result.STILL


def test_an_error_in_place_of_the_success_does_not_mend_its_labels() -> None:
    assert decided("documented", 202, answer(500)) is Result.UNKNOWN
