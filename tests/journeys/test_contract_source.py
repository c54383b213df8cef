"""The contract source against real servers on loopback: known faults are found, an honest server is not blamed.

This is the canary for new versions of the engine: when it renames what we read, these tests fail.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from certify.errors import HarnessError, ProgramError
from certify.model.outcome import Outcome, Reason, Status, Weight
from certify.model.partner import Identity, SecretRef, SignIn
from certify.sources.contract.source import ContractSource
from certify.sources.interface import Assignment
from tests.unit.sources.contract.scene import (
    FAULTS,
    PLACES,
    TOKEN,
    SmallApi,
    a_partner,
    an_assignment,
    contract,
    contract_checks,
    served,
    written_contract,
)


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    """A finished run on the honest API."""
    return recorded(SmallApi(), tmp_path_factory.mktemp("honest"))


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    """A finished run with every fault on."""
    return recorded(SmallApi(FAULTS), tmp_path_factory.mktemp("faulty"))


def recorded(api: SmallApi, folder: Path, **details: int) -> Assignment:
    with served(api.app) as url:
        assignment = an_assignment(a_partner(url, folder), written_contract(folder), folder, **details)
        ContractSource().record(assignment)
    return assignment


def outcomes(assignment: Assignment) -> dict[str, Outcome]:
    return {outcome.check: outcome for outcome in assignment.rundir.outcomes()}


def test_an_honest_api_passes_without_a_finding(honest: Assignment) -> None:
    told = outcomes(honest)
    assert {check.id for check in contract_checks()} == set(told)
    assert {outcome.status for outcome in told.values()} == {Status.PASSED}, told
    assert not [finding for outcome in told.values() for finding in outcome.findings]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_known_fault_is_found_under_its_check(faulty: Assignment, fault: str) -> None:
    outcome = outcomes(faulty)[FAULTS[fault]]
    assert outcome.status is Status.FAILED
    blamed = [finding for finding in outcome.findings if PLACES[fault] in finding.operations]
    assert blamed, outcome.findings
    assert all(finding.expected and finding.actual and finding.clause and finding.advice for finding in blamed)


def test_a_finding_was_sent_again_and_shows_its_exchange(faulty: Assignment) -> None:
    exchanges = {exchange.id: exchange for exchange in faulty.rundir.exchanges()}
    findings = [f for outcome in outcomes(faulty).values() for f in outcome.findings if f.weight is Weight.VIOLATION]
    for finding in findings:
        telling = exchanges[finding.exchanges[0]]
        assert telling.purpose == "probe", finding
        assert telling.operation in finding.operations


def test_a_finding_shows_the_smallest_request_that_shows_it(faulty: Assignment) -> None:
    exchanges = {exchange.id: exchange for exchange in faulty.rundir.exchanges()}
    (crash,) = outcomes(faulty)["error.no-5xx-on-bad-input"].findings
    assert exchanges[crash.exchanges[0]].request.body == '{"text": ""}'
    (status,) = outcomes(faulty)["contract.status-documented"].findings
    assert "?" not in exchanges[status.exchanges[0]].request.url


def test_fifteen_ways_to_send_nonsense_are_one_finding(faulty: Assignment) -> None:
    findings = outcomes(faulty)["contract.invalid-input-rejected"].findings
    assert len(findings) == 1
    assert "incorrect type" in findings[0].actual


def test_nothing_recorded_holds_the_token(faulty: Assignment) -> None:
    folder = faulty.rundir.path.parent
    written = [file for file in folder.rglob("*") if file.is_file() and file.name != "token"]
    assert written
    assert not [file for file in written if TOKEN.encode() in file.read_bytes()]


def test_every_exchange_names_operation_and_check_and_run(honest: Assignment) -> None:
    generated = [e for e in honest.rundir.exchanges() if e.purpose == "generated"]
    assert len(generated) > 100
    assert {e.operation for e in generated} >= set(PLACES.values())
    assert {e.check for e in generated} <= {check.id for check in contract_checks()} | {"contract"}
    run = ("Certify-Run", f"{honest.plan.run_id}/contract")
    assert all(run in e.request.headers for e in generated if e.identity == "primary")


def test_a_server_that_refuses_everything_is_never_passed(tmp_path: Path) -> None:
    told = outcomes(recorded(SmallApi(refuse_all=True), tmp_path))
    assert {(o.status, o.reason) for o in told.values()} == {(Status.INCONCLUSIVE, Reason.CONTROL_FAILED)}


class OpenApi(SmallApi):
    """It asks nobody for a key."""

    def _refusal(self, request: Request, name: str, item: bool = False) -> Response | None:
        return None if name in ("notes", "tags", "pads") else JSONResponse({"title": "no such collection"}, 404)


def test_an_api_key_that_nobody_asks_for_is_told_as_that_and_not_as_invalid_input(tmp_path: Path) -> None:
    document = contract() | {"security": [{"key": []}]}
    document["components"] = {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}}}
    file = tmp_path / "contract.json"
    file.write_text(json.dumps(document), "utf-8")
    with served(OpenApi().app) as url:
        signed_in = SignIn("api_key", settings={"header": "X-Api-Key"})
        identity = Identity("primary", secrets={"api_key": SecretRef("file", "token")})
        partner = replace(a_partner(url, tmp_path), sign_in=signed_in, identities={"primary": identity})
        assignment = an_assignment(partner, file, tmp_path)
        ContractSource().record(assignment)
    told = outcomes(assignment)
    assert told["auth.missing-credentials-rejected"].status is Status.FAILED
    assert told["contract.invalid-input-rejected"].status is Status.PASSED, told["contract.invalid-input-rejected"]


class Dying(SmallApi):
    """A worker of it dies upon valid input: the connection ends, and nothing was answered."""

    async def _create(self, request: Request, name: str) -> Response:
        if name == "notes" and '"text"' in (await request.body()).decode("utf-8", "replace"):
            request.receive.__self__.transport.close()  # type: ignore[attr-defined]
            await asyncio.sleep(0.02)
        return await super()._create(request, name)


def test_a_connection_that_is_closed_upon_valid_input_is_a_finding(tmp_path: Path) -> None:
    told = outcomes(recorded(Dying(), tmp_path))
    outcome = told["error.no-5xx-on-bad-input"]
    (blocking,) = [finding for finding in outcome.findings if finding.weight is Weight.VIOLATION]
    assert outcome.status is Status.FAILED
    assert blocking.operations == ("createNote",)
    assert "no answer" in blocking.actual
    assert "no answer" in {gap.operation: gap.why for item in told.values() for gap in item.unexercised}["createNote"]


def test_a_server_that_is_not_there_is_never_passed(tmp_path: Path) -> None:
    assignment = an_assignment(a_partner("http://127.0.0.1:9", tmp_path), written_contract(tmp_path), tmp_path)
    ContractSource().record(assignment)
    assert not [o for o in assignment.rundir.outcomes() if o.status in (Status.PASSED, Status.FAILED)]


def test_two_processes_send_what_one_would(honest: Assignment, tmp_path: Path) -> None:
    """The same operations in the same unit phases, within what the engine's own learning moves around."""
    one = volume(recorded(SmallApi(), tmp_path, processes=1))
    two = volume(honest)
    assert set(one) == set(two)
    assert sum(two.values()) == pytest.approx(sum(one.values()), rel=0.15)


