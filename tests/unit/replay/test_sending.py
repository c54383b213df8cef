"""What a record names may be somebody else's by now: it is never changed, and what replay makes is taken away."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path

import pytest

from certify.cleanup import ledger_for, settle_earlier
from certify.contract import Contract
from certify.ledger import STATE, Ledger, kept, read_entries
from certify.model.exchange import Exchange, ReceivedResponse, SentRequest
from certify.model.outcome import Finding, Weight
from certify.model.partner import Identity, Partner, SignIn
from certify.replay.sending import Sender, SomebodysObjectError, open_sender
from certify.replay.substitute import may_be_about_another, settles
from tests.unit.contract.documents import answers, body, contract
from tests.unit.facts import a_plan
from tests.unit.http.loopback import Asked, Loopback, Told, loopback

NEW = {"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}}}


def op(name: str, **more: object) -> dict[str, object]:
    return {"operationId": name, "responses": answers(_200=None), **more}


CONTRACT = contract(
    {
        "/things": {"get": op("list"), "post": op("make", requestBody=body(NEW))},
        "/things/{thing_id}": {"get": op("read"), "put": op("change", requestBody=body(NEW)), "delete": op("drop")},
        "/things/{thing_id}/close": {"post": op("close")},
        "/notes/{note_id}/close": {"post": op("close_note")},
    }
)
OURS = "/things/900"


@dataclass
class Ground:
    ledger: Ledger | None
    contract: Contract = CONTRACT
    notes: list[str] = field(default_factory=list)


def answer(asked: Asked) -> Told:
    """A server that gives the next thing the number 900, where 2 is a thing of somebody."""
    if asked.method == "POST" and asked.path == "/things":
        return Told(201, body=b'{"id": 900}')
    return Told(204, body=b"") if asked.method == "DELETE" else Told(200, body=b'{"id": 2}')


def recorded(url: str, method: str, path: str, operation: str | None, sent: str | None = None) -> Exchange:
    headers = (("content-type", "application/json"),) if sent else ()
    request = SentRequest(method, f"{url}{path}", headers, sent)
    return Exchange("s-1", "a.b", operation, "anonymous", "probe", request, 1.0, ReceivedResponse(200))


def partner(url: str) -> Partner:
    return Partner("p", "P", url, SignIn("none"), {"primary": Identity("primary")})


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STATE, str(tmp_path))


@contextmanager
def sending(server: Loopback) -> Iterator[Sender]:
    plan = a_plan()
    plan = replace(plan, partner=replace(plan.partner, base_url=server.url), rate=1000.0)
    with (
        ledger_for(partner(server.url), CONTRACT, "r") as ledger,
        open_sender(plan, partner(server.url), "a.b", Ground(ledger)) as sender,
    ):
        yield sender


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("DELETE", "/things/2", "drop"),
        ("PUT", "/things/2", "change"),
        ("POST", "/things/2/close", "close"),
        ("POST", "/notes/2/close", "close_note"),
        ("DELETE", "/things", None),
        ("POST", "/elsewhere/2", None),
    ],
)
def test_nothing_is_changed_at_a_path_of_the_record(method: str, path: str, operation: str | None) -> None:
    with loopback(answer) as server, sending(server) as sender:
        with pytest.raises(SomebodysObjectError, match="somebody else's"):
            sender.send(recorded(server.url, method, path, operation))
        assert server.asked == []


@pytest.mark.parametrize(
    ("method", "operation", "below"), [("DELETE", "drop", ""), ("PUT", "change", ""), ("POST", "close", "/close")]
)
def test_it_is_changed_on_an_object_made_for_it(method: str, operation: str, below: str) -> None:
    with loopback(answer) as server:
        with sending(server) as sender:
            reply = sender.send_about_another(recorded(server.url, method, f"/things/2{below}", operation))
        asked = [(asked.method, asked.path) for asked in server.asked]

    assert reply is not None
    assert (method, OURS + below) in asked
    assert ("DELETE", OURS) in asked
    assert not [path for _, path in asked if path.startswith("/things/2")]


def test_an_object_that_cannot_be_made_is_not_taken_from_somebody() -> None:
    with loopback(answer) as server, sending(server) as sender:
        assert sender.send_about_another(recorded(server.url, "POST", "/notes/2/close", "close_note")) is None
        assert server.asked == []


def test_what_a_replayed_create_makes_is_on_the_ledger_first_and_gone_afterwards() -> None:
    noted: list[str] = []

    def remembering(asked: Asked) -> Told:
        if asked.method == "POST":
            noted.extend(e.state for path in kept(server.url) for e in read_entries(path).values())
        return answer(asked)

    with loopback(remembering) as server:
        with sending(server) as sender:
            sender.send(recorded(server.url, "POST", "/things", "make", '{"title": "x"}'))
        asked = [(asked.method, asked.path) for asked in server.asked]

    assert noted == ["tried"]
    assert asked == [("POST", "/things"), ("DELETE", OURS)]
    assert kept(server.url) == []


def test_what_a_killed_replay_left_is_taken_away_by_whoever_comes_next() -> None:
    alive: list[int] = []

    def killing(asked: Asked) -> Told:
        if asked.method == "DELETE" and alive:
            os.kill(alive.pop(), signal.SIGKILL)
        return answer(asked)

    with loopback(killing) as server:
        child = get_context("fork").Process(target=_replay_a_create, args=(server,))
        child.start()
        assert child.pid is not None
        alive.append(child.pid)
        child.join(30)
        before = len(server.asked)
        told: list[str] = []
        settle_earlier(partner(server.url), CONTRACT, told.append)

    assert child.exitcode == -signal.SIGKILL
    assert [(asked.method, asked.path) for asked in server.asked[before:]] == [("DELETE", OURS)]
    assert told[0].endswith("left 1 object in the sandbox: cleaning up first")


def _replay_a_create(server: Loopback) -> None:
    with sending(server) as sender:
        sender.send(recorded(server.url, "POST", "/things", "make", '{"title": "x"}'))


@pytest.mark.parametrize(
    ("oracle", "may", "mended"),
    [("documented", True, True), ("engine ServerError", True, False), ("status 401 403", False, False)],
)
def test_another_object_shows_what_is_about_the_answer(oracle: str, may: bool, mended: bool) -> None:
    finding = Finding("e", "a", (), weight=Weight.VIOLATION, oracle=oracle)
    assert (may_be_about_another(finding), settles(finding)) == (may, mended)
