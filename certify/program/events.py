"""Parser events to values and lines, without recursion: a hostile file must not reach the interpreter's stack.

PyYAML's composer recurses in C and expands nothing, its constructor knows dates and YAML 1.1's ``yes``. So we take the
events (libyaml's parser is a state machine) and build the values ourselves, counting nodes as aliases would expand.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import yaml

MAX_NODES, MAX_DEPTH = 1_000_000, 100
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,300})")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)?(\.[0-9]*)?([eE][-+]?[0-9]+)?")
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_WORDS |= dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(("false", "False", "FALSE"), False)
_TAGS = {"tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq", "!"}

Lines = dict[int, dict[str | int, int]]


class Unreadable(Exception):
    """Why a document cannot be read: a message, a line (0: the whole file), advice. Becomes a Problem in ``source``."""

    def __init__(self, message: str, line: int, advice: str = "") -> None:
        super().__init__(message)
        self.message, self.line, self.advice = message, line, advice


@dataclass(frozen=True)
class _Node:
    """A finished value. ``nodes`` and ``depth`` count what it holds, aliases at full size."""

    value: Any
    line: int
    nodes: int = 1
    depth: int = 0


@dataclass
class _Open:
    """A container that is being filled, and the member name that waits for its value.

    ``before`` is the number of values that stood before it.
    """

    value: dict[str, Any] | list[Any]
    line: int
    anchor: str | None
    before: int
    depth: int = 1
    key: str | None = None
    key_line: int = 0


@dataclass
class _Builder:
    lines: Lines = field(default_factory=dict)
    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, _Node] = field(default_factory=dict)
    roots: list[Any] = field(default_factory=list)
    total: int = 0

    def open(self, value: dict[str, Any] | list[Any], line: int, anchor: str | None) -> None:
        if self._wants_key():
            raise Unreadable("a member's name must be a single value", line)
        self.lines[id(value)] = {}
        self.stack.append(_Open(value, line, anchor, self.total))
        self._bound(1, 0, line)

    def close(self) -> None:
        done = self.stack.pop()
        self._put(_Node(done.value, done.line, self.total - done.before, done.depth), done.anchor)

    def scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        if self._wants_key():
            self._take_key(event.value, line)
            return
        self._bound(1, 0, line)
        written_plain = event.implicit[0] and not event.tag
        self._put(_Node(plain(event.value) if written_plain else event.value, line), event.anchor)

    def alias(self, name: str, line: int) -> None:
        if self._wants_key():
            raise Unreadable("a member's name cannot be an alias", line)
        if name not in self.anchors:
            raise Unreadable(f"alias '*{name}' has no anchor '&{name}' before it", line)
        node = self.anchors[name]
        self._bound(node.nodes, node.depth, line)
        self._put(_Node(node.value, line, node.nodes, node.depth), None)

    def _put(self, node: _Node, anchor: str | None) -> None:
        if anchor is not None:
            self.anchors[anchor] = node
        if not self.stack:
            self.roots.append(node.value)
            return
        parent = self.stack[-1]
        parent.depth = max(parent.depth, node.depth + 1)
        if isinstance(parent.value, list):
            self.lines[id(parent.value)][len(parent.value)] = node.line
            parent.value.append(node.value)
        elif parent.key is not None:
            self.lines[id(parent.value)][parent.key] = parent.key_line
            parent.value[parent.key] = node.value
            parent.key = None

    def _bound(self, nodes: int, depth: int, line: int) -> None:
        self.total += nodes
        if len(self.stack) + depth > MAX_DEPTH:
            raise Unreadable(f"nested deeper than {MAX_DEPTH} levels", line)
        if self.total > MAX_NODES:
            raise Unreadable(f"the document holds more than {MAX_NODES:,} values once its aliases are expanded", line)

    def _wants_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None

    def _take_key(self, key: str, line: int) -> None:
        parent = self.stack[-1]
        if key in parent.value:
            first = self.lines[id(parent.value)][key]
            raise Unreadable(f"member {key!r} is written twice; the first is on line {first}", line, "keep one of them")
        parent.key, parent.key_line = key, line


def build(text: str) -> tuple[Any, Lines]:
    """The root value of a document, and the line of every member and item. Raises :class:`Unreadable`."""
    import yaml

    builder = _Builder()
    for event in _events(text):
        line = event.start_mark.line + 1
        if getattr(event, "tag", None) not in {None, *_TAGS}:
            raise Unreadable(f"tag {event.tag!r} is not supported", line, "write plain YAML")
        match event:
            case yaml.DocumentStartEvent() if builder.roots:
                raise Unreadable("a second document starts here", line, "keep one document per file")
            case yaml.MappingStartEvent():
                builder.open({}, line, event.anchor)
            case yaml.SequenceStartEvent():
                builder.open([], line, event.anchor)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                builder.close()
            case yaml.ScalarEvent():
                builder.scalar(event, line)
            case yaml.AliasEvent():
                builder.alias(str(event.anchor), line)
    return (builder.roots[0] if builder.roots else None), builder.lines


def _events(text: str) -> Iterator[Any]:
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        yield from yaml.parse(text, Loader=loader)
    except yaml.reader.ReaderError as error:
        line = text.encode("utf-8", "replace").count(b"\n", 0, error.position) + 1
        raise Unreadable(f"a control character (U+{_point(error.character):04X}) is not text", line) from None
    except yaml.MarkedYAMLError as error:
        raise _syntax(error, text) from None
    except yaml.YAMLError as error:
        raise Unreadable(f"not YAML: {error}", 0) from None


def _point(character: Any) -> int:
    return ord(character) if isinstance(character, str) else int(character)


def _syntax(error: yaml.MarkedYAMLError, text: str) -> Unreadable:
    """What the parser could not read, with the causes that people meet most."""
    lines = text.rstrip().split("\n")
    mark, start = error.problem_mark or error.context_mark, error.context_mark
    line = mark.line if mark else 0
    if line >= len(lines):  # the end of the file: what was left open is more telling
        line, advice = (start.line if start else len(lines) - 1), "what begins here is never closed"
    elif "\t" in lines[line][: len(lines[line]) - len(lines[line].lstrip())]:
        return Unreadable("a tab indents this line", line + 1, "indent with spaces; YAML does not allow tabs")
    else:
        advice = "put quotes around a text that contains ': '" if "mapping values" in str(error.problem) else ""
    context = f" {error.context}" if error.context else ""
    return Unreadable(f"not YAML: {error.problem}{context}", line + 1, advice)


def plain(text: str) -> Any:
    """A plain scalar by the YAML 1.2 core schema (§10.3.2); numbers as JSON writes them, and only finite ones."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    if len(text) < 400 and any(digit in text for digit in "0123456789") and _FLOAT.fullmatch(text):
        return _finite(text)
    return text


def _finite(text: str) -> float | str:
    try:
        number = float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text