def volume(assignment: Assignment) -> dict[str, int]:
    counts: dict[str, int] = {}
    for exchange in assignment.rundir.exchanges():
        if exchange.purpose == "generated" and exchange.operation:
            counts[exchange.operation] = counts.get(exchange.operation, 0) + 1
    return counts


def in_a_thread(action: Callable[[], None]) -> tuple[threading.Thread, list[Exception]]:
    errors: list[Exception] = []

    def run() -> None:
        try:
            action()
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, errors


def running_engines(folder: Path) -> list[int]:
    """Engine processes whose working folder lies below a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if str(folder) in os.readlink(entry / "cwd"):
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


@pytest.mark.parametrize("which", ["a job", "the leader"])
def test_a_killed_engine_leaves_its_checks_silent_and_no_orphan(tmp_path: Path, which: str) -> None:
    api = SmallApi(delay_s=0.02)
    with served(api.app) as url:
        assignment = an_assignment(a_partner(url, tmp_path), written_contract(tmp_path), tmp_path)
        thread, errors = in_a_thread(lambda: ContractSource().record(assignment))
        assert wait_for(lambda: api.requests > 20)
        processes = sorted(running_engines(tmp_path))
        os.kill(processes[0] if which == "the leader" else processes[-1], signal.SIGKILL)
        thread.join(20)
    assert [type(error) for error in errors] == [HarnessError]
    assert list(assignment.rundir.outcomes()) == []
    assert wait_for(lambda: not running_engines(tmp_path), 5)


PARENT = """
import sys
from pathlib import Path
from certify.sources.contract.source import ContractSource
from tests.unit.sources.contract.scene import a_partner, an_assignment, written_contract

url, folder = sys.argv[1], Path(sys.argv[2])
ContractSource().record(an_assignment(a_partner(url, folder), written_contract(folder), folder))
"""


def test_a_killed_parent_leaves_no_orphan(tmp_path: Path) -> None:
    api = SmallApi(delay_s=0.02)
    with served(api.app) as url:
        root = Path(__file__).parents[2]
        parent = subprocess.Popen([sys.executable, "-c", PARENT, url, str(tmp_path)], cwd=root)
        assert wait_for(lambda: api.requests > 20)
        parent.kill()
        parent.wait()
        assert wait_for(lambda: not running_engines(tmp_path), 5)


def test_stop_ends_everything_at_once_and_twice(tmp_path: Path) -> None:
    api = SmallApi(delay_s=0.02)
    source = ContractSource()
    with served(api.app) as url:
        assignment = an_assignment(a_partner(url, tmp_path), written_contract(tmp_path), tmp_path)
        thread, errors = in_a_thread(lambda: source.record(assignment))
        assert wait_for(lambda: api.requests > 20)
        began = time.monotonic()
        source.stop()
        source.stop()
        thread.join(10)
        assert time.monotonic() - began < 2
    assert errors == []
    assert list(assignment.rundir.outcomes()) == []
    assert wait_for(lambda: not running_engines(tmp_path), 5)


def test_a_contract_of_which_nothing_is_left_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    document = json.loads(written_contract(tmp_path).read_text("utf-8"))
    schema = {"$ref": "#/components/schemas/Missing"}
    listing = document["paths"]["/notes"]["get"]
    listing["responses"]["200"]["content"]["application/json"]["schema"] = schema
    document["paths"] = {"/notes": {"get": listing}}
    file = tmp_path / "broken.json"
    file.write_text(json.dumps(document), "utf-8")
    assignment = an_assignment(a_partner("http://127.0.0.1:1", tmp_path), file, tmp_path)
    with pytest.raises(ProgramError, match="has 1 problem"):
        ContractSource().record(assignment)
    assert list(assignment.rundir.outcomes()) == []
    assert list(assignment.rundir.exchanges()) == []
