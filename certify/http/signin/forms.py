"""The forms of an HTML page, as far as a sign-in needs them: where they go, and what they send untouched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

PAGE_LIMIT = 1_000_000
"""Characters of a page that are read; a sign-in page is far smaller."""
_SENT_AS_IS = frozenset({"hidden", "text", "email", "password", "search", "tel", "url", "number", ""})


@dataclass
class Form:
    """One form: its action as written, its method (get or post), and the fields that it sends if nobody types.

    ``buttons`` are named submit buttons; a page with several acts on the one that was pressed.
    """

    name: str
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)

    def sent(self, typed: Mapping[str, str]) -> dict[str, str]:
        """What the form sends (HTML, form submission): its fields with what was typed, and its only button."""
        pressed = self.buttons if len(self.buttons) == 1 and not set(self.buttons) & set(typed) else {}
        return {**self.fields, **pressed, **typed}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            name = given.get("id") or given.get("name", "")
            method = "post" if given.get("method", "").lower() == "post" else "get"  # HTML: whatever else means GET
            self._open = Form(name, given.get("action", ""), method)
            self.forms.append(self._open)
        elif self._open is not None and given.get("name"):
            self._take(tag, given, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None

    def _take(self, tag: str, given: dict[str, str], attrs: Mapping[str, str | None]) -> None:
        assert self._open is not None
        kind, name, value = given.get("type", "").lower(), given["name"], given.get("value", "")
        if tag == "button" or (tag == "input" and kind == "submit"):
            self._open.buttons.setdefault(name, value)
        elif tag == "input" and kind in ("checkbox", "radio"):
            if "checked" in attrs:
                self._open.fields[name] = value or "on"
        elif tag == "input" and kind in _SENT_AS_IS:
            self._open.fields[name] = value


def forms(page: str) -> list[Form]:
    """Every form of a page, in order. Nothing of the page is executed."""
    reader = _Reader()
    reader.feed(page[:PAGE_LIMIT])
    reader.close()
    return reader.forms
