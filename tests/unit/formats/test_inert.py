"""What a partner wrote is shown, and does nothing."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from certify.formats.inert import clip, markdown, markdown_block, markdown_code, one_line, visible
from tests.unit.formats.sample_extremes import HOSTILE

GITHUB = MarkdownIt("gfm-like", {"html": True, "linkify": False})


@pytest.mark.parametrize(
    "acting",
    ["\x00", "\x1b", "\x07", "\x7f", "\x9b", "\r", "\u202e", "\u2066", "\u200b", "\ufeff", "\ud800", "\ufffe",
     "\U000e0041"],
)  # fmt: skip
def test_acting_characters_become_visible_escapes(acting):
    shown = visible(f"a{acting}b")

    assert acting not in shown
    assert "\\" in shown
    shown.encode("utf-8")


def test_letters_of_every_script_newlines_and_tabs_stay():
    assert visible("Åkerlund 東京 مرحبا 🙂\n\tx\r\ny") == "Åkerlund 東京 مرحبا 🙂\n\tx\ny"


def test_clipping_says_how_much_is_missing():
    assert clip("a" * 1500, 1000).endswith("… (500 more characters)")
    assert clip("short", 1000) == "short"
    assert one_line("a\n  b\tc") == "a b c"


@pytest.mark.parametrize("quote", [markdown, markdown_code])
@pytest.mark.parametrize(
    "text", [HOSTILE, "# h", "- a", "1. a", "> q", "|a|b|", "`", "``", "` `", "[x](y)", "&lt;b&gt;"]
)
def test_quoted_markdown_is_one_paragraph_of_text(quote, text):
    tokens = GITHUB.parse(quote(text, 10_000))

    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {child.type for child in tokens[1].children} <= {"text", "code_inline", "text_special"}


def test_quoted_markdown_reads_as_it_was_written():
    tokens = GITHUB.parse(markdown("a_b *c* <d> & [e] `f`"))

    assert "".join(child.content for child in tokens[1].children) == "a_b *c* <d> & [e] `f`"


@pytest.mark.parametrize("text", ["@octocat", "#12", "www.evil.example", "https://evil.example", "a@b.example"])
def test_nothing_that_a_site_links_by_itself_survives_in_prose(text):
    assert text not in markdown(text)


def test_a_fenced_block_cannot_be_left():
    tokens = GITHUB.parse(markdown_block("a\n```\n<b>\n``````\nx", "sh"))

    assert [token.type for token in tokens] == ["fence"]
