"""An API whose accounts are mortal: a generated request can delete the account that sends it, or change its password.

Two identities, each with a token of its own. ``DELETE /goodbye`` deletes the caller's account under a name that no rule
knows; ``PUT /me/password`` and ``DELETE /me`` say what they do.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from certify.model.partner import Identity, Partner, SecretRef
from tests.unit.sources.contract.scene import a_partner

NOTE = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "maxLength": 20}}}
ERROR = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}


def _json(schema: Any) -> dict[str, Any]:
    return {"description": "x", "content": {"application/json": {"schema": schema}}}


def _operation(name: str, status: str, schema: Any = None, body: Any = None, **more: Any) -> dict[str, Any]:
    success = _json(schema) if schema else {"description": "done"}
    refusals = {code: _json(ERROR) for code in ("400", "401", "404")}
    asked = {"requestBody": {"required": True, "content": {"application/json": {"schema": body}}}} if body else {}
    return {"operationId": name, "responses": {status: success, **refusals}, **asked, **more}


def contract(killer: str = "goodbye") -> dict[str, Any]:
    """The contract; ``killer`` names the path under which ``DELETE`` deletes the caller's account."""
    password = {"type": "object", "required": ["password"], "properties": {"password": {"type": "string"}}}
    paths: dict[str, Any] = {
        f"/{name}": {
            "get": _operation(f"list-{name}", "200", {"type": "array", "items": NOTE}),
            "post": _operation(f"create-{name}", "201", NOTE, NOTE),
        }
        for name in ("notes", "pads", "tags")
    }
    paths[f"/{killer}"] = {"delete": _operation(f"remove-{killer}", "204")}
    paths["/me/password"] = {"put": _operation("setSecret", "204", None, password)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Mortal", "version": "1"},
        "security": [{"token": []}],
        "paths": paths,
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


@dataclass
class MortalApi:
    """``alive`` are the tokens that still work; ``refused`` counts answers 401 to tokens that once did."""

    alive: set[str] = field(default_factory=lambda: {"token-of-primary", "token-of-fuzz"})
    refused: int = 0
    killers: list[str] = field(default_factory=list)

    @property
    def app(self) -> Starlette:
        every = ["GET", "POST", "PUT", "DELETE", "PATCH"]
        return Starlette(routes=[Route("/{rest:path}", self.answer, methods=every)])

    async def answer(self, request: Request) -> Response:
        token = (request.headers.get("authorization") or "").removeprefix("Bearer ")
        if token not in self.alive:
            self.refused += token.startswith("token-of")
            return JSONResponse({"error": "who are you?"}, 401, {"WWW-Authenticate": "Bearer"})
        place = (request.method, request.url.path)
        if place in (("DELETE", "/goodbye"), ("DELETE", "/me"), ("PUT", "/me/password")):
            self.alive.discard(token)
            self.killers.append(" ".join(place))
            return Response(status_code=204)
        return await self._notes(request)

    async def _notes(self, request: Request) -> Response:
        if request.url.path not in ("/notes", "/pads", "/tags") or request.method not in ("GET", "POST"):
            known = request.url.path in ("/notes", "/pads", "/tags", "/goodbye", "/me", "/me/password")
            return JSONResponse({"error": "no"}, 405 if known else 404)
        if request.method == "GET":
            return JSONResponse([{"text": "x"}])
        try:
            text = json.loads(await request.body())["text"]
        except (ValueError, KeyError, TypeError, IndexError):
            text = None
        if not isinstance(text, str) or len(text) > 20:
            return JSONResponse({"error": "text"}, 400)
        return JSONResponse({"text": text}, 201)


def mortals(base_url: str, folder: Path, *names: str) -> Partner:
    """A partner with identities of these names, each with its own token."""
    partner = a_partner(base_url, folder)
    for name in names:
        (folder / name).write_text(f"token-of-{name}", "utf-8")
    identities = {name: Identity(name, secrets={"token": SecretRef("file", name)}) for name in names}
    return replace(partner, identities=identities)


def written(folder: Path, document: Any) -> Path:
    file = folder / "mortal.json"
    file.write_text(json.dumps(document), "utf-8")
    return file
