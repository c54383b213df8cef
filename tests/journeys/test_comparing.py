"""What changed between two runs, by command line, and as people look at it in a browser."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from certify.comparing.page import as_html
from certify.program.validate import schema
from tests.journeys.console import certify
from tests.journeys.little_server import little_server, write_program
from tests.journeys.test_report_in_a_browser import ARGUMENTS, CHROMIUM, CLIPPED, CONTRAST, _page
from tests.unit.comparing import samples

in_a_browser = pytest.mark.skipif(
    not CHROMIUM.exists(), reason="no /usr/bin/chromium here (Debian: apt-get install chromium)"
)
SAMPLES = {"fallen": samples.fallen, "same": samples.same, "hostile": samples.hostile}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs of one partner: ``good`` and then ``bad``, on one sandbox that was mended for the worse."""
    folder = tmp_path_factory.mktemp("little")
    status = 200
    with little_server(lambda _: status) as url:
        profile = write_program(folder / "program", url)
        for name, code in (("good", 200), ("bad", 500)):
            status = code
            certify("run", "--partner", profile, "--program", folder / "program", "--out", folder / "runs" / name)
    return folder / "runs"


def test_one_run_alone_is_compared_with_the_last_certified_one(runs: Path) -> None:
    done = certify("diff", runs / "bad", "--json")

    told: dict[str, Any] = json.loads(done.out)
    Draft202012Validator(schema("comparison.v1")).validate(told)
    assert (done.code, told["exit_code"], told["worse"]) == (1, 1, True)
    assert told["before"]["chosen"] == "the last certified run of little beside it; none is signed"
    (check,) = told["checks"]
    assert (check["subject"], check["turn"]) == ("shop.moody-works", "newly_failing")
    assert check["witness"]["differences"][0] == {"place": "status", "before": "200", "after": "500"}


def test_the_terminal_tells_what_fell_and_how_the_same_request_was_answered(runs: Path) -> None:
    done = certify("diff", runs / "good", runs / "bad")

    assert done.code == 1
    for told in ("1 check newly failing", "shop.moody-works", "Passed → Failed", "GET /moody", "status: 200 → 500"):
        assert told in done.text


def test_what_is_mended_is_no_failure(runs: Path) -> None:
    done = certify("diff", runs / "bad", runs / "good")

    assert done.code == 0
    assert "1 check newly passing" in done.text


@pytest.mark.parametrize(
    ("name", "opening"), [("markdown", "## "), ("html", "<!doctype html>"), ("json", "{"), ("text", "")]
)
def test_every_format_can_be_written_to_a_file(runs: Path, tmp_path: Path, name: str, opening: str) -> None:
    file = tmp_path / "out" / "changes"

    done = certify("diff", runs / "good", runs / "bad", "--format", name, "--out", file)

    assert (done.code, done.out.strip()) == (1, str(file))
    assert file.read_text().lstrip().startswith(opening)
    assert "\x1b" not in file.read_text()


@pytest.mark.parametrize("what", ["stranger", "no-run", "nothing-certified", "edited"])
def test_what_cannot_be_compared_is_refused(runs: Path, tmp_path: Path, what: str) -> None:
    other = tmp_path / "other"
    shutil.copytree(runs / "bad", other)
    match what:
        case "stranger":
            plan = json.loads((other / "run.json").read_text())
            plan["partner"]["id"] = "somebody"
            (other / "run.json").write_text(json.dumps(plan))
            (other / "seal.json").unlink()
            words: tuple[object, ...] = (runs / "good", other)
        case "no-run":
            words = (runs / "good", tmp_path)
        case "nothing-certified":
            words = (other,)
        case _:
            (other / "outcomes.ndjson").write_text((other / "outcomes.ndjson").read_text().replace("failed", "passed"))
            words = (runs / "good", other)

    done = certify("diff", *words)

    assert done.code == 2, done.text
    assert done.err.startswith("certify: ")
    assert what != "stranger" or certify("diff", *words, "--any-partner").code == 1


# — in a browser —


@pytest.fixture(scope="module")
def browser():  # type: ignore[no-untyped-def]
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("comparisons")
    for name, sample in SAMPLES.items():
        (folder / f"{name}.html").write_bytes(as_html(sample()))
    return {name: (folder / f"{name}.html").as_uri() for name in SAMPLES}


@in_a_browser
@pytest.mark.parametrize("name", SAMPLES)
def test_the_page_opens_without_a_request_a_complaint_or_a_script(browser, files, name):  # type: ignore[no-untyped-def]
    with _page(browser, files[name]) as page:
        page.wait_for_timeout(100)

        assert [url for url in page.requests if not url.startswith(("file://", "data:"))] == []
        assert page.complaints == []
        assert page.evaluate("window.pwned") is None
        assert page.locator("img, script, iframe").count() == 0


@in_a_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["fallen", "same"])
def test_every_text_of_the_page_has_contrast(browser, files, name, scheme):  # type: ignore[no-untyped-def]
    with _page(browser, files[name], color_scheme=scheme) as page:
        weak = {name: round(ratio, 2) for name, ratio in page.evaluate(CONTRAST).items() if ratio < 4.5}

        assert weak == {}


@in_a_browser
@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("name", SAMPLES)
def test_the_page_never_scrolls_sideways(browser, files, name, width):  # type: ignore[no-untyped-def]
    with _page(browser, files[name], width) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(CLIPPED) == []


@in_a_browser
def test_what_fell_is_in_the_first_viewport(browser, files):  # type: ignore[no-untyped-def]
    with _page(browser, files["fallen"], 1280, 720) as page:
        box = page.locator("h1").bounding_box()

        assert box["y"] + box["height"] < 720
        assert "1 check newly failing" in page.locator("h1").inner_text()
