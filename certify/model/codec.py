"""Dataclasses to JSON values and back, by their own type hints.

One rule for every public shape: field names are the JSON names, enums their values, tuples arrays, dates ISO 8601
(RFC 3339 full-date). Unknown members are ignored when reading, so that additions stay compatible.

    >>> encode(Contact("Ada", "ada@partner.example"))
    {'name': 'Ada', 'email': 'ada@partner.example', 'topic': 'technical', 'hours': ''}
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

T = TypeVar("T")


def encode(value: Any) -> Any:
    """Turn a model object into JSON values."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: encode(getattr(value, name)) for name in _names(type(value))}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [encode(item) for item in value]
    return value


def decode(kind: type[T], value: Any) -> T:
    """Build a ``kind`` from JSON values. Raises ``ValueError``, ``TypeError`` or ``KeyError`` where they do not fit."""
    return cast(T, _decode(kind, value))


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(item.name for item in dataclasses.fields(kind))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _decode(kind: Any, value: Any) -> Any:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return _decode_union(kind, value)
    if origin is tuple:
        return _decode_tuple(typing.get_args(kind), value)
    if origin in (dict, Mapping):
        return {key: _decode(typing.get_args(kind)[1], item) for key, item in value.items()}
    if dataclasses.is_dataclass(kind):
        return _decode_dataclass(cast(type, kind), value)
    return _decode_scalar(kind, value)


def _decode_union(kind: Any, value: Any) -> Any:
    options = [option for option in typing.get_args(kind) if option is not type(None)]
    if value is None:
        return None
    if len(options) == 1:
        return _decode(options[0], value)
    return tuple(value) if isinstance(value, list) else value


def _decode_tuple(arguments: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise TypeError(f"expected an array, found {type(value).__name__}")
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return tuple(_decode(arguments[0], item) for item in value)
    return tuple(_decode(kind, item) for kind, item in zip(arguments, value, strict=True))


def _decode_dataclass(kind: type, value: Any) -> Any:
    if not isinstance(value, dict):
        raise TypeError(f"expected an object for {kind.__name__}, found {type(value).__name__}")
    hints = _hints(kind)
    return kind(**{name: _decode(hints[name], value[name]) for name in _names(kind) if name in value})


def _decode_scalar(kind: Any, value: Any) -> Any:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if kind is date:
        return date.fromisoformat(value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind in (str, int, float, bool) and (type(value) is not kind):
        raise TypeError(f"expected {kind.__name__}, found {value!r}")
    return value
