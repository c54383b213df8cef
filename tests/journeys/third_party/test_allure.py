"""Allure 3 itself: it reads the results of real runs, and a browser shows what it makes of them.

Generated as docs/reviewers.md says, by the ``allurerc.json`` of the run directory and no option.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from certify.formats import formats
from certify.model.report import Report
from tests.journeys.test_report_in_a_browser import ARGUMENTS, CHROMIUM
from tests.journeys.third_party.pins import ALLURE
from tests.unit.formats import samples
from tests.unit.hostile import PAYLOADS, spoil

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no /usr/bin/chromium here (Debian: apt-get install chromium)"),
]
CERTIFY = str(Path(sys.executable).with_name("certify"))
FAULTY = "auth.expired-token-rejected"
FLAKY = "idem.replay-returns-same"
WAIVED = "error.no-internals-leaked"
HOSTILE = "".join(text for name, text in PAYLOADS.items() if name != "address")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A faulty run and an honest one after it, beside each other, as ``certify run`` leaves them."""
    folder = tmp_path_factory.mktemp("runs")
    for name, fault in (("first", ("--fault", "jwt-skip-exp")), ("second", ())):
        words = [CERTIFY, "demo", *fault, "--out", str(folder / name)]
        ended = subprocess.run(words, capture_output=True, text=True, timeout=180, check=False)
        assert ended.returncode == (1 if fault else 0), ended.stderr
        _generate(folder / name)
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What no sandbox does on request: a flaky check and a waived one, and hostile text in every place."""
    folder = tmp_path_factory.mktemp("made")
    reports = {"passing": samples.passing(), "hostile": spoil(samples.passing(), HOSTILE)}
    reports["javascript"] = spoil(samples.failing(), PAYLOADS["address"])
    for name, report in reports.items():
        _write(folder / name, replace(report, run=replace(report.run, id=name)))
        _generate(folder / name)
    return folder


def _write(folder: Path, report: Report) -> None:
    for name, data in formats()["allure"].render(report).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def _generate(run: Path) -> None:
    words = ["node", str(ALLURE.installed() / "node_modules/allure/cli.js"), "generate"]
    ended = subprocess.run(words, cwd=run, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert (run / "allure-report" / "index.html").is_file()


def _results(run: Path) -> dict[str, dict[str, Any]]:
    """What Allure understood, by the name of the test; earlier tries are within."""
    files = (run / "allure-report" / "milestones" / "data" / "test-results").glob("*.json")
    found = (json.loads(file.read_bytes()) for file in files)
    return {result["name"]: result for result in found if not result["isRetry"]}


@contextmanager
def _opened(run: Path, at: str) -> Iterator[Any]:
    """A page of a report behind a server of its own; nothing else is answered, and what is asked for is kept."""
    sync_api = pytest.importorskip("playwright.sync_api")
    handler = partial(_Quiet, directory=str(run / "allure-report"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here = f"http://127.0.0.1:{server.server_port}"
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.strangers, page.dialogs = set(), []
        page.route(lambda url: not url.startswith((here, "data:", "blob:")), lambda route: route.abort())
        page.on("request", lambda asked: page.strangers.add(asked.url) if not asked.url.startswith(here) else None)
        page.on("dialog", lambda dialog: (page.dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(f"{here}/{at}")
        page.wait_for_load_state("networkidle")
        yield page
        browser.close()
    server.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        return


def test_milestones_are_a_tree_in_the_playbooks_order_with_their_criteria(runs: Path) -> None:
    with _opened(runs / "first", "milestones/index.html") as page:
        page.get_by_text("tokens-validated: ").first.wait_for()
        said = page.inner_text("body")

    told = json.loads((runs / "first" / "certification.json").read_bytes())["milestones"]
    places = [said.index(f"{rank}. {milestone['title']}") for rank, milestone in enumerate(told, start=1)]
    assert places == sorted(places)


def test_behaviours_are_told_in_the_words_of_the_demands(runs: Path) -> None:
    criterion = "Tokens that are expired, forged, unsigned, or meant for or issued by somebody else are refused."
    with _opened(runs / "first", "behaviors/index.html") as page:
        page.get_by_text(criterion).first.wait_for()


def test_a_failure_opens_with_severity_clause_and_the_exchange_that_proves_it(runs: Path) -> None:
    result = _results(runs / "first")[FAULTY]
    with _opened(runs / "first", f"milestones/index.html#{result['id']}") as page:
        page.get_by_text("exchange ").first.click()
        page.get_by_text("HTTP/1.1").or_(page.get_by_text("> 20")).first.wait_for()
        said = page.inner_text("body")
        clause = page.get_by_role("link", name="RFC 7519 §4.1.4").get_attribute("href")

    assert "Blocker" in said
    assert "Not met" in said
    assert clause == "https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4"


def test_every_attachment_that_a_result_names_can_be_opened(runs: Path) -> None:
    named = [step["link"] for result in _results(runs / "first").values() for step in result["steps"] if "link" in step]

    assert named
    assert [link["name"] for link in named if link["missed"]] == []


def test_the_second_run_is_shown_against_the_first(runs: Path) -> None:
    result = _results(runs / "second")[FAULTY]

    assert [past["status"] for past in result["history"]] == ["failed"]
    assert (result["status"], result["transition"]) == ("passed", "fixed")
    assert all(len(item["history"]) == 1 for item in _results(runs / "second").values())


def test_the_verdict_is_a_result_with_its_milestones(runs: Path) -> None:
    assert [_results(runs / name)["verdict"]["status"] for name in ("first", "second")] == ["failed", "passed"]


def test_a_flaky_pass_is_marked_and_its_failure_is_a_retry(made: Path) -> None:
    result = _results(made / "passing")[FLAKY]

    assert result["flaky"]
    assert "passed only on a further attempt (failed, then passed)" in result["descriptionHtml"]
    assert [category["name"] for category in result["categories"]] == ["Flaky"]
    assert [past["status"] for past in result["retries"]] == ["failed"]


def test_a_waived_failure_is_failed_and_muted_and_says_who_excused_it(made: Path) -> None:
    result = _results(made / "passing")[WAIVED]

    assert (result["status"], result["resolution"]) == ("failed", "muted")
    assert result["error"]["message"].startswith("Waived by Marta Lindqvist")
    assert [category["name"] for category in result["categories"]] == ["Waived"]


@pytest.mark.parametrize("name", ["hostile", "javascript"])
def test_hostile_text_runs_nothing_and_fetches_nothing_that_allure_does_not_fetch_anyway(made: Path, name: str) -> None:
    with _opened(made / "passing", "milestones/index.html") as page:
        page.wait_for_timeout(500)
        usual = {url.split("?")[0] for url in page.strangers}
    results = _results(made / name)
    shown = [result["id"] for result in results.values() if result["status"] == "failed" or result["flaky"]][:3]
    for place in (
        "index.html",
        "milestones/index.html",
        "behaviors/index.html",
        *(f"milestones/index.html#{i}" for i in shown),
    ):
        with _opened(made / name, place) as page:
            page.wait_for_timeout(300)
            assert page.inner_text("body")
            assert {url.split("?")[0] for url in page.strangers} <= usual
            assert page.dialogs == []
            assert page.evaluate("window.pwned") is None
            assert page.locator("a[href^='javascript']").count() == 0
