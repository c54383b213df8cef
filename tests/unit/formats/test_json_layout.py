"""JSON is laid out as it was sent, even when it was cut in the middle."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.formats.json_layout import DEEPEST, lay_out

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)
DOCUMENTS = VALUES.filter(lambda value: isinstance(value, (list, dict)))


def _text(body: str) -> str:
    return "\n".join(line for line, _ in lay_out(body))


@given(DOCUMENTS, st.booleans())
def test_it_reads_like_any_indented_json(value, ascii_only):
    assert _text(json.dumps(value, ensure_ascii=ascii_only)) == json.dumps(value, ensure_ascii=ascii_only, indent=2)


@given(DOCUMENTS, st.data())
def test_a_body_that_was_cut_loses_nothing_but_white_space(value, data):
    body = json.dumps(value, separators=(",", ":"))
    cut = body[: data.draw(st.integers(1, len(body)))]

    assert "".join(_text(cut).split()) == "".join(cut.split())


def test_a_cut_body_is_still_laid_out_and_marked():
    lines = lay_out('{"items":[{"id":1,"name":"a"},{"id":2,"na…', "/items/1/id")

    assert [line for line, marked in lines if marked] == ['      "id": 2,']
    assert lines[-1][0] == '      "na…'


def test_a_body_that_was_cut_between_two_tokens_keeps_the_sign_of_the_cut():
    assert _text('{"a":"b"…') == '{\n  "a": "b"…'


def test_names_with_escapes_are_found():
    assert [line for line, marked in lay_out('{"a\\"b":{"\\u0041":1}}', '/a"b/A') if marked] == ['    "\\u0041": 1']


@pytest.mark.parametrize(
    "body",
    ["", "text", '"text"', "12", "{]", "[1 2]", "{{}}", '{"a" "b": 1}', "[1]]", "[1] [2]", ":", "[x, 1]",
     "[" * (DEEPEST + 1)],
)  # fmt: skip
def test_what_is_no_json_is_refused_rather_than_bent(body):
    with pytest.raises(ValueError):
        lay_out(body)
