"""report.html: one file, self-contained, in the order in which it is needed, and safe whatever a partner sent."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from certify.formats.html import HtmlFormat
from certify.model.report import Report
from tests.unit.formats import sample_extremes, samples

ALL = [samples.passing, samples.failing, samples.unproven, samples.interrupted, sample_extremes.hostile]
VOID = {"meta", "link", "br", "use", "circle", "path", "img", "input", "hr"}


class Page(HTMLParser):
    """Collects elements in order, and checks on the way that they nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append((self.open[-1] if self.open else "", data))

    def text(self) -> str:
        return " ".join("".join(data for place, data in self.words if place != "style").split())

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


def _html(report: Report) -> str:
    return HtmlFormat().render(report)["report.html"].decode()


def _page(report: Report) -> Page:
    return Page(_html(report))


@pytest.mark.parametrize("sample", ALL)
def test_it_nests_and_loads_nothing(sample):
    page = _page(sample())

    assert page.open == []
    assert not page.all("script", "img", "iframe", "object", "embed", "form", "input", "base", "audio", "video")
    assert page.all("link") == [{"rel": "icon", "href": "data:,"}]
    assert not any(name in ("src", "srcset", "style") or name.startswith("on") for _, a in page.elements for name in a)


@pytest.mark.parametrize("sample", ALL)
def test_links_lead_into_the_page_or_to_a_standard(sample):
    page = _page(sample())
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]

    assert len(ids) == len(set(ids))
    for href in (attributes["href"] for attributes in page.all("a", "use")):
        assert href.startswith(("https://www.rfc-editor.org/rfc/", "https://owasp.org/")) or href[1:] in ids


def test_its_policy_allows_its_own_style_and_nothing_else():
    html = _html(samples.passing())
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    policy = next(item["content"] for item in Page(html).all("meta") if item.get("http-equiv"))

    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert b64encode(sha256(style.encode()).digest()).decode() in policy
    assert "unsafe" not in policy
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.parametrize("sample", ALL)
def test_headings_step_down_one_level_at_a_time_under_one_title(sample):
    levels = [int(tag[1]) for tag, _ in _page(sample()).elements if re.fullmatch("h[1-6]", tag)]

    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_landmarks_language_and_a_skip_link_are_there():
    page = _page(samples.failing())

    assert page.all("html") == [{"lang": "en"}]
    assert all(len(page.all(tag)) == 1 for tag in ("header", "nav", "main", "footer"))
    assert page.all("a")[0]["href"] == "#main"


def test_the_verdict_comes_first_then_what_to_fix_then_the_rest():
    page = _page(samples.failing())
    titles = [data for place, data in page.words if place == "h3"]

    assert next(tag for tag, _ in page.elements if tag in ("h1", "h2")) == "h1"
    assert [item["id"] for item in page.all("section")] == [
        "milestones", "fix", "unproven", "advice", "criteria", "checks", "coverage", "provenance",
    ]  # fmt: skip
    assert titles.index("An expired token still opens getCustomer") < titles.index(
        "Retry-After is shorter than the window"
    )


@pytest.mark.parametrize(
    "told",
    [
        "401, because the token's exp lies 120 s in the past", "200 with the customer's data",
        "GET https://sandbox.northwind.example/v1/customers/cus_01HV", '"tenant": "northwind-b"', "RFC 7519 §4.1.4",
        "$EXPIRED_TOKEN", "Cache at most until exp.", "ada.okafor@northwind.example", "listCustomers", "(seen 3 times)",
        "Holds back Authentication", "No response: connection reset by peer", "at /data/0/score",
    ],
)  # fmt: skip
def test_a_finding_tells_what_an_engineer_needs(told):
    assert told in _page(samples.failing()).text()


def test_the_place_in_the_body_is_marked():
    assert "<mark>      &#34;score&#34;: &#34;87&#34;,\n</mark>" in _html(samples.failing())


def test_what_is_unproven_is_as_visible_as_what_failed():
    text = _page(samples.unproven()).text()

    assert "Northwind Energy is not proven yet" in text
    for told in ("authz.tenant-read-isolated", "names no identity", "To settle it: Add the identity", "other_tenant",
                 "Nobody in the role partner-manager", "It was planned, and nothing was reported"):  # fmt: skip
        assert told in text
    assert "Nothing was found that has to be fixed." in text


def test_waivers_flaky_checks_notes_and_incomplete_runs_are_told():
    passing, cut = _page(samples.passing()).text(), _page(samples.interrupted()).text()

    assert "Approved by Marta Lindqvist (solution-engineer) until 2026-04-30." in passing
    assert "idem.replay-returns-same passed only on a further attempt (failed, then passed)." in passing
    assert "This run is not complete." in cut
    assert "interrupted after 16 of 30 checks" in cut


def test_provenance_is_complete():
    report, text = samples.passing(), _page(samples.passing()).text()

    for told in (
        report.run.id,
        *report.run.digests.values(),
        *report.run.versions.values(),
        " ".join(report.run.command),
        "gitlab-ci, as its environment says",
        *report.run.origin.facts.values(),
    ):
        assert told in text


def test_hostile_text_is_shown_as_text():
    html = _html(sample_extremes.hostile())

    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;window.pwned=1" in html
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u2066\ufffe]", html)


def test_an_enormous_run_stays_below_five_megabytes_and_counts_what_it_leaves_out():
    html = _html(sample_extremes.enormous())

    assert len(html.encode()) < 5_000_000
    assert "… and 2,800 more causes" in html
    assert "it is left out here to keep this file small" in html


def test_an_empty_report_still_reads():
    report = samples.unproven()
    coverage = replace(report.coverage, operations=0, exercised=0, details=())
    empty = replace(report, milestones=(), checks=(), findings=(), counts={}, evidence={}, coverage=coverage)

    assert "is not proven yet" in _page(empty).text()
