"""Media types of a message: compared without regard to case and spaces (RFC 9110 §8.3.1)."""

from __future__ import annotations

from certify.contract.changes.side import Node


def by_type(message: Node) -> dict[str, Node]:
    """What a body or an answer says of each media type."""
    return {name.lower().replace(" ", ""): node for name, node in message.members("content").items()}
