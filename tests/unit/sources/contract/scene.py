"""A contract source on stage: an assignment against any server, and a small API that can misbehave in eight ways.

The API has a fault for each check of ours; every fault sits on an operation of its own, so that one run can show all.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from certify.model.check import Check, Stage
from certify.model.partner import Identity, Partner, SecretRef, SignIn
from certify.model.plan import PlannedCheck
from certify.rundir import RunDirectory
from certify.sources.contract.mapping import OURS
from certify.sources.interface import Assignment
from tests.unit.facts import a_check, a_criterion, a_milestone, a_plan

FAULTS = {
    "crash": "error.no-5xx-on-bad-input",
    "undocumented-status": "contract.status-documented",
    "wrong-type": "contract.schema-valid",
    "missing-header": "contract.headers-and-media-type",
    "wrong-label": "contract.headers-and-media-type",
    "refuses-valid": "contract.valid-input-accepted",
    "accepts-anything": "contract.invalid-input-rejected",
    "unguarded": "auth.missing-credentials-rejected",
}
PLACES = {
    "crash": "createNote",
    "undocumented-status": "listNotes",
    "wrong-type": "getNote",
    "missing-header": "listPads",
    "wrong-label": "listTags",
    "refuses-valid": "createPad",
    "accepts-anything": "createTag",
    "unguarded": "getTag",
}
TOKEN = "canary-token-of-the-tests"
THING = {
    "type": "object",
    "required": ["id", "text"],
    "properties": {"id": {"type": "integer"}, "text": {"type": "string"}},
}
NEW = {
    "type": "object",
    "required": ["text"],
    "additionalProperties": False,
    "properties": {
        "text": {"type": "string", "maxLength": 40},
        "rank": {"type": "integer", "minimum": 0, "maximum": 9},
    },
}
PROBLEM = {"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}}}


def contract() -> dict[str, Any]:
    """The contract of the small API, OpenAPI 3.1: three collections, signed in with OAuth 2.0."""
    paths: dict[str, Any] = {}
    for name, single in (("notes", "Note"), ("tags", "Tag"), ("pads", "Pad")):
        paths[f"/{name}"] = {"get": _list(f"list{single}s"), "post": _create(f"create{single}")}
        paths[f"/{name}/{{id}}"] = {"get": _get(f"get{single}")}
    flow = {"clientCredentials": {"tokenUrl": "/token", "scopes": {}}}
    schemes = {"oauth": {"type": "oauth2", "flows": flow}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Canary", "version": "1"},
        "security": [{"oauth": []}],
        "paths": paths,
        "components": {"securitySchemes": schemes},
    }


def _answers(**successes: Any) -> dict[str, Any]:
    problems = {code: _json("a problem", PROBLEM, "application/problem+json") for code in ("400", "401", "404")}
    return {**{code.strip("_"): answer for code, answer in successes.items()}, **problems}


def _json(description: str, schema: Any, media: str = "application/json") -> dict[str, Any]:
    return {"description": description, "content": {media: {"schema": schema}}}


def _list(name: str) -> dict[str, Any]:
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100}}
    total = {"X-Total": {"required": True, "schema": {"type": "integer"}}}
    answer = {**_json("a list", {"type": "array", "items": THING}), "headers": total}
    return {"operationId": name, "parameters": [limit], "responses": _answers(_200=answer)}


def _create(name: str) -> dict[str, Any]:
    body = {"required": True, "content": {"application/json": {"schema": NEW}}}
    return {"operationId": name, "requestBody": body, "responses": _answers(_201=_json("made", THING))}


def _get(name: str) -> dict[str, Any]:
    place = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1, "maximum": 999}}
    return {"operationId": name, "parameters": [place], "responses": _answers(_200=_json("one", THING))}


class SmallApi:
    """The server of that contract. ``faults`` are names of :data:`FAULTS`; ``refuse_all`` answers 401 to everything."""

    def __init__(self, faults: Collection[str] = (), *, refuse_all: bool = False, delay_s: float = 0.0) -> None:
        self.faults, self.refuse_all, self.delay_s = set(faults), refuse_all, delay_s
        self.requests = 0
        self.app = Starlette(
            routes=[
                Route("/{name}", self.collection, methods=["GET", "POST"]),
                Route("/{name}/{id}", self.item, methods=["GET"]),
            ]
        )

    async def collection(self, request: Request) -> Response:
        name = request.path_params["name"]
        if refusal := self._refusal(request, name):
            return refusal
        return await self._create(request, name) if request.method == "POST" else self._list(request, name)

    async def item(self, request: Request) -> Response:
        name, number = request.path_params["name"], request.path_params["id"]
        if refusal := self._refusal(request, name, item=True):
            return refusal
        if not (number.isascii() and number.isdigit() and not number.startswith("0") and int(number) <= 999):
            return _problem(400, "id")
        wrong = name == "notes" and "wrong-type" in self.faults
        return JSONResponse({"id": number if wrong else int(number), "text": "x"})

    def _refusal(self, request: Request, name: str, item: bool = False) -> Response | None:
        self.requests += 1
        time.sleep(self.delay_s)
        open_door = item and name == "tags" and "unguarded" in self.faults
        if self.refuse_all or (request.headers.get("authorization") != f"Bearer {TOKEN}" and not open_door):
            return _problem(401, "who are you?", {"WWW-Authenticate": "Bearer"})
        return None if name in ("notes", "tags", "pads") else _problem(404, "no such collection")

    def _list(self, request: Request, name: str) -> Response:
        limits = request.query_params.getlist("limit")
        if any(not (limit.isascii() and limit.isdigit() and 1 <= int(limit) <= 100) for limit in limits):
            return _problem(400, "limit")
        status = 203 if name == "notes" and "undocumented-status" in self.faults else 200
        headers = {} if name == "pads" and "missing-header" in self.faults else {"X-Total": "1"}
        media = "text/html" if name == "tags" and "wrong-label" in self.faults else "application/json"
        return Response(json.dumps([{"id": 1, "text": "x"}]), status, headers, media)

    async def _create(self, request: Request, name: str) -> Response:
        if name == "tags" and "accepts-anything" in self.faults:
            return JSONResponse({"id": 1, "text": "x"}, 201)
        try:
            body = json.loads(await request.body())
            jsonschema.validate(body, NEW)
        except (ValueError, jsonschema.ValidationError):
            return _problem(400, "body")
        if name == "notes" and "crash" in self.faults and body["text"] == "":
            return _problem(500, "index out of range")
        if name == "pads" and "refuses-valid" in self.faults and len(body["text"]) > 10:
            return _problem(400, "text is too long")
        return JSONResponse({"id": 1, "text": body["text"]}, 201)


def _problem(status: int, title: str, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"title": title}, status, headers, media_type="application/problem+json")


@contextmanager
def served(app: Any, **options: Any) -> Iterator[str]:
    """An ASGI application on a free loopback port, in a thread; ``options`` are uvicorn's, for TLS."""
    # NOTE: asyncio turns Nagle's delay off only where the protocol is named; without it each answer takes 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen(512)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", **options))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        yield f"{'https' if options else 'http'}://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        thread.join(5)
        listener.close()


