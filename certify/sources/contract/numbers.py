"""Whole numbers are written as such: ``20``, never ``20.0``.

JSON Schema has called 20.0 an integer since draft 6. Draft 4, which Swagger 2.0 and OpenAPI 3.0 build on, calls it none
(§3.5: a number without a fraction or exponent part), and so do most typed languages. A refusal of the spelling proves
nothing about what a partner promised, and an engine that believes otherwise is not to be let loose on it.
"""

from __future__ import annotations

from typing import Any


def whole(value: Any) -> Any:
    """The value with each number that has no fraction as an integer, at any depth."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case dict():
            return {name: whole(item) for name, item in value.items()}
        case list():
            return [whole(item) for item in value]
        case _:
            return value
