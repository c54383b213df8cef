"""A replay is judged by what the two answers name, however they name it, and by the list."""

from types import SimpleNamespace
from typing import Any

import pytest

from certify.http.call import Call
from certify.suite.verdicts import Inconclusive
from tests.unit.suite.judging import answer, suite, told

REPLAY = suite("idem/test_replay")
CREATE = Call("POST", "/things", "make", body={"name": "certify-0123456789ab"})
ANOTHER = [("violation", "a replay makes another object")]


def judged(one: Any, other: Any, volatile: tuple[str, ...] = (), **headers: tuple[str, str]) -> list[tuple[str, str]]:
    first, second = (
        answer(201, body, CREATE, received=0.0, **{name: pair[place] for name, pair in headers.items()})
        for place, body in enumerate((one, other))
    )
    return told(REPLAY.judge, first, second, SimpleNamespace(volatile=volatile))


@pytest.mark.parametrize("wrap", [lambda i: {"id": i}, lambda i: {"data": {"id": i}}, lambda i: {"uuid": i}])
def test_another_id_is_another_object_also_inside_an_envelope(wrap: Any) -> None:
    assert judged(wrap("a"), wrap("b")) == ANOTHER
    assert judged(wrap("a"), wrap("a")) == []


def test_an_empty_answer_names_its_object_in_location() -> None:
    assert judged(None, None, Location=("/v1/things/1", "/v1/things/2")) == ANOTHER
    assert judged(None, None, Location=("/v1/things/1", "https://api.example/v1/things/1/")) == []


def test_what_the_request_said_itself_names_nothing() -> None:
    name = "certify-0123456789ab"

    assert judged({"name": name}, {"name": name}, Location=("/things/1", "/things/2")) == ANOTHER


def test_members_that_differ_are_told_unless_they_are_volatile() -> None:
    assert judged({"id": 1, "at": 1}, {"id": 1, "at": 2}) == [("advisory", "other members")]
    assert judged({"id": 1, "at": 1}, {"id": 1, "at": 2}, ("/at",)) == []


def test_a_refused_replay_is_a_violation() -> None:
    refused = told(REPLAY.judge, answer(201, {"id": 1}, CREATE), answer(409, {}, CREATE), SimpleNamespace(volatile=()))

    assert refused == [("violation", "a replay is refused")]


def test_two_objects_in_the_list_are_two_effects_whatever_the_answers_say() -> None:
    stored = answer(201, {"id": 1}, CREATE)

    assert told(REPLAY.judge_effect, 2, stored, stored) == ANOTHER
    assert told(REPLAY.judge_effect, 1, stored, stored) == []
    assert told(REPLAY.judge_effect, 0, stored, stored) == []


def test_answers_that_name_nothing_and_a_list_that_shows_nothing_conclude_nothing() -> None:
    empty, listed = answer(201, None, CREATE), answer(201, {}, CREATE, Location="/things")

    for first, second in ((empty, empty), (listed, listed)):
        with pytest.raises(Inconclusive):
            told(REPLAY.judge_effect, 0, first, second)
        assert told(REPLAY.judge_effect, 1, first, second) == []
