"""json-server 0.17: a mock server that stores what it is sent, and pages in three styles.

Its README ("Paginate", "Slice"): ``_page`` with ``_limit`` gives numbered pages and links them; ``_start`` with
``_limit`` is a slice. "Your request body JSON should be object enclosed". The contract is written from the README.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.journeys.third_party.certified import profile, run
from tests.journeys.third_party.node import contract
from tests.journeys.third_party.pins import JSON_SERVER
from tests.journeys.third_party.serving import free_port, serving

pytestmark = pytest.mark.slow
NOTHING = {"leave_out": ["listPosts", "createPost", "readPost", "replacePost", "deletePost"]}
POSTS = [{"id": number, "title": f"post {number}", "author": "nobody"} for number in range(1, 24)]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    program = JSON_SERVER.installed() / "node_modules/json-server/lib/cli/bin.js"
    database, port = tmp_path / "db.json", free_port()
    database.write_text(json.dumps({"posts": POSTS}))
    words = ["node", program, "--port", port, "--host", "127.0.0.1", "--quiet", database]
    with serving(words, f"http://127.0.0.1:{port}/posts/1", tmp_path / "log"):
        yield f"http://127.0.0.1:{port}"


@pytest.mark.parametrize(("style", "parameter"), [("page", "_page"), ("offset", "_start"), ("link", "_page")])
def test_each_documented_style_of_paging_gives_every_item_once(
    server: str, tmp_path: Path, style: str, parameter: str
) -> None:
    paging = {"style": style, "cursor_param": parameter, "size_param": "_limit", "max_size": 50}
    said = run(tmp_path, profile(server, contract("json-server"), pagination=paging), ["page.walk-complete"])

    assert said.status("page.walk-complete") == "passed"


def test_a_profile_that_does_not_fit_is_no_failure_of_the_server(server: str, tmp_path: Path) -> None:
    """Links come only with ``_page``: a profile that does not name it gets a walk of one page, which proves nothing."""
    paging = {"style": "link", "size_param": "_limit", "max_size": 50}
    said = run(tmp_path, profile(server, contract("json-server"), pagination=paging), ["page.walk-complete"])

    assert said.status("page.walk-complete") == "inconclusive"
    assert "pagination.cursor_param" in said.note("page.walk-complete")


def test_what_it_answers_to_unreadable_json_gives_the_house_away(server: str, tmp_path: Path) -> None:
    """Express outside of production answers errors with a page that holds the stack trace and the paths of the files
    ("Error handling", expressjs.com), here for unreadable JSON. Missing things are 404 as its README has it, crashes
    there are none, and of errors other than 404 the contract promises no format."""
    said = run(tmp_path, profile(server, contract("json-server"), generated=NOTHING), ["error.*"])

    assert list(said.failed()) == ["error.no-internals-leaked"]
    assert "a stack trace" in said.failed()["error.no-internals-leaked"][0]
    assert said.status("error.not-found-clean") == "passed"
    assert said.status("error.no-5xx-on-bad-input") == "passed"
    assert said.findings("error.format-valid", "violation") == []


def test_generated_requests_find_that_it_stores_what_is_no_object(server: str, tmp_path: Path) -> None:
    """ "Your request body JSON should be object enclosed", its README says, and the contract says object: an array is
    stored all the same, and so is nothing at all. Whatever is valid is taken, nothing crashes, and each answer has a
    status that the contract documents, but for the 400 of unreadable JSON, which is told and fails nobody."""
    few = {"leave_out": ["listPosts", "replacePost"]}
    checks = ["contract.valid-*", "contract.invalid-*", "contract.status-*", "error.no-5xx-*"]
    found = run(tmp_path, profile(server, contract("json-server"), generated=few), checks).generated

    assert found is not None
    assert found.statuses() == {
        "contract.invalid-input-rejected": "failed",
        "contract.status-documented": "passed",
        "contract.valid-input-accepted": "passed",
        "error.no-5xx-on-bad-input": "passed",
    }
    findings = found.outcomes["contract.invalid-input-rejected"]["findings"]
    assert {name for finding in findings for name in finding["operations"]} == {"createPost"}
    assert all(finding["actual"].startswith("201 to invalid input") for finding in findings)
    stored = [httpx.post(f"{server}/posts", json=body, trust_env=False) for body in ([], {"title": "a"})]
    assert [answer.status_code for answer in stored] == [201, 201]
    assert stored[0].json() == []
