"""What the job's side writes, rewrites and says, without the engine."""

from __future__ import annotations

import socket
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from certify.errors import HarnessError
from certify.http.redaction import Redactor
from certify.link import Link
from certify.model.codec import decode, encode
from certify.model.exchange import ReceivedResponse, SentRequest
from certify.rundir import EXCHANGES, RunDirectory
from certify.sources.contract.candidates import Cause, JobReport, Sample, Tally
from certify.sources.contract.config import Settings, arguments, write_config
from certify.sources.contract.engine import Seen
from certify.sources.contract.facts import OperationFacts
from certify.sources.contract.jobs import Job
from certify.sources.contract.rewrite import rewrite
from certify.sources.contract.tape import Tape
from certify.sources.contract.workers import Workers
from tests.unit.facts import a_plan

FACTS = {"GET /a/{id}": OperationFacts("GET /a/{id}", "getA", ("200",))}
SETTINGS = Settings("/c.json", "http://x", "/e", "run-1", 7, ("ignored_auth",), FACTS, headers={"X-A": 'q"uote'})
JOB = Job("contract-2", ("GET /a/{id}", "POST /a"), ("examples", "fuzzing"))


def test_the_configuration_keeps_no_state_and_signs_nobody_up(tmp_path: Path) -> None:
    written = tomllib.loads(write_config(SETTINGS, tmp_path).read_text("utf-8"))
    assert written["cache"] == {"enabled": False}
    assert written["generation"]["database"] == "none"
    assert written["auth"] == {"auto-signup": False}
    assert written["rate-limit"] == "auto"
    assert written["headers"] == {"Certify-Run": "run-1/contract", "X-A": 'q"uote'}


def test_the_command_line_names_operations_phases_and_seed(tmp_path: Path) -> None:
    line = " ".join(arguments(SETTINGS, JOB, tmp_path / "c.toml"))
    assert "--phases examples,fuzzing" in line
    assert "--include-name GET /a/{id} --include-name POST /a" in line
    assert "--workers 1" in line
    assert "--seed 7" in line


def test_settings_and_reports_survive_the_link() -> None:
    sample = Sample("e", "GET", "http://x", (("A", "b"),), "aGk=", 200)
    cause = Cause("f", "c", "k", {"status": "200"}, {"GET /a": 2}, {"GET /a": sample})
    report = JobReport("j", True, "completed", (Tally("GET /a", 1, {"fuzzing": 1}),), (cause,), {"c": {"rule": 2}})
    assert decode(JobReport, encode(report)) == report
    assert decode(Settings, encode(SETTINGS)) == SETTINGS


@pytest.mark.parametrize("kind", ["oauth2", "openIdConnect"])
def test_what_is_a_bearer_token_on_the_wire_is_called_so(kind: str) -> None:
    document = {"openapi": "3.1.0", "components": {"securitySchemes": {"s": {"type": kind, "flows": {}}}}}
    rewrite(document)
    assert document["components"] == {"securitySchemes": {"s": {"type": "http", "scheme": "bearer"}}}


def test_swagger_2_has_no_bearer_so_it_gets_the_header() -> None:
    document = {"swagger": "2.0", "securityDefinitions": {"s": {"type": "oauth2"}, "k": {"type": "basic"}}}
    rewrite(document)
    assert document["securityDefinitions"] == {
        "s": {"type": "apiKey", "in": "header", "name": "Authorization"},
        "k": {"type": "basic"},
    }


@pytest.mark.parametrize("document", [{}, {"components": None}, {"components": {"securitySchemes": []}}])
def test_a_contract_without_schemes_stays_as_it_is(document: dict[str, object]) -> None:
    before = dict(document)
    rewrite(document)
    assert document == before


def test_a_tape_is_read_back_as_any_writers_lines_without_secrets(tmp_path: Path) -> None:
    rundir = RunDirectory.create(tmp_path / "run", a_plan())
    tape = Tape(rundir.path / EXCHANGES, "contract-1", Redactor())
    tape.redactor.learn("very-secret")
    request = SentRequest("POST", "http://x/a?token=abc", (("Authorization", "Bearer very-secret"),), "very-secret")
    answer = ReceivedResponse(
        201, (("content-type", "application/json"),), '{"client_secret": "s3"}' + "é" * 20_000, 0.1
    )
    seen = Seen("POST /a", "POST", "positive", "fuzzing", False, request, b"very-secret", answer, 1.0, ())
    marks = [tape.record(seen, check="c", operation="createA", identity="fuzz", signed="fuzz") for _ in range(3)]
    tape.close()

    exchanges = list(rundir.exchanges())

    assert [exchange.id for exchange in exchanges] == marks == [f"contract-1-00000{n}" for n in (1, 2, 3)]
    text = (rundir.path / EXCHANGES).read_text("utf-8")
    assert not [secret for secret in ("very-secret", "abc", "s3") if secret in text]
    assert exchanges[0].response is not None
    assert exchanges[0].response.truncated


def test_a_tape_hands_over_nothing_before_it_is_told_to(tmp_path: Path) -> None:
    file = tmp_path / EXCHANGES
    tape = Tape(file, "contract-1", Redactor())
    seen = Seen("GET /a", "GET", "", "coverage", False, SentRequest("GET", "http://x"), None, None, 1.0, ())
    tape.record(seen, check="c", operation="a", identity="fuzz", signed="fuzz")
    assert file.stat().st_size == 0
    tape.flush()
    assert file.stat().st_size > 0
    tape.close()


def test_a_link_ends_where_the_other_end_is_gone() -> None:
    ours, theirs = socket.socketpair()
    link, other = Link(ours), Link(theirs)
    other.say({"n": 1})
    other.close()
    assert list(link.messages()) == [{"n": 1}]
    with pytest.raises(OSError, match=r".*"):
        link.ask("credentials")
    link.close()


class Nobody:
    def answer(self, question: Mapping[str, Any]) -> dict[str, Any]:
        return {}


def test_a_pool_whose_leader_is_gone_says_so_and_closes_twice(tmp_path: Path) -> None:
    workers = Workers(tmp_path)
    workers.close()
    with pytest.raises(HarnessError):
        workers.run([JOB], SETTINGS, Nobody(), 2)
    workers.close()
