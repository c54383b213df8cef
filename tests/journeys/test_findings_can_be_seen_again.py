"""What needs a history is seen again with its history; what does not is shown by the smallest request that shows it."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from certify.model.outcome import Status
from certify.sources.contract.mapping import NO_5XX
from certify.sources.contract.source import ContractSource
from tests.unit.sources.contract.scene import NEW, PROBLEM, THING, TOKEN, a_partner, an_assignment, served


class ReadOnce:
    """A ticket can be read once, and reading it crashes; a second read finds nothing. So one request shows nothing."""

    def __init__(self) -> None:
        self.numbers, self.unread = itertools.count(7_000), set[str]()
        self.app = Starlette(
            routes=[
                Route("/tickets", self.create, methods=["POST"]),
                Route("/tickets/{id}", self.read, methods=["GET"]),
            ]
        )

    async def create(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return JSONResponse({"title": "who?"}, 401, media_type="application/problem+json")
        try:
            text = json.loads(await request.body())["text"]
        except (ValueError, KeyError, TypeError, IndexError):
            text = None
        if not isinstance(text, str) or len(text) > 40:
            return JSONResponse({"title": "text"}, 400, media_type="application/problem+json")
        number = next(self.numbers)
        self.unread.add(str(number))
        return JSONResponse({"id": number, "text": text}, 201)

    async def read(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return JSONResponse({"title": "who?"}, 401, media_type="application/problem+json")
        number = request.path_params["id"]
        if number not in self.unread:
            return JSONResponse({"title": "none"}, 404, media_type="application/problem+json")
        self.unread.discard(number)
        return JSONResponse({"title": "the printer is on fire"}, 500, media_type="application/problem+json")


def contract() -> dict[str, Any]:
    def answer(schema: Any, media: str = "application/json") -> dict[str, Any]:
        return {"description": "x", "content": {media: {"schema": schema}}}

    problems = {code: answer(PROBLEM, "application/problem+json") for code in ("400", "401", "404")}
    place = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    link = {"read": {"operationId": "readTicket", "parameters": {"id": "$response.body#/id"}}}
    create = {
        "operationId": "createTicket",
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {**NEW, "additionalProperties": True}}},
        },
        "responses": {"201": {**answer(THING), "links": link}, **problems},
    }
    read = {"operationId": "readTicket", "parameters": [place], "responses": {"200": answer(THING), **problems}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tickets", "version": "1"},
        "security": [{"token": []}],
        "paths": {"/tickets": {"post": create}, "/tickets/{id}": {"get": read}},
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def test_a_failure_that_needs_a_history_is_seen_again_with_it(tmp_path: Path) -> None:
    file = tmp_path / "contract.json"
    file.write_text(json.dumps(contract()), "utf-8")
    with served(ReadOnce().app) as url:
        assignment = an_assignment(a_partner(url, tmp_path), file, tmp_path, processes=1)
        ContractSource().record(assignment)
    outcome = next(outcome for outcome in assignment.rundir.outcomes() if outcome.check == NO_5XX)
    assert outcome.status is Status.FAILED
    (finding,) = outcome.findings
    assert finding.operations == ("readTicket",)
    exchanges = {exchange.id: exchange for exchange in assignment.rundir.exchanges()}
    seen_again = exchanges[finding.exchanges[0]]
    assert (seen_again.purpose, seen_again.operation) == ("probe", "readTicket")
    assert seen_again.response is not None
    assert seen_again.response.status == 500
    assert "createTicket" in [e.operation for e in exchanges.values() if e.purpose == "probe"]
