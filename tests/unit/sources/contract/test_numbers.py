"""What is generated spells whole numbers as whole numbers, and leaves all else alone."""

import json

from certify.sources.contract.numbers import whole


def test_whole_numbers_lose_their_fraction_at_any_depth() -> None:
    assert json.dumps(whole({"a": 20.0, "b": [1e3, {"c": -0.0}]})) == '{"a": 20, "b": [1000, {"c": 0}]}'


def test_what_is_no_whole_number_stays() -> None:
    kept = {"a": 2.5, "b": "20.0", "c": None, "d": True, "e": float("inf")}

    assert whole(kept) == kept
    assert whole(True) is True
