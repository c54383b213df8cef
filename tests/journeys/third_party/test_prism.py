"""Prism, Stoplight's mock server, fed with the Train Travel API (OpenAPI 3.1), as npm's @readme/oas-examples has it.

A mock answers by the contract's schemas and examples and remembers nothing. So all that a contract decides has to hold,
and what needs a memory behind it has to fail, or the checks would pass an API that nobody has written yet.

One example of the document is replaced: its RateLimit says that the quota is used up, on every answer, and whoever
believes that waits ten seconds each time.
"""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from certify.contract import load_contract
from tests.journeys.third_party.certified import Result, profile, run
from tests.journeys.third_party.pins import PRISM
from tests.journeys.third_party.serving import free_port, serving

pytestmark = pytest.mark.slow
GENERATED = ("create-booking", "get-booking")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Result, str]]:
    """One run for all tests of this file, and where the mock is."""
    modules = PRISM.installed() / "node_modules"
    folder, port = tmp_path_factory.mktemp("prism"), free_port()
    document, example = folder / "train-travel.json", "limit=10, remaining=0"
    text = (modules / "@readme/oas-examples/3.1/json/train-travel.json").read_text()
    assert example in text
    document.write_text(text.replace(example, "limit=100000, remaining=99999"))
    words = ["node", modules / "@stoplight/prism-cli/dist/index.js", "mock", "-h", "127.0.0.1", "-p", port, document]
    (folder / "token").write_text("TEST-ONLY-token")
    with serving(words, f"http://127.0.0.1:{port}/stations", folder / "log"):
        described = profile(
            f"http://127.0.0.1:{port}",
            document,
            sign_in={"kind": "bearer"},
            identities={"primary": {"tenant": "one", "token": {"file": "token"}}},
            generated={"leave_out": [op.id for op in load_contract(document).operations if op.id not in GENERATED]},
        )
        yield run(folder, described, ["auth.*", "contract.*", "disc.*", "error.*"]), f"http://127.0.0.1:{port}"


def test_what_the_contract_decides_holds(said: tuple[Result, str]) -> None:
    """ "Prism validates requests and answers by the document" (its README): nothing of the contract can be broken."""
    found, _ = said
    decided = [
        "auth.missing-credentials-rejected",
        "contract.invalid-input-rejected",
        "contract.schema-valid",
        "contract.status-documented",
        "contract.headers-and-media-type",
        "contract.valid-input-accepted",
        "disc.operations-exist",
        "error.no-5xx-on-bad-input",
        "error.no-internals-leaked",
    ]

    assert {check: found.status(check) for check in decided} == dict.fromkeys(decided, "passed")


def test_a_mock_that_remembers_nothing_does_not_pass_for_an_api(said: tuple[Result, str]) -> None:
    """It answers every id with the example, also one that was deleted or never made (RFC 9110 §15.5.5)."""
    found, url = said
    headers = {"Authorization": "Bearer TEST-ONLY-token"}
    anything = httpx.get(f"{url}/bookings/00000000-0000-4000-8000-000000000000", headers=headers, trust_env=False)

    assert anything.status_code == 200
    assert found.status("error.not-found-clean") == "failed"


def test_its_401_has_no_challenge_which_a_standard_demands(said: tuple[Result, str]) -> None:
    """RFC 9110 §15.5.2: the server generating a 401 MUST send WWW-Authenticate. It answers the example."""
    found, url = said
    refusal = httpx.get(f"{url}/bookings", trust_env=False)

    assert (refusal.status_code, refusal.headers.get("WWW-Authenticate")) == (401, None)
    assert found.status("auth.challenge-present") == "failed"


def test_its_own_parser_answers_in_another_format_than_the_document_declares(said: tuple[Result, str]) -> None:
    """The document has problem details for the 400 of this operation; unreadable JSON never gets as far as that."""
    found, url = said
    headers = {"Authorization": "Bearer TEST-ONLY-token", "Content-Type": "application/json"}
    unread = httpx.post(f"{url}/bookings", content=b"{", headers=headers, trust_env=False)

    assert (unread.status_code, unread.headers["Content-Type"][:16]) == (400, "application/json")
    assert found.failed()["error.format-valid"] == [
        "application/problem+json with a JSON object for 400 | application/json"
    ]


def test_generated_requests_find_that_it_reads_no_xml_and_nothing_else(said: tuple[Result, str]) -> None:
    """The document offers a booking as application/xml too, with every member optional. It refuses any, for it holds
    the text against the schema of an object; the same booking is taken as JSON. Nothing else is to be found: answers
    are made of the document, and what its schemas forbid is refused."""
    found, url = said
    generated = found.generated
    assert generated is not None
    bearer = {"Authorization": "Bearer TEST-ONLY-token"}
    of_type = {
        media: httpx.post(
            f"{url}/bookings", content=body, headers={**bearer, "Content-Type": media}, trust_env=False
        ).status_code
        for media, body in (("application/xml", "<booking></booking>"), ("application/json", "{}"))
    }

    assert of_type == {"application/xml": 400, "application/json": 201}
    assert generated.statuses() == {
        "auth.missing-credentials-rejected": "passed",
        "contract.headers-and-media-type": "passed",
        "contract.invalid-input-rejected": "passed",
        "contract.schema-valid": "passed",
        "contract.status-documented": "passed",
        "contract.valid-input-accepted": "failed",
        "error.no-5xx-on-bad-input": "passed",
    }
    (violation,) = [
        f for f in generated.outcomes["contract.valid-input-accepted"]["findings"] if f["weight"] == "violation"
    ]
    assert violation["operations"] == ["create-booking"]
    assert violation["actual"].startswith("400")
