"""Media types of a message: compared without regard to case and spaces (RFC 9110 §8.3.1), nor to a ``charset`` of JSON,
which has no meaning there (RFC 8259 §11)."""

from __future__ import annotations

from certify.contract.changes.comparing import Comparing
from certify.contract.changes.side import Node
from certify.model.change import Direction

SCHEMAS = ("schema", "itemSchema")


def by_type(message: Node) -> dict[str, Node]:
    """What a body or an answer says of each media type."""
    return {_canonical(name): node for name, node in message.members("content").items()}


def compare_media(comparing: Comparing, operation: str, old: Node, new: Node, direction: Direction) -> None:
    """What one media type holds: a whole, or the items of a stream (OpenAPI 3.2)."""
    for name in SCHEMAS:
        comparing.compare_schemas(operation, old / name, new / name, direction)


def _canonical(name: str) -> str:
    kind, *parameters = name.lower().replace(" ", "").split(";")
    json = kind.endswith(("/json", "+json"))
    return ";".join([kind, *(item for item in parameters if item and not (json and item.startswith("charset=")))])
