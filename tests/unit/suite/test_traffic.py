"""The traffic of a run: matched to operations, and repeated where a doubt is left."""

import json
from pathlib import Path
from typing import Any

import pytest

from certify.contract.validation import Schemas
from certify.http.redaction import MARK
from certify.rundir import RunDirectory
from certify.suite.survey import Survey
from certify.suite.things import Things
from certify.suite.traffic import Seen, Traffic
from tests.unit.contract.documents import contract
from tests.unit.http.loopback import Told, loopback
from tests.unit.suite.bench import target

CONTRACT = contract(
    {
        "/things": {"get": {"operationId": "list", "responses": {}}, "post": {"operationId": "make", "responses": {}}},
        "/things/{id}": {"get": {"operationId": "read", "responses": {}}},
    }
)


def line(method: str = "GET", path: str = "/things", status: int = 200, **changes: Any) -> dict[str, Any]:
    request = {
        "method": method,
        "url": path,
        "headers": [["Content-Type", "text/x"]],
        "body": changes.pop("sent", None),
    }
    response = {"status": status, "headers": [], "body": "{}", "truncated": False}
    exchange = {"id": "s-1", "identity": "primary", "purpose": "probe", "operation": None, "tags": []}
    return {**exchange, "request": request, "response": response, **changes}


def traffic(folder: Path, url: str, *lines: dict[str, Any]) -> Traffic:
    for item in lines:
        item["request"]["url"] = url + "/api" + item["request"]["url"]
    text = "".join(json.dumps(item) + "\n" for item in lines)
    (folder / "exchanges.ndjson").write_text(text + '{"half a li')
    there = target(url + "/api")
    things = Things(CONTRACT, Schemas(CONTRACT), there.session.partner, there)
    return Traffic(RunDirectory(folder), CONTRACT, Survey(CONTRACT, there, things), there)


def names(folder: Path, *lines: dict[str, Any]) -> list[str]:
    return [seen.name for seen in traffic(folder, "http://127.0.0.1:1", *lines)]


def test_exchanges_are_matched_by_name_or_by_path_and_a_half_line_is_left_out(tmp_path: Path) -> None:
    lines = [line(operation="make", method="POST"), line(path="/things/7?x=1"), line(path="/none"), line(response=None)]

    assert names(tmp_path, *lines) == ["make", "read", "GET outside the contract"]


def test_another_method_than_the_operations_own_belongs_to_no_operation(tmp_path: Path) -> None:
    assert names(tmp_path, line(operation="read", method="PATCH", path="/things/7")) == ["PATCH outside the contract"]
    assert names(tmp_path, line(operation="list", method="POST")) == ["make"]


def test_what_was_seen_twice_is_confirmed_without_another_request(tmp_path: Path) -> None:
    found = traffic(tmp_path, "http://127.0.0.1:1", line(), line())

    assert found.confirmed(list(found), lambda reply: False)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_refused_request_is_sent_again_as_it_was(tmp_path: Path, method: str) -> None:
    with loopback(Told(404)) as server:
        found = traffic(tmp_path, server.url, line(method, "/things?q=1", 404, sent="{bad"))

        assert found.confirmed(list(found), lambda reply: reply.status == 404)
        assert not found.confirmed(list(found), lambda reply: reply.status == 500)

    asked = server.asked[0]
    assert (asked.method, asked.path, asked.body) == (method, "/api/things?q=1", b"{bad")
    assert asked.headers["content-type"] == "text/x"


@pytest.mark.parametrize(
    "changes",
    [
        {"sent": f'{{"secret": "{MARK}"}}', "status": 422, "method": "POST"},
        {"identity": "somebody", "status": 404},
        {"tags": ["a spoiled token"], "status": 401},
    ],
)
def test_what_cannot_be_sent_as_it_was_is_not_sent(tmp_path: Path, changes: dict[str, Any]) -> None:
    with loopback(Told()) as server:
        found = traffic(tmp_path, server.url, line(**changes))

        assert not found.confirmed(list(found), lambda reply: True)

    assert server.asked == []


def test_a_write_that_succeeded_is_made_anew_and_not_repeated(tmp_path: Path) -> None:
    with loopback(Told(201)) as server:
        found = traffic(tmp_path, server.url, line("POST", status=201, sent='{"old": 1}'))
        reply = found.again(next(iter(found)))

    assert reply is not None
    assert server.asked[0].body == b""


def test_a_recorded_answer_can_be_judged_like_a_fresh_one() -> None:
    reply = Seen(line(path="/things/7", status=404), CONTRACT.operation("read")).reply()

    assert (reply.status, reply.json(), reply.call.operation) == (404, {}, "read")
