"""A comparison in every rendering: what fell comes first, nothing acts, nothing grows without end."""

from __future__ import annotations

import io
import json
import re

import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from certify.cli.terminal.comparison import render_comparison
from certify.comparing.as_json import as_json
from certify.comparing.comparison import Comparison
from certify.comparing.markdown import LIMIT, as_markdown
from certify.comparing.page import as_html
from certify.program.validate import schema
from tests.unit.comparing import samples
from tests.unit.formats.test_html import Page

GITHUB = MarkdownIt("gfm-like", {"html": True, "linkify": False})
ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u2066\ufffe\ud800-\udfff]")


def as_text(comparison: Comparison) -> str:
    stream = io.StringIO()
    render_comparison(comparison, stream)
    return stream.getvalue()


def told(comparison: Comparison) -> dict[str, str]:
    html = as_html(comparison).decode()
    return {
        "terminal": " ".join(as_text(comparison).split()),
        "markdown": as_markdown(comparison),
        "html": " ".join(text for _, text in Page(html).words),
        "json": as_json(comparison),
    }


@pytest.mark.parametrize("name", ["terminal", "markdown", "html", "json"])
@pytest.mark.parametrize(
    "what",
    [
        "1 check newly failing, 1 newly not proven, 1 newly passing",
        "auth.expired-token-rejected",
        "token.expired.by-a-day",
        "page.walk-complete",
        "net.clock",
        "contract.schema-valid",
        "auth.alg-none-rejected",
        "deleteLead",
        "auth/test_tokens.py",
        "listUsage",
        "rate.limit-enforced",
        "9.2.0",
        "was asked for other milestones",
        "the last signed certified run of northwind",
        "failed, and did not fail again (failed, then passed)",
    ],
)
def test_every_rendering_tells_everything(name: str, what: str) -> None:
    plain = re.sub(r"\\|\u200b", "", told(samples.fallen())[name])

    assert what in re.sub(r"\s+", " ", plain)


@pytest.mark.parametrize("render", [as_text, as_markdown, lambda sample: as_html(sample).decode()])
def test_what_fell_comes_before_what_rose_and_what_lies_beneath(render) -> None:  # type: ignore[no-untyped-def]
    text = render(samples.fallen())
    body = text[text.index("token.expired.by-a-day") :]

    assert body.index("page.walk-complete") < body.index("net.clock-accurate") < body.index("108a08cfb50c")


def test_the_same_is_told_as_the_same() -> None:
    for text in (as_text(samples.same()), as_markdown(samples.same()), as_html(samples.same()).decode()):
        assert "The same outcomes" in text
    assert samples.same().exit_code == 0


@pytest.mark.parametrize("sample", [samples.fallen, samples.same, samples.hostile])
def test_json_is_as_its_schema_says(sample) -> None:  # type: ignore[no-untyped-def]
    Draft202012Validator(schema("comparison.v1")).validate(json.loads(as_json(sample())))


def test_hostile_text_is_shown_as_text_in_the_page() -> None:
    html = as_html(samples.hostile()).decode()
    page = Page(html)

    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;window.pwned=1" in html
    assert not ACTING.search(html)
    assert not {name for _, attributes in page.elements for name in attributes if name.startswith("on")}
    assert all(not str(a.get("href", "#")).startswith(("http", "javascript")) for _, a in page.elements)


def test_hostile_text_neither_links_nor_mentions_nor_formats_in_markdown() -> None:
    text = as_markdown(samples.hostile())
    tokens = list(GITHUB.parse(text))
    inline = [child for token in tokens for child in token.children or ()]

    assert not ACTING.search(text)
    assert not [
        token for token in (*tokens, *inline) if token.type in ("link_open", "image", "html_block", "html_inline")
    ]
    prose = " ".join(token.content for token in inline if token.type == "text")
    assert not re.search(r"@octocat|#1\b|www\.evil|https://evil", prose)
    assert [token.tag for token in tokens if token.type == "heading_open"].count("h1") == 0


def test_tables_keep_their_shape_whatever_stands_in_them() -> None:
    def cells(sample: Comparison) -> int:
        return [token.type for token in GITHUB.parse(as_markdown(sample))].count("td_open")

    assert cells(samples.hostile()) == cells(samples.fallen())


def test_no_terminal_obeys_a_partner() -> None:
    assert not ACTING.search(as_text(samples.hostile()))


def test_an_enormous_comparison_stays_small_and_counts_what_it_leaves_out() -> None:
    html, text = as_html(samples.enormous()).decode(), as_markdown(samples.enormous())

    assert len(html.encode()) < 5_000_000
    assert "and 900 more checks" in html
    assert len(text) < LIMIT + 500
    assert re.search(r"… and \d+ more", text)
    assert "and 990 more" in as_text(samples.enormous())
