"""The counts that an answer about a list tells beside its items: `total` in its envelope, or `X-Total-Count`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from certify.http.call import Reply

_HEADERS = ("X-Total-Count", "X-Total", "Total-Count", "X-WP-Total")


def counts_of(reply: Reply) -> dict[str, int]:
    """Each count by its JSON pointer or its header; nothing inside the items themselves."""
    found = dict(_numbers(reply.json(), ""))
    for name in _HEADERS:
        value = reply.header(name) or ""
        if value.isdecimal():
            found[name] = int(value)
    return found


def _numbers(value: Any, pointer: str) -> Iterator[tuple[str, int]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _numbers(item, f"{pointer}/{name}")
    elif isinstance(value, int) and not isinstance(value, bool) and pointer:
        yield pointer, value


def moved_by(before: Mapping[str, int], after: Mapping[str, int], step: int) -> set[str]:
    """The counts that grew by exactly that much."""
    return {name for name, value in after.items() if name in before and value - before[name] == step}
