"""The report as people meet it: opened in a browser, from a file, without a network.

Needs Debian's chromium; without it everything here is skipped, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from certify.comparing.comparison import Comparison
from certify.comparing.page import as_html
from certify.formats.badge import BadgeFormat
from certify.formats.html import HtmlFormat
from tests.unit.formats import sample_extremes, samples
from tests.unit.hostile import PAYLOADS, build, spoil

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
REPORTS = {
    "passing": samples.passing,
    "failing": samples.failing,
    "unproven": samples.unproven,
    "hostile": sample_extremes.hostile,
}

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason="no /usr/bin/chromium here (Debian: apt-get install chromium)"
)

CONTRAST = """
() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const worst = {};
  for (const node of document.querySelectorAll("body *")) {
    if (![...node.childNodes].some((c) => c.nodeType === 3 && c.textContent.trim())) continue;
    const a = light(rgb(getComputedStyle(node).color)), b = light(behind(node));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const name = node.tagName + "." + node.className;
    worst[name] = Math.min(worst[name] ?? 99, ratio);
  }
  return worst;
}
"""
HIDDEN = """
() => [...document.querySelectorAll("details > *")]
  .filter((node) => !node.checkVisibility({contentVisibilityAuto: true})).length
"""

CLIPPED = """
() => [...document.querySelectorAll("main *")]
  .filter((node) => node.clientWidth && node.scrollWidth > node.clientWidth + 1)
  .map((node) => node.outerHTML.slice(0, 90))
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("reports")
    for name, sample in REPORTS.items():
        (folder / f"{name}.html").write_bytes(HtmlFormat().render(sample())["report.html"])
    return {name: (folder / f"{name}.html").as_uri() for name in REPORTS}


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield opened
        opened.close()


@contextmanager
def _page(browser, url: str, width: int = 1280, height: int = 900, **options) -> Iterator:
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    page = context.new_page()
    page.requests, page.complaints = [], []
    page.on("request", lambda request: page.requests.append(request.url))
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(url)
    yield page
    context.close()


@pytest.mark.parametrize("name", REPORTS)
def test_it_opens_without_a_request_a_complaint_or_a_script(browser, files, name):
    with _page(browser, files[name]) as page:
        page.wait_for_timeout(100)

        assert [url for url in page.requests if not url.startswith(("file://", "data:"))] == []
        assert page.complaints == []
        assert page.evaluate("window.pwned") is None
        assert page.locator("img, script, iframe").count() == 0


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (380, 700)])
@pytest.mark.parametrize(
    ("name", "verdict"),
    [("passing", "is certified"), ("failing", "is not certified"), ("unproven", "is not proven yet")],
)
def test_the_verdict_is_in_the_first_viewport(browser, files, name, verdict, width, height):
    with _page(browser, files[name], width, height) as page:
        for selector in ("h1", ".lead"):
            box = page.locator(selector).bounding_box()
            assert box["y"] + box["height"] < height
        assert verdict in page.locator("h1").inner_text()


def test_the_keyboard_alone_reaches_the_findings_with_a_visible_focus(browser, files):
    with _page(browser, files["failing"]) as page:
        reached = []
        for _ in range(40):
            page.keyboard.press("Tab")
            reached.append(
                page.evaluate("document.activeElement.closest('.finding')?.id || document.activeElement.className")
            )
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline == "solid"
            if "finding-1" in reached:
                break
        assert reached[0] == "skip"
        assert reached[-1] == "finding-1"


def test_evidence_unfolds_and_folds_with_the_keyboard(browser, files):
    with _page(browser, files["failing"]) as page:
        summary = page.locator("#finding-1 details summary").first
        before = page.locator("#finding-1 details").first.get_attribute("open")
        summary.focus()
        page.keyboard.press("Enter")

        assert before is not None
        assert page.locator("#finding-1 details").first.get_attribute("open") is None


def test_a_milestone_leads_to_the_finding_that_holds_it_back(browser, files):
    with _page(browser, files["failing"]) as page:
        page.locator(".ladder a", has_text="F2").click()
        page.wait_for_timeout(700)

        assert 0 <= page.locator("#finding-2").bounding_box()["y"] < 200


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["passing", "failing", "unproven"])
def test_every_text_has_the_contrast_that_wcag_asks_for(browser, files, name, scheme):
    with _page(browser, files[name], color_scheme=scheme) as page:
        page.evaluate("document.querySelectorAll('details').forEach((item) => item.open = true)")
        weak = {name: round(ratio, 2) for name, ratio in page.evaluate(CONTRAST).items() if ratio < 4.5}

        assert weak == {}


def test_dark_is_dark(browser, files):
    with _page(browser, files["passing"], color_scheme="dark") as page:
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")

        assert max(map(int, re.findall(r"\d+", colour)[:3])) < 40


@pytest.mark.parametrize("name", REPORTS)
def test_print_shows_everything_that_is_folded_on_the_screen(browser, files, name):
    with _page(browser, files[name]) as page:
        assert page.evaluate(HIDDEN) > 0
        page.emulate_media(media="print", color_scheme="dark")

        assert page.evaluate(HIDDEN) == 0
        assert page.locator("nav").is_hidden()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("width", [320, 380, 768, 1280])
@pytest.mark.parametrize("name", REPORTS)
def test_nothing_scrolls_sideways(browser, files, name, width):
    with _page(browser, files[name], width) as page:
        page.evaluate("document.querySelectorAll('details').forEach((item) => item.open = true)")

        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(CLIPPED) == []


def test_it_reads_without_script(browser, files):
    with _page(browser, files["failing"], java_script_enabled=False) as page:
        assert page.locator("#finding-1 .wire").first.is_visible()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_does_nothing_in_any_page_or_picture(browser, tmp_path, payload):
    """With every text of a report, and of a comparison, hostile."""
    report = spoil(samples.failing(), PAYLOADS[payload])
    pages = {
        "report.html": HtmlFormat().render(report)["report.html"],
        "badge.svg": BadgeFormat().render(report)["badge.svg"],
        "comparison.html": as_html(build(Comparison, PAYLOADS[payload])),
    }
    for name, data in pages.items():
        (tmp_path / name).write_bytes(data)
        with _page(browser, (tmp_path / name).as_uri()) as page:
            assert [url for url in page.requests if not url.startswith(("file://", "data:"))] == []
            assert page.complaints == []
            assert page.evaluate("window.pwned") is None
            assert page.locator("img, script, iframe, a[href^='javascript']").count() == 0
