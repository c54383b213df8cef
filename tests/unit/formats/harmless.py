"""What makes a file harmless, by the reader that its kind is read with: one rule for each suffix.

A file is held against a *benign* one of the same shape: hostile text may not add a tag, an attribute, a link, a cell or
a command. A suffix without a rule fails, so that a new kind of file has to be argued about.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

from markdown_it import MarkdownIt

ACTING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff\U000e0000-\U000e007f]"
)
"""What a reader of plain text obeys, or what is no text: controls but tab and line feed, bidi, halves of pairs."""
SGR = re.compile("\x1b\\[[0-9;]*m")


def inspect(name: str, data: bytes, benign: bytes) -> None:
    """Fails where a file is not harmless."""
    text, model = data.decode("utf-8"), benign.decode("utf-8")  # strict: a file is UTF-8 whatever went in
    RULES[name.rpartition(".")[2]](text, model)


def plain(text: str) -> None:
    assert not ACTING.search(text), ACTING.search(text)


def _html(text: str, benign: str) -> None:
    plain(text)
    found, known = _Tags(text), _Tags(benign)
    assert found.kinds <= known.kinds, found.kinds - known.kinds
    assert not {tag for tag, _ in found.kinds} & {"script", "iframe", "object", "embed", "img", "base", "form"}
    for tag, name, value in found.attributes:
        assert not name.startswith("on"), (tag, name)
        assert name != "style" or (tag, name, value) in known.attributes, value
        if name in ("href", "src", "action", "xlink:href", "srcdoc", "formaction"):
            own = value.startswith("#") or (tag, name, value) in known.attributes
            assert own, (tag, name, value)
    assert found.styles == known.styles


class _Tags(HTMLParser):
    """``kinds`` are (tag, names of attributes); ``styles`` the text of style elements."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.kinds: set[tuple[str, tuple[str, ...]]] = set()
        self.attributes: set[tuple[str, str, str]] = set()
        self.styles = ""
        self._in_style = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.kinds.add((tag, tuple(sorted(name for name, _ in attrs))))
        self.attributes.update((tag, name, value or "") for name, value in attrs)
        self._in_style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        self.styles += data if self._in_style else ""


def _xml(text: str, benign: str) -> None:
    plain(text)
    assert "<!DOCTYPE" not in text.split("<", 2)[-1][:200]
    assert _shape(text) <= _shape(benign)


def _shape(text: str) -> set[tuple[str, tuple[str, ...]]]:
    return {(item.tag, tuple(sorted(item.attrib))) for item in ET.fromstring(text).iter()}


def _svg(text: str, benign: str) -> None:
    _xml(text, benign)
    for item in ET.fromstring(text).iter():
        assert not re.search("script|foreignObject|image|use$|^a$", item.tag.rpartition("}")[2])
        assert not [name for name in item.attrib if name.startswith("on") or name.endswith("href")]


def _csv(text: str, benign: str) -> None:
    plain(text.replace("\r\n", "\n"))
    (header, *rows) = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert header == next(csv.reader(io.StringIO(benign)))
    for cell in (cell for row in rows for cell in row):
        assert not re.match("['\\s]*[=+\\-@]", cell) or cell.startswith("'"), cell[:60]
    assert {len(row) for row in rows} == {len(header)}


def _json(text: str, _: str) -> None:
    for said in strings(json.loads(text)):
        plain(said)


def strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from strings(item)
        case dict():
            for key, item in value.items():
                yield key
                yield from strings(item)


GAP = "\u200b"
_LINKED = re.compile(r"(?:https?|ftp)://(?!\u200b)|www\.|(?<![\w/])@\w|(?<!\w)#\d")
"""What GitHub links or notifies by itself, behind which no zero-width space stands."""


def markdown(text: str, benign: str) -> None:
    """By CommonMark with GitHub's tables and strikethrough: the same kinds of things as in the benign one."""
    plain(text)
    found, known = set(_tokens(text)), set(_tokens(benign))
    assert {kind for kind, _ in found} <= {kind for kind, _ in known}, {kind for kind, _ in found - known}
    assert {item for item in found if item[0] in ("link_open", "tag")} <= known, found - known
    assert not {kind for kind, _ in found} & {"image", "s_open"}, found - known
    for kind, said in found:
        assert kind != "text" or not _LINKED.search(said), said


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Kind and content; of HTML its tags, of a link its address."""
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for token in (item for block in reader.parse(text) for item in (block.children or [block])):
        if token.type in ("html_block", "html_inline"):
            yield from (("tag", tag) for tag in re.findall("<[^>]*>", token.content))
        else:
            yield token.type, str(token.attrGet("href") or token.content)


def _text(text: str, _: str) -> None:
    plain(text)


COMMAND = re.compile(r"::(error|warning|notice) title=[^:,\r\n]*::[^\r\n]*")


def annotations(text: str) -> None:
    """Every line is one of our commands, as GitHub's runner reads them."""
    for line in text.splitlines():
        assert COMMAND.fullmatch(line), line[:120]


def terminal(text: str) -> None:
    """No character that a terminal obeys but our own colours."""
    plain(SGR.sub("", text))


RULES: dict[str, Callable[[str, str], None]] = {
    "html": _html,
    "xml": _xml,
    "svg": _svg,
    "csv": _csv,
    "json": _json,
    "md": markdown,
    "txt": _text,
    "properties": _text,
}
