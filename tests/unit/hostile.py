"""Hostile text, and ways to put it into every place of anything that is made of dataclasses.

    spoil(report, PAYLOADS["script"])      # the same report; each free text begins with the payload
    build(Comparison, PAYLOADS["osc"])     # one made up from its type hints: every text *is* the payload

Both go by the fields that a class has today, so a new field is covered on the day on which it is added.
"""

from __future__ import annotations

import builtins
import dataclasses
import importlib
import pkgutil
import sys
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Literal, Union

from certify.model.report import (
    Report,
    ReportedCheck,
    ReportedContact,
    ReportedCriterion,
    ReportedFinding,
    ReportedMilestone,
    ReportedWaiver,
)

PAYLOADS = {
    "script": "<script>window.pwned=1</script><img src=https://evil.example/x onerror=window.pwned=1>",
    "attribute": "\" onmouseover=window.pwned=1 x='\"' onfocus=window.pwned=1 autofocus tabindex=0 '>",
    "closing": "</script></style></title></textarea></pre></details></svg><svg onload=window.pwned=1>-->",
    "style": "</style><style>@import 'https://evil.example/x.css';body{background:url(https://evil.example/y)}</style>",
    "address": "javascript:window.pwned=1",
    "markdown": "![x](https://evil.example/i.png) [y](https://evil.example) <https://evil.example> www.evil.example @o",
    "reference": "[x]: https://evil.example\n\n[x] ![x]\n# h\n- a\n> q\n| a | b |\n|---|---|\n***b*** ~~s~~ $x$",
    "backticks": "`` ` ``` ```` <b>x</b> <img src=https://evil.example/x>\n```\n<b>y</b> ![i](https://evil.example/)",
    "sgr": "\x1b[31m\x1b[2J\x1b[1A\x1b[8mhidden\x07\x08\x7f\r gone",
    "osc": "\x1b]0;owned\x07\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\ \x1bP1$r\x1b\\ \x1b[c",
    "c1": "\x9b31m\x9d0;owned\x9c\x90x\x9c\x85",
    "bidi": "\u202egnp.exe\u2066x\u2069\u200b\u200f\u2028y\u2029z\ufeff\U000e0041",
    "formula": "=HYPERLINK(\"https://evil.example\",\"x\")",
    "plus": "+1+cmd|' /C calc'!A0",
    "minus": "-2+3+cmd|' /C calc'!A0",
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "tab": "\t=1+1",
    "return": "\r=1+1\n=2+2",
    "quoted": "'=1+1\",\"=2+2\"\r\n=3+3;=4+4",
    "entities": "]]> <!-- --> <?x?> &lt;b&gt; &xxe; <!DOCTYPE x [<!ENTITY xxe SYSTEM 'file:///etc/passwd'>]>&xxe;",
    "workflow": "x\n::error::owned\r\n::set-output name=a::b\r::stop-commands::x\n##[error]owned%0A::warning::x",
    "section": "section_start:1:x\r\x1b[0Kowned",
    "nul": "a\x00b\ufffe\uffff",
    "surrogate": "\ud800x\udfff",
    "template": "{{ 7*'7' }}{% raw %}{{ page }} ${7*7} #{7*7} %s %(x)s {0}",
}  # fmt: skip

KEPT = {
    Report: {"schema", "verdict"},
    ReportedMilestone: {"verdict"},
    ReportedCriterion: {"ruling", "kind", "level"},
    ReportedCheck: {"status", "reason", "level"},
    ReportedFinding: {"weight", "level"},
    ReportedWaiver: {"state"},
    ReportedContact: {"side", "topic"},
}
"""Closed lists, by which formats choose what to show; :func:`build` spoils those as well."""


def spoil(value: Any, payload: str) -> Any:
    """The same value with each text, keys of maps included, behind the payload; what refers to what still does."""
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return payload + value
    if isinstance(value, tuple):
        return tuple(spoil(item, payload) for item in value)
    if isinstance(value, Mapping):
        return {spoil(key, payload): spoil(item, payload) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        kept = KEPT.get(type(value), set())
        names = [item.name for item in dataclasses.fields(value) if item.init and item.name not in kept]
        return dataclasses.replace(value, **{name: spoil(getattr(value, name), payload) for name in names})
    return value


def build(kind: Any, payload: str, pick: int = 0) -> Any:
    """A value of a type with the payload as every text. ``pick`` chooses among the members of enums and literals."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind in (str, Any, object):
        return payload
    if kind in _PLAIN:
        return _PLAIN[kind](pick)
    if origin in (Union, types.UnionType):
        return build(next(item for item in arguments if item is not type(None)), payload, pick)
    if origin is Literal:
        return arguments[pick % len(arguments)]
    if origin is tuple and not (len(arguments) == 2 and arguments[1] is Ellipsis):
        return tuple(build(item, payload, pick) for item in arguments)
    if origin is not None and issubclass(origin, Mapping):
        return {build(arguments[0], payload, pick): build(arguments[1], payload, pick)}
    if origin is not None and issubclass(origin, (frozenset, set)):
        return frozenset([build(arguments[0], payload, pick)])
    if origin is not None:
        return tuple(build(arguments[0], payload, pick + more) for more in range(3))
    return _class(kind, payload, pick)


_PLAIN: dict[Any, Any] = {
    int: lambda pick: 1,
    float: lambda pick: 1.0,
    bool: lambda pick: pick % 2 == 0,
    date: lambda pick: date(2026, 3, 12),
    datetime: lambda pick: datetime(2026, 3, 12, tzinfo=UTC),
    type(None): lambda pick: None,
}


def _class(kind: Any, payload: str, pick: int) -> Any:
    """None for what is not ours, such as a key: no text gets in there."""
    if issubclass(kind, Enum):
        return list(kind)[pick % len(kind)]
    if issubclass(kind, Path):
        return Path(payload)
    if dataclasses.is_dataclass(kind):
        hints = hints_of(kind)
        return kind(
            **{item.name: build(hints[item.name], payload, pick) for item in dataclasses.fields(kind) if item.init}
        )
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        hints = hints_of(kind)
        return kind(*(build(hints[name], payload, pick) for name in kind._fields))
    return None


def hints_of(thing: Any) -> dict[str, Any]:
    """Type hints, those included whose names a module imports for type checkers alone."""
    space = vars(sys.modules[thing.__module__])
    return typing.get_type_hints(thing, localns=_Names(space))  # type: ignore[arg-type]


class _Names(dict[str, Any]):
    """Names as the module has them, else as the builtins, typing or any module of ours have them."""

    def __init__(self, module: Mapping[str, Any]) -> None:
        super().__init__()
        self._module = module

    def __missing__(self, name: str) -> Any:
        for space in (self._module, vars(builtins), vars(typing)):
            if name in space:
                return space[name]
        return _ours().get(name, Any)


@cache
def _ours() -> dict[str, Any]:
    return {
        name: member
        for module in modules("certify")
        for name, member in vars(module).items()
        if isinstance(member, type) and member.__module__.startswith("certify.")
    }


def modules(package: str) -> Iterator[types.ModuleType]:
    """Every module of ours below a package that can be imported here."""
    root = importlib.import_module(package)
    for found in pkgutil.walk_packages(root.__path__, f"{package}."):
        try:
            yield importlib.import_module(found.name)
        except ImportError:
            continue
