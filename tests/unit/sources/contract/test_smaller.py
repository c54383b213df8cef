"""A finding shows the smallest request that still shows it, and its history where it needs one."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from certify.http.call import Call, Reply
from certify.sources.contract.candidates import Sample
from certify.sources.contract.sequence import adapt, recreated
from certify.sources.contract.smallest import MOST, smallest


def a_sample(url: str = "http://x/leads", body: Any = None, **details: Any) -> Sample:
    encoded = None if body is None else base64.b64encode(json.dumps(body).encode()).decode()
    return Sample(**{"exchange": "e-1", "method": "POST", "url": url, "body": encoded, **details})


def body_of(sample: Sample) -> Any:
    return json.loads(base64.b64decode(sample.body or "bnVsbA=="))


def a_reply(status: int, body: Any = None, location: str = "") -> Reply:
    headers = (("Location", location),) if location else ()
    return Reply(status, headers, json.dumps(body).encode(), 0.0, "e-2", Call("POST", "/"))


def test_what_does_not_matter_is_left_out() -> None:
    sample = a_sample(
        "http://x/leads?a=1&b=2&a=3", {f"m{n}": n for n in range(6)}, headers=(("X-A", "1"), ("X-B", "2"))
    )
    tries = []

    def still(tried: Sample) -> bool:
        tries.append(tried)
        return "m4" in body_of(tried)

    found = smallest(sample, still)
    assert body_of(found) == {"m4": 4}
    assert urlsplit(found.url).query == ""
    assert found.headers == ()
    assert len(tries) <= MOST


def test_a_failure_that_needs_nothing_costs_one_request() -> None:
    tries = []
    found = smallest(a_sample("http://x/leads?a=1", {"m": 1}), lambda tried: bool(tries.append(tried) or True))
    assert (body_of(found), urlsplit(found.url).query, len(tries)) == ({}, "", 1)


def test_what_matters_together_stays_together() -> None:
    sample = a_sample(body=dict.fromkeys("abcd", 1))
    found = smallest(sample, lambda tried: {"a", "d"} <= set(body_of(tried)), 40)
    assert set(body_of(found)) == {"a", "d"}


@pytest.mark.parametrize("most", [0, 1, 5])
def test_the_number_of_requests_is_bounded(most: int) -> None:
    tries = []
    sample = a_sample(body={f"m{n}": n for n in range(50)})
    assert smallest(sample, lambda tried: bool(tries.append(tried)), most) == sample
    assert len(tries) == most


def test_a_body_that_is_no_object_stays_as_it_is() -> None:
    sample = a_sample(body=[1, 2])
    assert smallest(sample, lambda tried: True) == sample


def test_a_history_is_made_again_and_its_new_ids_take_the_place_of_the_old_ones() -> None:
    create = a_sample(body={"name": "x"}, status=201, answer='{"data": {"id": "17", "name": "x"}}')
    note = a_sample(
        "http://x/leads/17/notes", {"lead": "17"}, status=201, answer='{"id": 5}', answered=(("Location", "/notes/5"),)
    )
    failing = a_sample("http://x/leads/17/notes/5?lead=17", {"ids": [5, "17"], "text": "a 17"}, before=(create, note))
    sent = []

    def send(sample: Sample) -> Reply:
        sent.append(sample)
        return [a_reply(201, {"data": {"id": "42", "name": "x"}}), a_reply(201, {"id": 9}, "/notes/9")][len(sent) - 1]

    again = recreated(failing, send)
    assert again is not None
    assert [sample.url for sample in sent] == ["http://x/leads", "http://x/leads/42/notes"]
    assert body_of(sent[1]) == {"lead": "42"}
    assert again.url == "http://x/leads/42/notes/9?lead=42"
    assert body_of(again) == {"ids": [9, "42"], "text": "a 17"}
    assert again.before == ()


@pytest.mark.parametrize("reply", [None, a_reply(409)])
def test_a_history_that_cannot_be_made_again_is_none(reply: Reply | None) -> None:
    create = a_sample(status=201, answer='{"id": 1}')
    assert recreated(a_sample(before=(create,)), lambda _: reply) is None


@pytest.mark.parametrize("answer", ["[" * 9_000, "9" * 9_000, "\x00", '"x"'])
def test_whatever_an_answer_holds_is_survived(answer: str) -> None:
    step = a_sample(status=201, answer=answer)
    assert recreated(a_sample(before=(step,)), lambda _: a_reply(201, {"id": 1})) is not None
    assert adapt(a_sample("http://x/a"), {}).url == "http://x/a"
