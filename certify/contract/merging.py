"""One schema out of several that all apply: the parts of ``allOf``, a chosen branch, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_LARGER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_SMALLER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")


def merged(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Members and demands of all parts together; of two bounds the tighter one, of two enums what both allow."""
    whole: dict[str, Any] = {}
    for part in parts:
        for name, value in part.items():
            whole[name] = _both(name, whole[name], value) if name in whole else value
    return whole


def _both(name: str, first: Any, second: Any) -> Any:
    if name == "properties" and isinstance(first, Mapping) and isinstance(second, Mapping):
        shared = {key: {"allOf": [first[key], second[key]]} for key in first.keys() & second.keys()}
        return {**first, **second, **{key: _narrowed(shared[key]) for key in shared}}
    if name == "required" and isinstance(first, list) and isinstance(second, list):
        return list(dict.fromkeys([*first, *second]))
    if name == "enum" and isinstance(first, list) and isinstance(second, list):
        return [item for item in first if item in second] or second
    if name in (*_LARGER, *_SMALLER) and _numbers(first, second):
        return max(first, second) if name in _LARGER else min(first, second)
    if name == "allOf" and isinstance(first, list) and isinstance(second, list):
        return [*first, *second]
    return second


def _narrowed(both: Mapping[str, Any]) -> Any:
    """The same schema twice is itself."""
    first, second = both["allOf"]
    return first if first == second or second == {} else second if first == {} else both


def _numbers(*values: Any) -> bool:
    return all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values)
