"""How a parameter or a header field writes its value (OpenAPI 3.1 §4.8.12.2, §4.8.21)."""

from __future__ import annotations

from certify.contract.changes.side import Node

SIMPLE, FORM = "simple", "form"


def schema_of(node: Node) -> Node:
    """The schema of a value, which stands below its media type where it has one."""
    media = node.members("content")
    return next(iter(media.values())) / "schema" if media else node / "schema"


def written(node: Node, style: str) -> str:
    """How a value is written, defaults spelled out. ``style`` is the one that holds where none is named."""
    if media := node.members("content"):
        return f"as {next(iter(media))}"
    style = node.get("style") or style
    explode = node.get("explode", style == FORM)
    return f"style {style}, {'exploded' if explode else 'not exploded'}"
