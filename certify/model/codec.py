"""Dataclasses to JSON values and back, by their own type hints.

One rule for every public shape: field names are the JSON names, enums their values, tuples arrays, dates ISO 8601
(RFC 3339 full-date). Unknown members are ignored when reading, so that additions stay compatible.

    >>> encode(Contact("Ada", "ada@partner.example"))
    {'name': 'Ada', 'email': 'ada@partner.example', 'topic': 'technical', 'hours': ''}
"""

from __future__ import annotations

import dataclasses
import operator
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from functools import cache, partial
from typing import Any, TypeVar, cast

T = TypeVar("T")


def encode(value: Any) -> Any:
    """Turn a model object into JSON values."""
    kind = type(value)
    return (_ENCODERS.get(kind) or _encoder(kind))(value)


def decode(kind: type[T], value: Any) -> T:
    """Build a ``kind`` from JSON values. Raises ``ValueError``, ``TypeError`` or ``KeyError`` where they do not fit."""
    return cast(T, _decoder(cast(Any, kind))(value))


Decoder = Callable[[Any], Any]


def _encoder(kind: type) -> Callable[[Any], Any]:
    """The encoder of a type, found once: a record has the same shape a hundred thousand times."""
    return _ENCODERS.setdefault(kind, _choose(kind))


def _choose(kind: type) -> Callable[[Any], Any]:
    if dataclasses.is_dataclass(kind):
        return partial(_members, _names(kind))
    if issubclass(kind, Enum):
        return operator.attrgetter("value")
    if issubclass(kind, date):
        return date.isoformat
    if issubclass(kind, Mapping):
        return lambda value: {str(key): encode(item) for key, item in value.items()}
    if issubclass(kind, (tuple, list)):
        return lambda value: [encode(item) for item in value]
    return lambda value: value


def _members(names: tuple[str, ...], value: Any) -> dict[str, Any]:
    return {name: encode(getattr(value, name)) for name in names}


_ENCODERS: dict[type, Callable[[Any], Any]] = {}


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(item.name for item in dataclasses.fields(kind))


@cache
def _decoder(kind: Any) -> Decoder:
    """The decoder of a type, made once: a record has the same shape a hundred thousand times."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return _union(arguments)
    if origin is tuple:
        return _sequence(arguments)
    if origin in (dict, Mapping):
        item = _decoder(arguments[1])
        return lambda value: {key: item(member) for key, member in _object(value).items()}
    if dataclasses.is_dataclass(kind):
        return _dataclass(cast(type, kind))
    return _scalar(kind)


def _union(arguments: tuple[Any, ...]) -> Decoder:
    options = [option for option in arguments if option is not type(None)]
    if len(options) > 1:
        return lambda value: tuple(value) if isinstance(value, list) else value
    inner = _decoder(options[0])
    return lambda value: None if value is None else inner(value)


def _sequence(arguments: tuple[Any, ...]) -> Decoder:
    endless = len(arguments) == 2 and arguments[1] is Ellipsis
    if endless and arguments[0] is not Ellipsis:
        each = _decoder(arguments[0])
        return lambda value: tuple([each(item) for item in _array(value)])
    parts = [_decoder(argument) for argument in arguments]
    return lambda value: tuple([part(item) for part, item in zip(parts, _array(value), strict=True)])


def _array(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(f"expected an array, found {type(value).__name__}")
    return value


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError(f"expected an object, found {type(value).__name__}")
    return value


def _dataclass(kind: type) -> Decoder:
    hints = typing.get_type_hints(kind)
    members: list[tuple[str, Decoder]] = []

    def build(value: Any) -> Any:
        if not isinstance(value, dict):
            raise TypeError(f"expected an object for {kind.__name__}, found {type(value).__name__}")
        if not members:  # not before the first use: a type may hold itself
            members.extend((name, _decoder(hints[name])) for name in _names(kind))
        return kind(**{name: member(value[name]) for name, member in members if name in value})

    return build


def _scalar(kind: Any) -> Decoder:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if kind is date:
        return date.fromisoformat
    if kind is float:
        return _float
    if kind in (str, int, bool):
        return lambda value: _exactly(kind, value)
    return lambda value: value


def _float(value: Any) -> Any:
    if type(value) is not int:
        return _exactly(float, value)
    try:
        return float(value)
    except OverflowError:
        raise ValueError("a number is too large") from None


def _exactly(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError(f"expected {kind.__name__}, found {value!r}")
    return value
