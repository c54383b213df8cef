"""Kinto, Mozilla's store: HTTP basic, its own OpenAPI document (Swagger 2.0), which it serves under ``/__api__``.

Its document says nothing of security, its ids are free text, it hides what one may not see behind 403, its errors have
the members code, errno, error and message, and its pages are linked by a header of its own, ``Next-Page``.
"""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from certify.contract import load_contract
from tests.journeys.third_party.certified import Result, profile, run
from tests.journeys.third_party.node import HERE
from tests.journeys.third_party.pins import KINTO
from tests.journeys.third_party.serving import free_port, python, serving

pytestmark = pytest.mark.slow
PASSWORD = "TEST-ONLY-password"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    package = KINTO.installed()
    folder, port = tmp_path_factory.mktemp("kinto"), free_port()
    config = folder / "kinto.ini"
    config.write_text((HERE / "apps" / "kinto.ini").read_text().replace("PORT", str(port)))
    url = f"http://127.0.0.1:{port}/v1"
    words = [*python("pyramid.scripts.pserve"), config]
    with serving(words, f"{url}/", folder / "log", PYTHONPATH=str(package)):
        httpx.put(f"{url}/accounts/ada", json={"data": {"password": PASSWORD}}, trust_env=False).raise_for_status()
        yield url


@pytest.fixture(scope="module")
def said(server: str, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """One run for all tests of this file."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "password").write_text(PASSWORD)
    document = folder / "kinto.json"
    document.write_bytes(httpx.get(f"{server}/__api__", trust_env=False).content)
    described = profile(
        server,
        document,
        sign_in={"kind": "basic"},
        identities={"primary": {"tenant": "one", "username": "ada", "password": {"file": "password"}}},
        operations={"create": {"operation": "create_bucket"}},
        pagination={"style": "link", "size_param": "_limit"},
        generated={"leave_out": [operation.id for operation in load_contract(document).operations]},
    )
    return run(folder, described, ["net.*", "error.*", "page.*"])


def test_what_is_not_decided_by_a_standard_or_its_document_is_no_failure(said: Result, server: str) -> None:
    """The one failure is a crash: ``POST /batch`` with an empty array is answered 500 (its log: AttributeError, 'list'
    object has no attribute 'get'), which RFC 9110 §15.6 calls the server's own error."""
    assert said.status("net.control-works") == "passed"
    assert set(said.failed()) == {"error.no-5xx-on-bad-input"}
    assert httpx.post(f"{server}/batch", json=[], trust_env=False).status_code == 500

    # The document is silent about security, and the account of the certification is still there at its end.
    assert httpx.get(f"{server}/accounts/ada", auth=("ada", PASSWORD), trust_env=False).status_code == 200


def test_an_api_that_hides_existence_behind_403_reports_missing_things_well_enough(said: Result) -> None:
    """Kinto's "Access to unknown objects": 403, so that nobody learns what exists. RFC 9110 §15.5.4 allows that."""
    assert said.status("error.not-found-clean") == "passed"
    assert all("| 403" in advisory for advisory in said.findings("error.not-found-clean", "advisory"))


def test_errors_keep_the_format_that_its_document_declares(said: Result) -> None:
    assert said.status("error.format-valid") == "passed"


def test_pages_that_are_linked_in_a_way_of_its_own_are_not_judged(said: Result) -> None:
    """``Next-Page`` is none of the styles that a profile can declare; declared as links, no page points to a next."""
    assert said.status("page.walk-complete") == "inconclusive"
