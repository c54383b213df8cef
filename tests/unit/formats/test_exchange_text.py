"""Evidence is shown as it was sent, with the place that matters marked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from certify.formats.exchange_text import (
    BODY_LINES,
    LINE,
    UNMARKED_LINES,
    body_lines,
    exchange_text,
    request_lines,
    response_lines,
)
from certify.model.exchange import ReceivedResponse
from tests.unit.formats.sample_findings import DRIFT, EXPIRED, LEAK, RESET


def _marked(body: str, pointer: str) -> list[str]:
    return [line.text.strip() for line in body_lines(body, pointer) if line.marked]


@pytest.mark.parametrize(
    ("body", "pointer", "marked"),
    [
        ('{"a": {"b": [1, 2]}}', "/a/b/1", ["2"]),
        ('{"a": {"b": 1}}', "/a", ['"a": {', '"b": 1', "}"]),
        ('{"a/b": 1, "c~d": 2}', "/a~1b", ['"a/b": 1,']),
        ('{"a/b": 1, "c~d": 2}', "/c~0d", ['"c~d": 2']),
        ('{"a": {"x": 1}}', "/a/missing", ['"a": {']),
        ('{"a": 1}', "", []),
        ('{"a": 1}', "not a pointer", []),
        ('{"a": 1}', "/b/c/d", []),
        ("<html>", "/a", []),
        ('{"": 1}', "/", ['"": 1']),
    ],
)
def test_the_place_that_a_pointer_names_is_marked(body, pointer, marked):
    assert _marked(body, pointer) == marked


def test_numbers_keep_their_spelling_and_repeated_members_stay():
    text = "\n".join(line.text for line in body_lines('{"a":1.50,"a":1e3,"b":12345678901234567890,"c":{},"d":[]}'))

    assert text == '{\n  "a": 1.50,\n  "a": 1e3,\n  "b": 12345678901234567890,\n  "c": {},\n  "d": []\n}'


def test_a_long_body_shows_what_is_marked_and_counts_the_rest():
    body = "[" + ",".join(map(str, range(5000))) + "]"
    lines = body_lines(body, "/4000")

    assert [line.text for line in lines if line.marked] == ["  4000,"]
    assert len(lines) <= BODY_LINES + 2
    assert lines[0].quiet
    assert "lines before" in lines[0].text
    assert "more lines" in lines[-1].text


def test_a_long_body_without_a_mark_shows_its_beginning_only():
    lines = body_lines("[" + ",".join(map(str, range(5000))) + "]")

    assert [line.text for line in lines[:2]] == ["[", "  0,"]
    assert len(lines) == UNMARKED_LINES + 1


@pytest.mark.parametrize("body", ["[" * 5000, "x" * 300_000, "\n" * 100_000, '{"a":' + "9" * 50_000 + "}", '"\\ud800"'])
def test_an_abusive_body_is_bounded_and_never_raises(body):
    lines = body_lines(body, "/a/b")

    assert len(lines) <= BODY_LINES + 2
    assert all(len(line.text) < LINE + 40 for line in lines)
    "\n".join(line.text for line in lines).encode()


def test_a_transport_error_stands_in_the_place_of_the_response():
    assert [line.text for line in response_lines(RESET)] == [f"No response: {RESET.error}"]


def test_the_status_is_marked_when_it_is_what_is_wrong():
    status, *rest = response_lines(EXPIRED, "", "200 with the customer's data")

    assert (status.text, status.marked) == ("200 OK  (42 ms)", True)
    assert not any(line.marked for line in rest)
    assert not response_lines(DRIFT, "/data/0/score", "200")[0].marked


def test_a_truncated_body_says_so():
    cut = replace(EXPIRED, response=ReceivedResponse(200, (), "{", truncated=True))

    assert response_lines(cut)[-1].text == "… the rest of the body was not recorded"


def test_plain_text_marks_with_a_sign():
    text = exchange_text(DRIFT, "/data/0/score")

    assert '>       "score": "87",' in text
    assert request_lines(LEAK)[0].text.startswith("PATCH https://")
