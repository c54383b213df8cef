"""An answer's words name its cause; generic words, pages and hostile bodies name none."""

from __future__ import annotations

import json

import pytest

from certify.sources.contract.sayings import KEPT, wording_of


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ('{"title": "row 17 is gone", "instance": "/rows/17"}', "row * is gone"),
        ('{"error": {"code": "out_of_stock", "message": "no item \'x\' left"}}', "out_of_stock no item * left"),
        ('{"errors": [{"path": "/isbn", "message": "is taken"}]}', "/isbn is taken"),
        ('"division by zero"', "division by zero"),
        ("connection to db-3 refused", "connection to db-* refused"),
    ],
)
def test_what_varies_is_taken_out(answer: str, words: str) -> None:
    assert wording_of(answer) == words


def test_the_order_of_members_within_a_text_is_no_cause() -> None:
    one = """{"message": "length [{\\"min\\": Number(3), \\"value\\": String(\\"\\")}]"}"""
    other = """{"message": "length [{\\"value\\": String(\\"\\"), \\"min\\": Number(3)}]"}"""
    assert wording_of(one) == wording_of(other) != ""


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "Internal Server Error",
        '{"message": "Internal server error"}',
        '{"type": "about:blank", "title": "Internal Server Error", "status": 500}',
        '{"detail": "Something went wrong, please try again later."}',
        "<html><body><h1>Oops: 4711</h1></body></html>",
        '{"status": 500, "trace_id": "abc"}',
        "null",
    ],
)
def test_generic_words_name_nothing(answer: str) -> None:
    assert wording_of(answer) == ""


@pytest.mark.parametrize(
    "answer",
    [
        "[" * 60_000,
        '{"a":' * 60_000,
        "9" * 10_000,
        '{"message": "\\ud800 broken"}',
        '{"title": "a\\u0000b"}',
        "\x00\x01",
    ],
)
def test_whatever_a_partner_answers_is_survived(answer: str) -> None:
    assert len(wording_of(answer)) <= KEPT
    json.dumps(wording_of(answer)).encode()
