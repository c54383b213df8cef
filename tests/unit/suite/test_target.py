"""The sandbox as a suite sees it: throttling and lost connections stay out of the way."""

import pytest

from certify.http.call import Call
from certify.model.outcome import Reason
from certify.model.partner import Limit
from certify.suite.verdicts import Inconclusive
from tests.unit.http.loopback import Asked, Told, loopback
from tests.unit.suite.bench import target

READ = Call("GET", "/things", "list")


def in_turn(*answers: Told):  # type: ignore[no-untyped-def]
    queue = list(answers)
    return lambda asked: queue.pop(0) if len(queue) > 1 else queue[0]


def test_throttling_is_waited_out_as_long_as_the_answer_says() -> None:
    slept: list[float] = []
    with loopback(in_turn(Told(429, {"Retry-After": "7"}), Told(503, {"Retry-After": "2"}), Told(200))) as server:
        reply = target(server.url, slept).send(READ)

    assert reply.status == 200
    assert slept == [7.0, 2.0]


def test_what_stays_throttled_is_inconclusive_and_never_a_refusal() -> None:
    with loopback(Told(429)) as server, pytest.raises(Inconclusive) as caught:
        target(server.url).send(READ)

    assert caught.value.reason is Reason.THROTTLED


def test_an_impatient_call_takes_the_first_answer() -> None:
    with loopback(Told(429)) as server:
        assert target(server.url).send(READ, patient=False).status == 429


def test_a_503_without_retry_after_is_an_answer() -> None:
    with loopback(Told(503)) as server:
        assert target(server.url).send(READ).status == 503


def test_what_the_profile_declares_as_the_limiters_answer_is_waited_out_too() -> None:
    limits = (Limit(10, 1.0, status=503),)
    with loopback(in_turn(Told(503), Told(200))) as server:
        assert target(server.url, limits=limits).send(READ).status == 200


def test_where_there_is_no_retry_after_the_end_of_the_quota_says_how_long_to_wait() -> None:
    slept: list[float] = []
    used_up = Told(429, {"RateLimit": "limit=5, remaining=0, reset=3"})
    with loopback(in_turn(used_up, Told(200))) as server:
        target(server.url, slept).send(READ)

    assert slept == [3.0]


def test_a_lost_connection_is_inconclusive_and_only_reads_are_tried_again() -> None:
    there = target("http://127.0.0.1:1")

    for method, tries in (("GET", 3), ("POST", 1)):
        before = there.session.recorder.count
        with pytest.raises(Inconclusive):
            there.send(Call(method, "/things"))
        assert there.session.recorder.count - before == tries


def test_a_sandwich_needs_both_controls() -> None:
    with (
        loopback(in_turn(Told(200), Told(401))) as server,
        pytest.raises(Inconclusive) as caught,
        target(server.url).sandwich(READ),
    ):
        pass

    assert caught.value.reason is Reason.CONTROL_FAILED


def test_an_anonymous_call_carries_nothing_and_a_token_replaces_the_credential() -> None:
    def echo(asked: Asked) -> Told:
        return Told(body=asked.headers.get("authorization", "none").encode())

    with loopback(echo) as server:
        there = target(server.url)
        assert there.anonymous(READ).text == "none"
        assert there.send(READ, token="spoiled").text == "Bearer spoiled"
