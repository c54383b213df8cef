"""A pull-request comment: the verdict first, short enough, and nothing a partner wrote can act in it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from certify.formats.html import HtmlFormat
from certify.formats.summary import LIMIT, SummaryFormat
from certify.model.plan import Origin
from certify.model.report import Report
from tests.unit.formats import sample_extremes, samples

GITHUB = MarkdownIt("gfm-like", {"html": True, "linkify": False})
OURS = {"<details>", "</details>", "<sub>", "</sub>"}


def _render(report: Report) -> str:
    return SummaryFormat().render(report)["summary.md"].decode()


def test_the_verdict_comes_first_then_the_milestones_then_what_to_fix():
    text = _render(samples.failing())

    assert text.startswith("## ❌ Northwind Energy: not certified\n")
    assert text.index("| Authentication |") < text.index("### What to fix") < text.index("### Not proven")


def test_a_finding_says_what_was_expected_what_came_and_how_to_see_it_again():
    text = _render(samples.failing())

    assert "- expected: `403 or 404, and nothing of the object`" in text
    assert "- actual: `200 with the customer's data`" in text
    assert "curl -sS" in text


def test_what_is_not_proven_says_why_and_what_would_settle_it():
    text = _render(samples.unproven())

    assert "names no identity" in text
    assert "To settle it:" in text
    assert "`authz.tenant-read-isolated`, `authz.tenant-list-isolated`" in text


def test_an_interrupted_run_says_so_before_anything_else():
    assert "**This run was interrupted.**" in _render(samples.interrupted()).split("|")[0]


def test_a_waiver_is_shown():
    assert "by Marta Lindqvist (solution-engineer) until 2026-04-30" in _render(samples.passing())


@pytest.mark.parametrize("sample", [sample_extremes.hostile, lambda: sample_extremes.enormous(300, 6000)])
def test_it_always_fits_a_comment(sample):
    assert len(_render(sample())) < LIMIT


def test_what_does_not_fit_is_counted():
    assert re.search(r"… and \d+ more", _render(sample_extremes.enormous(300, 6000)))


def _tokens(text: str):
    for token in GITHUB.parse(text):
        yield token
        yield from token.children or ()


@pytest.mark.parametrize("sample", [samples.failing, sample_extremes.hostile])
def test_no_link_no_image_and_no_markup_but_ours(sample):
    text = _render(sample())
    tokens = list(_tokens(text))

    assert not [token for token in tokens if token.type in ("link_open", "image")]
    for token in tokens:
        if token.type in ("html_block", "html_inline"):
            tags = set(re.findall(r"<[^>]*>", re.sub(r"<summary>[^<]*</summary>", "", token.content)))
            assert tags <= OURS, token.content


def test_nobody_is_mentioned_and_no_issue_is_referenced():
    prose = [token for token in _tokens(_render(sample_extremes.hostile())) if token.type == "text"]

    assert prose
    assert not re.search(r"@octocat|#1\b|www\.evil|https://evil", " ".join(token.content for token in prose))


def test_the_table_keeps_its_shape():
    tokens = [token.type for token in GITHUB.parse(_render(sample_extremes.hostile()))]

    assert tokens.count("tr_open") == 6
    assert tokens.count("td_open") == 20


def test_one_of_a_kind_is_singular_in_every_report():
    report = samples.failing()
    milestones = tuple(replace(item, business_days=1) for item in report.milestones)
    report = replace(report, milestones=milestones, run=replace(report.run, requests=1))
    page = HtmlFormat().render(report)["report.html"].decode()

    assert "1 request in " in _render(report)
    assert "1 request in " in page
    assert "1 business day<" in page


def test_a_pass_after_a_failure_is_told_as_flaky():
    assert "### Flaky" in _render(samples.passing())
    assert "`idem.replay-returns-same` passed only on a further attempt (failed, then passed)" in _render(
        samples.passing()
    )
    assert "Flaky" not in _render(samples.failing())


def test_it_says_where_it_ran():
    report = samples.passing()
    assert "on `gitlab-ci` (`northwind/leads`)" in _render(report)
    assert " on a laptop ·" in _render(replace(report, run=replace(report.run, origin=Origin())))


def test_a_repository_that_wants_to_act_is_shown():
    report = samples.passing()
    origin = Origin("gitlab-ci", {"repository": "a`<img src=x>` @team [x](https://evil.example)"})
    html = GITHUB.render(_render(replace(report, run=replace(report.run, origin=origin))))
    assert "<code>a`&lt;img src=x&gt;` @team [x](https://evil.example)</code>" in html
