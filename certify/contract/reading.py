"""The bytes of a contract as values, quickly: JSON by the standard library, YAML from libyaml's events.

The values are those of :mod:`certify.program.source` (YAML 1.2 core schema, keys are texts), but no line is remembered:
contracts are large, and lines are looked for when there is something to tell (:mod:`certify.contract.lines`).
Nothing recurses, and nothing is expanded without a bound.
"""

from __future__ import annotations

import json
import re
from typing import Any

from certify.program.events import Unreadable, build, plain
from certify.program.source import decoded

MAX_BYTES = 100 * 1024 * 1024
MAX_DEPTH = 200
MAX_NODES = 10_000_000
"""Values of one document after its aliases are expanded."""

_NUMERIC = re.compile(r"[-+.0-9]")


def read_value(data: bytes) -> Any:
    """The value of a document, JSON or YAML. Raises :class:`certify.program.events.Unreadable`."""
    text = decoded(data)
    if text.lstrip()[:1] in ("{", "["):
        value = _json(text)
        if value is not None:
            return value
    return _Values(text).read()


def _json(text: str) -> Any:
    """The value of a JSON document; None where it is no JSON, and YAML has to try."""
    try:
        value = json.loads(text, parse_constant=_refused)
    except RecursionError:
        raise _too_deep(1) from None
    except ValueError:
        return None
    if _depth(value) > MAX_DEPTH:
        raise _too_deep(1)
    return value


def _refused(name: str) -> Any:
    raise ValueError(name)


def _too_deep(line: int) -> Unreadable:
    return Unreadable(f"nested deeper than {MAX_DEPTH} levels", line)


def _depth(value: Any) -> int:
    """How deep containers are nested, counted level by level."""
    level, depth = [value], 0
    while level:
        depth += 1
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
    return depth


class _Values:
    """Builds values from events. ``stack`` holds the open containers, ``keys`` the member name that waits in each."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._stack: list[Any] = []
        self._keys: list[str | None] = []
        self._names: list[str | None] = []
        self._anchors: dict[str, Any] = {}
        self._aliased = False
        self._roots: list[Any] = []

    def read(self) -> Any:
        import yaml

        loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            self._consume(yaml.parse(self._text, Loader=loader), yaml)
        except yaml.YAMLError:
            build(self._text)  # raises with the line and the causes that people meet most
            raise Unreadable("not YAML", 0) from None
        if not self._roots:
            raise Unreadable("the file is empty", 0)
        if self._aliased:
            self._bound()
        return self._roots[0]

    def _consume(self, events: Any, yaml: Any) -> None:
        scalar, mapping, sequence = yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent
        ends = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
        stack, keys, names, put = self._stack, self._keys, self._names, self._put
        for event in events:
            kind = type(event)
            if kind is scalar:
                text = event.value
                if stack and keys[-1] is None and type(stack[-1]) is dict:
                    if text in stack[-1]:
                        build(self._text)  # raises with both lines
                    keys[-1] = text
                    continue
                if event.implicit[0] and not event.tag:
                    text = _simple(text)
                put(text)
                if event.anchor:
                    self._anchors[event.anchor] = text
            elif kind is mapping or kind is sequence:
                if stack and keys[-1] is None and type(stack[-1]) is dict:
                    build(self._text)
                stack.append({} if kind is mapping else [])
                keys.append(None)
                names.append(event.anchor)
                if len(stack) > MAX_DEPTH:
                    raise _too_deep(event.start_mark.line + 1)
            elif kind in ends:
                done, anchor = stack.pop(), names.pop()
                keys.pop()
                put(done)
                if anchor:
                    self._anchors[anchor] = done
            elif kind is yaml.AliasEvent:
                if event.anchor not in self._anchors:
                    build(self._text)
                self._aliased = True
                put(self._anchors[event.anchor])
            elif kind is yaml.DocumentStartEvent and self._roots:
                line = event.start_mark.line + 1
                raise Unreadable("a second document starts here", line, "keep one document per file")

    def _put(self, value: Any) -> None:
        if not self._stack:
            self._roots.append(value)
            return
        parent = self._stack[-1]
        if type(parent) is list:
            parent.append(value)
        else:
            parent[self._keys[-1]] = value
            self._keys[-1] = None

    def _bound(self) -> None:
        """Refuse what grows beyond all measure, or grows deep, when its aliases are expanded."""
        sizes: dict[int, tuple[int, int]] = {}
        waiting = [(self._roots[0], False)]
        while waiting:
            node, ready = waiting.pop()
            if not isinstance(node, dict | list) or (id(node) in sizes and not ready):
                continue
            children = list(node.values() if isinstance(node, dict) else node)
            if ready:
                found = [sizes.get(id(child), (1, 0)) for child in children]
                sizes[id(node)] = (1 + sum(s for s, _ in found), 1 + max((d for _, d in found), default=0))
                continue
            waiting.append((node, True))
            waiting += [(child, False) for child in children]
        size, depth = sizes.get(id(self._roots[0]), (1, 0))
        if size > MAX_NODES:
            raise Unreadable(f"the document holds more than {MAX_NODES:,} values once its aliases are expanded", 0)
        if depth > MAX_DEPTH:
            raise _too_deep(0)


def _simple(text: str) -> Any:
    """A plain scalar; what begins like a word costs one look."""
    first = text[:1]
    if first.isalpha() and first not in "tfnTFN":
        return text
    return plain(text)
