"""``report.html``: one self-contained file for whoever has to act on the verdict.

The verdict comes first, then what to fix and how to see it again, then what nobody could prove; the reference material
follows. The file loads nothing and runs nothing (it has no script, and its own policy forbids any), and it stays below
5 MB whatever the run was like. Every expression of the template passes through :func:`_shown`, so that no place can be
forgotten: acting characters become visible, long texts are cut, and Jinja escapes the rest.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from certify.formats.html_page import page
from certify.formats.inert import within
from certify.formats.interface import Format
from certify.formats.reading import waived_by
from certify.formats.words import counted, sentence
from certify.model.report import Report

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"
LONGEST = 4000
_CODE = re.compile(r"`([^`\n]{1,200})`")


class HtmlFormat(Format):
    name = "html"
    description = "report.html, self-contained, for people"

    def render(self, report: Report) -> Mapping[str, bytes]:
        return {"report.html": laid_out("report.html", page=page(report))}


def laid_out(template: str, sheets: Sequence[str] = ("report.css",), **values: Any) -> bytes:
    """A page of the report's kind: its look, its policy, and every expression shown as text."""
    style = "".join((TEMPLATES / sheet).read_text(encoding="utf-8") for sheet in sheets)
    text = _environment().get_template(template).render(style=style, policy=_policy(style), **values)
    return text.encode()


def _policy(style: str) -> str:
    """Content Security Policy, level 3: nothing but our own style sheet, named by its digest."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["prose"] = _prose
    environment.filters["sentence"] = sentence
    environment.filters["counted"] = counted
    environment.filters["waived_by"] = waived_by
    return environment


def _prose(text: str) -> Markup:
    """Text in which backticks set a word as code; escaped first, so that nothing else is markup."""
    from markupsafe import Markup, escape

    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(_shown(text)))))


def _shown(value: Any) -> Any:
    """Plain text becomes visible text of bounded length; markup of our own passes."""
    return within(value, LONGEST) if type(value) is str else value
