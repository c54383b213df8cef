"""A write-protected sandbox is not written to: not by a suite, and not by a generated request."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.journeys.console import certify, sandbox_profile
from tests.journeys.read_only_api import contract, running
from tests.journeys.strange_server import Asked, Told, serving


@pytest.mark.slow
def test_without_permission_to_write_only_reads_and_sign_ins_are_sent(tmp_path: Path) -> None:
    with sandbox_profile(tmp_path) as profile:
        text = profile.read_text()
        assert "allow_writes: true" in text
        profile.write_text(text.replace("allow_writes: true", "allow_writes: false"))
        ended = certify("run", "--partner", profile, "--max-examples", "2", "--out", tmp_path / "run", "--json")
    told = json.loads(ended.out)
    assert ended.code == 3, "what only writes can prove stays unproven; nothing fails"
    assert told["counts"].get("failed", 0) == 0
    sent = [json.loads(line) for line in (tmp_path / "run" / "exchanges.ndjson").read_text().splitlines()]
    assert len(sent) > 100
    written = [
        f"{item['request']['method']} {item['request']['url']} {item['check']}"
        for item in sent
        if item["request"]["method"] not in ("GET", "HEAD", "OPTIONS") and "/oauth/token" not in item["request"]["url"]
    ]
    assert written == []


@pytest.mark.slow
def test_methods_that_the_contract_does_not_name_are_not_tried_out(tmp_path: Path) -> None:
    """What is not documented may exist all the same: here a DELETE that takes everything away."""
    sent: list[Asked] = []

    def things(asked: Asked) -> Told:
        sent.append(asked)
        return Told(200, "[]", {"Content-Type": "application/json"}) if asked.method == "GET" else Told(204)

    with serving(things) as url:
        (tmp_path / "things.json").write_text(json.dumps(THINGS))
        (tmp_path / "partner.yaml").write_text(PROFILE.format(url=url))
        run = tmp_path / "run"
        ended = certify("run", "--partner", tmp_path / "partner.yaml", "--out", run, "--max-examples", "5", "--json")
    assert ended.code in (0, 1, 3), ended.text
    assert sum(asked.method == "GET" for asked in sent) > 20
    assert {asked.method for asked in sent} <= {"GET", "HEAD", "OPTIONS", "PATCH"}, (
        "PATCH without a body asks for an error"
    )
    assert all(not asked.body for asked in sent if asked.method == "PATCH")


_ANSWERS = {"200": {"description": "things", "content": {"application/json": {"schema": {"type": "array"}}}}}
THINGS = {
    "openapi": "3.1.0",
    "info": {"title": "Things", "version": "1"},
    "paths": {
        "/things": {"get": {"operationId": "listThings", "responses": _ANSWERS}},
        "/kinds": {"get": {"operationId": "listKinds", "responses": _ANSWERS}},
    },
}
PROFILE = """\
schema: certify/partner/1
id: things
name: Things
target: {{base_url: "{url}", environment: sandbox, contract: things.json}}
sign_in: {{kind: none}}
identities: {{}}
permissions: {{allow_writes: true}}
"""


@pytest.fixture
def lakes(tmp_path: Path) -> Path:
    (tmp_path / "lakes.json").write_text(json.dumps(contract("http://127.0.0.1:1")))
    return tmp_path


def drafted(folder: Path, url: str) -> Path:
    """The profile that `certify init` writes, as it writes it."""
    out = folder / "partner.yaml"
    ended = certify("init", "--contract", folder / "lakes.json", "--url", url, "--out", out, folder=folder)
    assert ended.code == 0, ended.text
    assert "allow_writes: false # the contract has nothing but reads" in out.read_text()
    return out


@pytest.mark.slow
def test_an_honest_api_of_nothing_but_reads_is_certified_with_the_profile_that_init_drafts(lakes: Path) -> None:
    with running() as url:
        profile = drafted(lakes, url)
        ended = certify("run", "--partner", profile, "--max-examples", "3", "--out", lakes / "run", "--json")
    assert ended.code == 0, ended.text
    report = json.loads((lakes / "run" / "certification.json").read_text())
    status = {item["id"]: item["status"] for item in report["checks"]}
    assert status["contract.valid-input-accepted"] == "passed"
    assert status["contract.invalid-input-rejected"] == "not_applicable", (
        "its suite looks at bodies, and there are none"
    )


@pytest.mark.slow
def test_a_read_that_refuses_what_its_contract_allows_fails_without_permission_to_write(lakes: Path) -> None:
    with running(most=20) as url:
        profile = drafted(lakes, url)
        check = "contract.valid-input-accepted"
        ended = certify("run", "--partner", profile, "--check", check, "--out", lakes / "run", "--json")
    assert json.loads(ended.out)["counts"].get("failed") == 1
