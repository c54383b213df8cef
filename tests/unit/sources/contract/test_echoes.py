"""A partner that echoes a credential: what its answer says names a cause, and must not carry the credential along."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from certify.http.credentials import Credentials
from certify.http.redaction import MARK, Redactor
from certify.model.exchange import ReceivedResponse, SentRequest
from certify.model.outcome import Finding
from certify.rundir import EXCHANGES
from certify.sources.contract import engine
from certify.sources.contract.candidates import JobReport
from certify.sources.contract.config import Settings
from certify.sources.contract.engine import Failure, Seen
from certify.sources.contract.jobs import Job
from certify.sources.contract.reporter import Reporter
from certify.sources.contract.source import _redacted, _Told
from certify.sources.contract.tape import Tape
from certify.sources.contract.turns import Turns

TOKEN = "TEST-ONLY-opaque-token"
SETTINGS = Settings("", "http://x", "", "run-1", 1, (), {})


class ScenarioFinished:
    """What the engine says at the end of a scenario, by the name of its class."""


def reported(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str, **detail: str) -> JobReport:
    """What a job reports where the partner answers a signed request with 500 and this body."""
    answer = ReceivedResponse(500, (("content-type", "text/plain"), ("x-session", TOKEN)), body, 0.1)
    request = SentRequest("POST", "http://x/a", (("Authorization", f"Bearer {TOKEN}"),))
    failure = Failure("not_a_server_error", "ServerError", {"status": "500", **detail})
    seen = Seen("POST /a", "POST", "positive", "fuzzing", False, request, None, answer, 1.0, (failure,))

    def interactions(event: Any) -> list[Seen]:
        return [seen]

    monkeypatch.setattr(engine, "interactions", interactions)
    tape = Tape(folder / EXCHANGES, "contract-1", Redactor())
    job = Job("contract-1", ("POST /a",), ("fuzzing",))
    reporter = Reporter(SETTINGS, job, Turns(SETTINGS), tape)
    reporter.signed(Credentials({"Authorization": f"Bearer {TOKEN}"}))
    reporter.handle(ScenarioFinished())
    return reporter.report(0)


@pytest.mark.parametrize("body", [f"no session for token {TOKEN}", "x" * 4090 + f" {TOKEN} " + "y" * 50])
def test_what_a_job_tells_of_a_cause_holds_no_credential(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    report = reported(tmp_path, monkeypatch, body, message=f"said {TOKEN}")

    (cause,) = report.causes
    assert (cause.kind, cause.detail["message"]) == ("ServerError", f"said {MARK}")
    assert "TEST-ONLY" not in repr(report)


def test_the_cause_and_the_place_of_a_finding_are_redacted_like_its_other_texts() -> None:
    redactor = Redactor()
    redactor.learn(TOKEN)
    said = f"a {TOKEN} b"
    found = Finding(said, said, pointer=f"/{TOKEN}", advice=said, cause=said)

    (clean,) = _redacted({"check": _Told((found,))}, redactor)["check"].findings

    assert TOKEN not in repr(clean)
    assert clean.cause == f"a {MARK} b"
