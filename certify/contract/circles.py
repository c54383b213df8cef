"""Which nodes of a graph lie on a circle. Nothing recurses, and the time is that of the edges."""

from __future__ import annotations

from collections.abc import Iterator


def circular(edges: dict[str, set[str]]) -> Iterator[str]:
    """The nodes that lie on a circle, or between two: what is left when ends and beginnings are taken away."""
    left = {node: {other for other in others if other in edges} for node, others in edges.items()}
    for _ in range(2):
        left = _peeled(left)
        left = _turned(left)
    yield from sorted(left)


def _peeled(edges: dict[str, set[str]]) -> dict[str, set[str]]:
    """Without the nodes from which every way ends."""
    users = _turned(edges)
    ends = [node for node, others in edges.items() if not others]
    left = {node: set(others) for node, others in edges.items()}
    while ends:
        end = ends.pop()
        left.pop(end, None)
        for user in users.get(end, ()):
            if user in left:
                left[user].discard(end)
                if not left[user]:
                    ends.append(user)
    return left


def _turned(edges: dict[str, set[str]]) -> dict[str, set[str]]:
    turned: dict[str, set[str]] = {node: set() for node in edges}
    for node, others in edges.items():
        for other in others:
            turned.setdefault(other, set()).add(node)
    return turned