def a_partner(base_url: str, folder: Path) -> Partner:
    """A partner with one fixed token, kept in a file."""
    (folder / "token").write_text(TOKEN, "utf-8")
    identity = Identity("primary", secrets={"token": SecretRef("file", "token")})
    return Partner(
        id="canary",
        name="Canary",
        base_url=base_url,
        sign_in=SignIn("bearer"),
        identities={"primary": identity},
        allowed_hosts=("127.0.0.1",),
        file=str(folder / "partner.yaml"),
    )


def contract_checks() -> Sequence[Check]:
    """The checks that the contract source has something to say of."""
    return [a_check(name, ("suites", "contract")) for name in sorted(set(OURS.values()))]


def an_assignment(
    partner: Partner, contract_file: Path, folder: Path, *, max_examples: int = 8, processes: int = 2, seed: int = 1
) -> Assignment:
    """An assignment in a fresh run directory below a folder."""
    checks = contract_checks()
    plan = a_plan(a_milestone("one", a_criterion("all", *(check.id for check in checks))))
    plan = replace(plan, checks=tuple(PlannedCheck(c) for c in checks), seed=seed, max_examples=max_examples)
    return Assignment(
        plan=plan,
        partner=partner,
        checks=checks,
        stage=Stage.ACTIVE,
        rundir=RunDirectory.create(folder / "run", plan),
        contract=contract_file,
        suites=(),
        scratch=folder / "scratch",
        processes=processes,
    )


def written_contract(folder: Path) -> Path:
    file = folder / "contract.json"
    file.write_text(json.dumps(contract()), "utf-8")
    return file
