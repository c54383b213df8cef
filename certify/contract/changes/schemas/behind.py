"""What schemas refer to where they are equal as written: only what stands behind a reference can have changed there.

Below ``not`` and ``if`` (and ``contains``, which ``maxContains`` turns round) the two directions do not hold: what
narrows there may widen the whole. So nothing is weighed there: whatever changed, changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from certify.contract.changes.schemas.view import TEXTS, written
from certify.contract.changes.side import Side, reference

TURNING = frozenset(["not", "if", "contains"])
"""Keywords below which a narrower schema can make the whole one wider (JSON Schema 2020-12 §10.2.1.4, §10.2.2.1,
validation §6.4.4)."""

_VALUES = frozenset(["const", "enum"])


def references(value: Any, flag: str, *, turned: bool = False) -> Iterator[tuple[str, bool]]:
    """The pointers that a schema refers to, each with whether it stands below a turning keyword.

    Members that have ``flag`` are left out: they are no part of the message.
    """
    stack, seen = [(value, turned)], set()
    while stack:
        node, turned = stack.pop()
        if isinstance(node, list):
            stack += [(item, turned) for item in node]
        elif isinstance(node, dict) and node.get(flag) is not True:
            found = (reference(node), turned)
            if found[0] is not None and found not in seen:
                seen.add(found)
                yield found[0], turned
            stack += [(item, turned or name in TURNING) for name, item in node.items()]


def changed_behind(old: Side, new: Side, target: str) -> bool:
    """Whether anything that can be reached from a reference is not the same on both sides, texts aside."""
    waiting, seen = [target], {target}
    while waiting:
        pointer = waiting.pop()
        before, after = old.at(pointer), new.at(pointer)
        if written(bare(before)) != written(bare(after)):
            return True
        further = {place for place, _ in references(before, "")} - seen
        seen |= further
        waiting += further
    return False


def bare(value: Any) -> Any:
    """A schema without what only a reader sees: texts, that is, and not members that have such a name, nor values."""
    if isinstance(value, list):
        return [bare(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: item if name in _VALUES else bare(item)
        for name, item in value.items()
        if not (isinstance(item, str | bool) and (name in TEXTS or name.startswith("x-")))
    }
