"""What Depot takes: one rule for each kind of value, and forms made of them.

A rule's ``wrong`` is empty for a good value and says what is wrong with another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class Rule(Protocol):
    def wrong(self, value: Any) -> str: ...


@dataclass(frozen=True)
class Text:
    low: int
    high: int
    pattern: str = ""
    nullable: bool = False

    def wrong(self, value: Any) -> str:
        if value is None and self.nullable:
            return ""
        if not isinstance(value, str):
            return "is no text"
        if not self.low <= len(value) <= self.high:
            return f"has not {self.low} to {self.high} characters"
        return "" if not self.pattern or re.fullmatch(self.pattern, value) else "has another form"


@dataclass(frozen=True)
class Whole:
    low: int
    high: int

    def wrong(self, value: Any) -> str:
        if type(value) is not int:
            return "is no whole number"
        return "" if self.low <= value <= self.high else f"is not from {self.low} to {self.high}"


@dataclass(frozen=True)
class OneOf:
    values: tuple[str, ...]

    def wrong(self, value: Any) -> str:
        return "" if value in self.values and isinstance(value, str) else f"is none of {', '.join(self.values)}"


@dataclass(frozen=True)
class Form:
    """An object: members that must be there, members that may be, and no others."""

    required: Mapping[str, Rule]
    optional: Mapping[str, Rule]

    def wrong(self, value: Any) -> str:
        if not isinstance(value, dict):
            return "the body is no object"
        rules = {**self.required, **self.optional}
        for name in [*self.required, *value]:
            if name not in rules:
                return f"{name} is unknown"
            if name not in value:
                return f"{name} is missing"
            if told := rules[name].wrong(value[name]):
                return f"{name} {told}"
        return ""


KINDS = ("raw", "made", "spare")
FORMS: Mapping[str, Form] = {
    "part": Form(
        {"name": Text(1, 60), "kind": OneOf(KINDS), "weight_g": Whole(0, 1_000_000)},
        {"note": Text(0, 200, nullable=True)},
    ),
    "bin": Form({"label": Text(1, 40), "capacity": Whole(1, 5_000)}, {}),
    "movement": Form({"quantity": Whole(-1_000, 1_000), "reason": Text(1, 80)}, {}),
    "search": Form({"text": Text(1, 60)}, {"kind": OneOf(KINDS)}),
    "account": Form({"title": Text(1, 60)}, {}),
    "count": Form({"counted": Whole(0, 1_000_000)}, {"by": Text(1, 40)}),
}
QUERY: Mapping[str, Rule] = {
    "limit": Whole(1, 100),
    "offset": Whole(0, 1_000_000_000),
    "page": Whole(1, 1_000_000_000),
    "size": Whole(1, 50),
    "after": Whole(0, 2_000_000_000),
    "count": Whole(1, 50),
    "subject": Text(1, 40),
    "kind": OneOf(KINDS),
    "name": Text(1, 60),
    "company": Text(1, 40),
}
TOKEN = Text(0, 80)
CODE = Text(6, 6, "[A-Z]{2}-[0-9]{3}")


def number(text: str) -> Any:
    """The whole number that a text spells, or the text itself, which no rule for numbers lets pass."""
    return int(text) if re.fullmatch("-?[0-9]{1,12}", text) else text
