"""The honest Depot keeps its contract: each answer to real requests fits what contract.yaml says of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema
import pytest
import yaml

from tests.second_api.depot import HEADER
from tests.second_api.keys import KEYS
from tests.second_api.profile import CONTRACT
from tests.second_api.routes import ROUTES
from tests.second_api.serving import serve

DOCUMENT = yaml.safe_load(CONTRACT.read_text())
PART = {"name": "axle", "kind": "made", "weight_g": 120}
FORM = {"counted": "3", "by": "Ada"}


class Caller:
    """Sends requests and holds each answer against the contract."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url)
        self.reached: set[str] = set()

    def __call__(self, name: str, status: int, key: str = "primary", **more: Any) -> httpx.Response:
        route = next(route for route in ROUTES if route.name == name)
        values = more.pop("values", {})
        headers = {HEADER: KEYS[key].text} if key else {}
        headers |= more.pop("headers", {})
        reply = self.http.request(route.method, route.path.format(**values), headers=headers, **more)
        assert reply.status_code == status, reply.text
        self._fits(route.path, route.method, reply)
        self.reached |= {name} if reply.is_success else set()
        return reply

    def _fits(self, path: str, method: str, reply: httpx.Response) -> None:
        answers = DOCUMENT["paths"][path][method.lower()]["responses"]
        answer = answers[reply.status_code]
        answer = DOCUMENT["responses"][answer["$ref"].rsplit("/", 1)[-1]] if "$ref" in answer else answer
        assert [name for name in answer.get("headers", {}) if name != "Link" and name not in reply.headers] == []
        if "schema" in answer:
            schema = {**_nullable(answer["schema"]), "definitions": _nullable(DOCUMENT["definitions"])}
            jsonschema.Draft4Validator(schema).validate(reply.json())
        else:
            assert not reply.content


def _nullable(node: Any) -> Any:
    """``x-nullable`` in the words of JSON Schema."""
    if isinstance(node, list):
        return [_nullable(item) for item in node]
    if not isinstance(node, dict):
        return node
    copy = {key: _nullable(value) for key, value in node.items()}
    return {**copy, "type": [copy["type"], "null"]} if copy.get("x-nullable") is True else copy


@pytest.fixture
def call() -> Iterator[Caller]:
    with serve() as url:
        yield Caller(url)


def test_every_operation_answers_as_the_contract_says(call: Caller) -> None:
    part = {"part_id": call("addPart", 201, json=PART).json()["id"]}
    move = call("addMovement", 201, values=part, json={"quantity": -2, "reason": "sold"}).json()
    call("readMovement", 200, values={**part, "movement_id": move["id"]})
    call("putPart", 200, values=part, json={**PART, "note": "checked"})
    call("countPart", 200, values=part, data=FORM)
    call("searchParts", 200, json={"text": "axle"})
    for code, status in (("AB-100", 201), ("AB-100", 200)):
        call("putBin", status, values={"code": code}, json={"label": "left", "capacity": 3})
    for name in ("listParts", "listBins", "readAccount", "readJournal", "health"):
        call(name, 200, key="" if name == "health" else "primary")
    for name, values in (("readPart", part), ("listMovements", part), ("readBin", {"code": "AB-100"})):
        call(name, 200, values=values)
    call("putAccount", 200, json={"title": "North"})
    call("recount", 202, key="admin")
    call("removeBin", 204, values={"code": "AB-100"})
    call("removePart", 204, values=part)

    assert call.reached == {route.name for route in ROUTES}


def test_every_refusal_is_in_the_envelope(call: Caller) -> None:
    part = {"part_id": call("addPart", 201, json=PART).json()["id"]}

    call("addPart", 401, key="", json=PART)
    call("addPart", 403, key="read_only", json=PART)
    call("recount", 403)
    call("readPart", 404, key="other_tenant", values=part)
    call("readPart", 404, values={"part_id": "seven"})
    call("putPart", 404, key="other_tenant", values=part, json=PART)
    call("addPart", 400, json={**PART, "weight_g": "1"})
    call("addPart", 400, content=b"{", headers={"Content-Type": "application/json"})
    call("addPart", 400, json=PART, headers={"X-Request-Token": "t" * 81})
    call("addPart", 415, content=b"a=b")
    call("putBin", 400, values={"code": "nowhere"}, json={"label": "left", "capacity": 3})
    call("listParts", 400, params={"limit": 0})
    for _ in range(20):
        call("listParts", 200, key="burnable")
    call("listParts", 429, key="burnable")


def test_a_removed_part_is_gone_and_the_journal_tells(call: Caller) -> None:
    part = call("addPart", 201, json=PART).json()["id"]
    call("removePart", 204, values={"part_id": part})

    call("readPart", 404, values={"part_id": part})
    told = call("readJournal", 200, params={"subject": str(part)}).json()
    assert [entry["what"] for entry in told] == ["part created", "part removed"]


def test_a_repeated_token_makes_one_part(call: Caller) -> None:
    first, second = (call("addPart", 201, json=PART, headers={"X-Request-Token": "t"}).json() for _ in range(2))

    assert first == second
    assert call("listParts", 200).json()["total"] == 1


def test_links_lead_over_all_pages(call: Caller) -> None:
    part = {"part_id": call("addPart", 201, json=PART).json()["id"]}
    made = [call("addMovement", 201, values=part, json={"quantity": n, "reason": "x"}).json()["id"] for n in range(5)]

    seen, page = [], call("listMovements", 200, values=part, params={"count": 2})
    while True:
        seen += [move["id"] for move in page.json()]
        if "next" not in page.links:
            break
        page = call.http.get(str(page.url.join(page.links["next"]["url"])), headers={HEADER: KEYS["primary"].text})

    assert seen == made
