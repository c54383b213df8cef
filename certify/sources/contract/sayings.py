"""What an error answer says once everything that varies is taken out: ids, numbers, quoted values.

    >>> wording_of('{"title": "row 17 is gone"}')
    'row * is gone'
    >>> wording_of("Internal Server Error")
    ''

Nothing, where it says no more than its status does: such answers are alike whatever caused them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from certify.http.call import ABSENT, parse_json

KEPT = 160
DEEPEST = 6
MOST = 12
_VARYING = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|0x[0-9a-f]+|\d+|'[^']*'|\"[^\"]*\"", re.IGNORECASE)
_MEMBERS = re.compile(r"\{([^{}]*)\}")
_SAYING = frozenset(
    ("type", "title", "code", "error", "errors", "message", "detail", "details", "description", "error_description",
     "msg", "reason", "loc", "field", "param", "parameter", "path", "pointer", "property", "source", "name",
     "violations", "invalid_params", "invalidParams", "status_message", "fault", "exception")
)  # fmt: skip
_HOLLOW = re.compile(
    r"\b(about:blank|https?://\S+|an?|the|error|errors|internal|server|unexpected|something|went|wrong|failure|failed|fail"
    r"|bad|request|invalid|input|validation|unprocessable|entity|content|unknown|occurred|sorry|please|try|again|later|http"
    r"|exception|has|was|is|did|not|your|this|to|process|processed|processing|body|value|object|information|on|in|for)\b|[\W_]+",
    re.IGNORECASE,
)


def wording_of(answer: str) -> str:
    """The words of an error body that name a cause; empty where they are generic, or where there is no text."""
    body = parse_json(answer)
    match body:
        case dict() | list():
            said = " ".join(_sayings(body))
        case str():
            said = body
        case _ if body is not ABSENT:
            said = ""
        case _:
            said = "" if _is_page(answer) else answer
    shape = _MEMBERS.sub(_in_order, _VARYING.sub("*", " ".join(said.split())))[:KEPT]
    return shape if _HOLLOW.sub("", shape) else ""


def _in_order(members: re.Match[str]) -> str:
    """The members of an object within a text, in an order: a map may be printed in another one each time."""
    return "{" + ", ".join(sorted(part.strip() for part in members[1].split(","))) + "}"


def _sayings(body: Any, depth: int = 0) -> Iterator[str]:
    """The texts of an error body, in its order; as many as name it, and no deeper than such bodies are."""
    if depth > DEEPEST:
        return
    if isinstance(body, list):
        for item in body[:MOST]:
            yield from [item] if isinstance(item, str) else _sayings(item, depth + 1)
    elif isinstance(body, dict):
        for name, value in list(body.items())[:100]:
            if isinstance(value, str) and name in _SAYING:
                yield value
            elif isinstance(value, (dict, list)) and (name in _SAYING or isinstance(value, dict)):
                yield from _sayings(value, depth + 1)


def _is_page(answer: str) -> bool:
    """Whether it is HTML or a trace of thousands of characters: no saying, and different each time."""
    return answer.lstrip()[:1] == "<"
