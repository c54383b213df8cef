"""Path items where their paths are, so that an operation's place in the document is what its path says."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from certify.contract.origins import Origins
from certify.http.call import ABSENT, resolve_pointer


def settle_items(document: dict[str, Any], origins: Origins) -> None:
    """Put what a path refers to under the path itself; what is written beside the reference wins (OpenAPI 3.1 §4.8.9
    leaves that open). A reference that leads nowhere stays, and is told later."""
    paths = document.get("paths")
    if not isinstance(paths, dict):
        return
    for path, item in paths.items():
        seen: set[str] = set()
        while isinstance(item, dict) and isinstance(item.get("$ref"), str) and item["$ref"] not in seen:
            seen.add(item["$ref"])
            target = resolve_pointer(document, unquote(item["$ref"][1:])) if item["$ref"].startswith("#/") else ABSENT
            if not isinstance(target, dict):
                break
            beside = {key: value for key, value in item.items() if key != "$ref"}
            item = {**target, **beside}
            origins.made(item, target)
            paths[path] = item
