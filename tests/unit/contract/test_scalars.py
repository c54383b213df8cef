"""What a schema says of plain values; one that says nothing sensible forbids nothing."""

from __future__ import annotations

from typing import Any

import pytest

from certify.contract.scalars import fits


@pytest.mark.parametrize(
    ("schema", "value", "kept"),
    [
        ({"type": "integer", "minimum": 3}, 3, True),
        ({"type": "integer", "minimum": 3}, 2, False),
        ({"type": "string", "maxLength": 2}, "abc", False),
        ({"type": "string", "pattern": "^a+$"}, "b", False),
        ({"enum": ["a", "b"]}, "c", False),
    ],
)
def test_a_value_fits_or_not(schema: dict[str, Any], value: Any, kept: bool) -> None:
    assert fits(schema, value) is kept


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "text"},
        {"type": 7},
        {"minimum": "five"},
        {"multipleOf": 0},
        {"multipleOf": "x"},
        {"enum": 7},
        {"maximum": None},
        {"type": ["integer", {}]},
    ],
)
def test_a_schema_that_cannot_be_used_says_nothing(schema: dict[str, Any]) -> None:
    assert fits(schema, 10**400)
    assert fits(schema, 1.5e308)


def test_neither_does_a_length_that_is_none() -> None:
    assert fits({"minLength": "two"}, "a")
