"""How lists are walked, guessed from their parameters and from what they answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from certify.contract import Contract, Operation
from certify.onboarding.facts import Facts
from certify.onboarding.yaml_lines import comment, scalar

# The names that public APIs use, without case, dashes and underscores.
_STYLES = {
    "cursor": {
        "cursor",
        "pagetoken",
        "nexttoken",
        "continuationtoken",
        "startingafter",
        "after",
        "nextcursor",
        "marker",
    },
    "offset": {"offset", "skip", "startindex", "start", "startat", "from"},
    "page": {"page", "pagenumber", "pageno", "pageindex", "p", "currentpage"},
}
_SIZES = {
    "limit",
    "pagesize",
    "perpage",
    "size",
    "count",
    "maxresults",
    "maxitems",
    "top",
    "take",
    "first",
    "itemsperpage",
}
_NEXT = {"nextcursor", "next", "nextpagetoken", "nexttoken", "nextpage", "cursor", "continuationtoken", "nextlink"}


@dataclass(frozen=True)
class Paging:
    """A guess, and the list that it was read from."""

    style: str
    operation: str
    parameters: tuple[str, ...]
    cursor_param: str = ""
    size_param: str = ""
    items_pointer: str | None = None
    next_pointer: str = ""
    max_size: int | None = None


def lines(facts: Facts) -> Iterator[str]:
    found = guess(facts.contract)
    if found is None:
        yield "# pagination: {style: page, cursor_param: page, size_param: per_page, items_pointer: /items}"
        return
    yield from comment(f"How lists are walked, as {found.operation} looks: it takes {', '.join(found.parameters)}.")
    yield "pagination:"
    yield f"  style: {found.style} # cursor, page, offset, link or none"
    for member in ("cursor_param", "size_param", "next_pointer", "max_size"):
        if value := getattr(found, member):
            yield f"  {member}: {scalar(value)}"
    if found.items_pointer is not None:
        yield f"  items_pointer: {scalar(found.items_pointer)} # where the items are in a page"


def guess(contract: Contract) -> Paging | None:
    """The paging of the list that says most about it; None where no list takes paging parameters."""
    lists = [resource.list for resource in contract.resources if resource.list is not None]
    lists += [op for op in contract.operations if op.method == "GET" and "{" not in op.path and op not in lists]
    found = [paging for operation in lists if (paging := _of(contract, operation))]
    return max(found, key=lambda item: (bool(item.style != "none"), len(item.parameters)), default=None)


def _of(contract: Contract, operation: Operation) -> Paging | None:
    names = {_bare(p.name): p.name for p in operation.parameters if p.place == "query"}
    size = next((names[name] for name in names if name in _SIZES), "")
    style, cursor = _style(names, bool(size))
    answer = next((answer for status, answer in operation.answers.items() if status.startswith("2")), None)
    linked = answer is not None and any(name.lower() == "link" for name in answer.headers)
    style = style or ("link" if linked and size else "")
    if not style:
        return None
    items, following = _pointers(contract, operation)
    limit = next((p.schema.get("maximum") for p in operation.parameters if p.name == size), None)
    return Paging(
        style,
        operation.id,
        tuple(filter(None, (cursor, size))),
        cursor,
        size,
        items,
        following if style == "cursor" else "",
        limit if isinstance(limit, int) and not isinstance(limit, bool) and limit > 0 else None,
    )


def _style(names: Mapping[str, str], sized: bool) -> tuple[str, str]:
    """The style and its parameter. A doubtful name alone (``from``, ``after``) is a filter more often than a page."""
    for style, known in _STYLES.items():
        for bare, name in names.items():
            if bare in known and (sized or bare in {"cursor", "page", "offset", "pagetoken", "pagenumber"}):
                return style, name
    return "", ""


def _pointers(contract: Contract, operation: Operation) -> tuple[str | None, str]:
    """Where the items and the next cursor are in a page; None and nothing where the schema does not say."""
    schema = _schema(contract, operation)
    if "array" in _types(schema):
        return "", ""
    members = {name: contract.follow(raw) for name, raw in _properties(contract, schema).items()}
    arrays = [name for name, member in members.items() if isinstance(member, dict) and "array" in _types(member)]
    following = next((name for name in members if _bare(name) in _NEXT), "")
    return (f"/{arrays[0]}" if len(arrays) == 1 else None), (f"/{following}" if following else "")


def _schema(contract: Contract, operation: Operation) -> Mapping[str, Any]:
    for status, answer in operation.answers.items():
        pointer = next((where for media, where in answer.media.items() if "json" in media and where), "")
        if status.startswith("2") and pointer:
            found = contract.follow(contract.at(pointer))
            return found if isinstance(found, dict) else {}
    return {}


def _properties(contract: Contract, schema: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
    """Members of an object, also of what it is composed of."""
    found = dict(schema.get("properties", {}))
    for part in schema.get("allOf", []) if depth < 5 else []:
        inner = contract.follow(part)
        found |= _properties(contract, inner, depth + 1) if isinstance(inner, dict) else {}
    return found


def _types(schema: Mapping[str, Any]) -> tuple[str, ...]:
    kinds = schema.get("type", ())
    return (kinds,) if isinstance(kinds, str) else tuple(kinds)


def _bare(name: str) -> str:
    return re.sub("[^a-z]", "", name.lower())
