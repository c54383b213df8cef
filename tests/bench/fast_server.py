"""A trivially fast and honest API of sixteen operations: raw asyncio, compiled validators (``python -m … PORT``)."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jsonschema_rs

NAMES = ("apples", "pears", "plums", "figs")
COLOURS = ("red", "green", "blue")
TOKEN = "fast"
NUMBER = re.compile(r"[1-9]\d{0,6}")
_TEXT = {"type": "string"}


def contract() -> dict[str, Any]:
    """Four resources of four operations; each resource has members of its own, so that no two schemas are equal."""
    paths: dict[str, Any] = {}
    for rank, name in enumerate(NAMES):
        body = {"required": True, "content": {"application/json": {"schema": _new(rank)}}}
        limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100}}
        colour = {"name": "colour", "in": "query", "schema": {"type": "string", "enum": list(COLOURS)}}
        link = {"operationId": f"get_{name}", "parameters": {"id": "$response.body#/id"}}
        created = {"201": {**_answer(_item()), "links": {"get": link}}}
        paths[f"/{name}"] = {
            "get": {
                "operationId": f"list_{name}",
                "parameters": [limit, colour],
                "responses": _answers("200", _many()),
            },
            "post": {"operationId": f"create_{name}", "requestBody": body, "responses": {**created, **_problems()}},
        }
        number = {"type": "integer", "minimum": 1, "maximum": 1_000_000}
        paths[f"/{name}/{{id}}"] = {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": number}],
            "get": {"operationId": f"get_{name}", "responses": _answers("200", _item())},
            "put": {"operationId": f"put_{name}", "requestBody": body, "responses": _answers("200", _item())},
        }
    bearer = {"bearer": {"type": "http", "scheme": "bearer"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Fruit", "version": "1"},
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {"securitySchemes": bearer},
    }


def _new(rank: int) -> dict[str, Any]:
    tags = {"type": "array", "items": {"type": "string", "maxLength": 10 + rank}, "maxItems": 5}
    return {
        "type": "object",
        "required": ["name", "size"],
        "additionalProperties": False,
        "properties": {
            "name": {"type": "string", "minLength": 1, "maxLength": 40 + rank},
            "size": {"type": "integer", "minimum": 0, "maximum": 1000 + rank},
            "colour": {"type": "string", "enum": list(COLOURS)},
            "tags": tags,
        },
    }


def _item() -> dict[str, Any]:
    properties = {"id": {"type": "integer"}, "name": _TEXT, "size": {"type": "integer"}}
    return {"type": "object", "required": ["id", "name", "size"], "properties": properties}


def _many() -> dict[str, Any]:
    return {"type": "object", "required": ["items"], "properties": {"items": {"type": "array", "items": _item()}}}


def _answer(schema: Any, media: str = "application/json") -> dict[str, Any]:
    return {"description": "an answer", "content": {media: {"schema": schema}}}


def _problems() -> dict[str, Any]:
    problem = {"type": "object", "required": ["title"], "properties": {"title": _TEXT}}
    return {code: _answer(problem, "application/problem+json") for code in ("400", "401", "404", "405")}


def _answers(status: str, schema: Any) -> dict[str, Any]:
    return {status: _answer(schema), **_problems()}


VALID = {name: jsonschema_rs.validator_for(_new(rank)).is_valid for rank, name in enumerate(NAMES)}
ONE = json.dumps({"id": 7, "name": "x", "size": 3}).encode()
MANY = json.dumps({"items": [{"id": 7, "name": "x", "size": 3}]}).encode()


def respond(method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
    """Status and body for a request; only what the contract forbids is refused."""
    if headers.get("authorization") != f"Bearer {TOKEN}":
        return 401, b'{"title": "who are you?"}'
    url = urlsplit(target)
    _, name, *rest = url.path.split("/")
    if name not in NAMES or len(rest) > 1:
        return 404, b'{"title": "nothing here"}'
    if method not in ("GET", "PUT" if rest else "POST"):
        return 405, b'{"title": "not that way"}'
    if rest and not (NUMBER.fullmatch(rest[0]) and int(rest[0]) <= 1_000_000):
        return 400, b'{"title": "id"}'
    if method == "GET":
        return (200, ONE) if rest else _listed(url.query)
    return (200 if rest else 201, ONE) if _fits(name, headers, body) else (400, b'{"title": "body"}')


def _listed(query: str) -> tuple[int, bytes]:
    for key, value in parse_qsl(query, keep_blank_values=True):
        wrong_limit = key == "limit" and not (NUMBER.fullmatch(value) and int(value) <= 100)
        if wrong_limit or (key == "colour" and value not in COLOURS):
            return 400, b'{"title": "query"}'
    return 200, MANY


def _fits(name: str, headers: dict[str, str], body: bytes) -> bool:
    if headers.get("content-type", "").split(";")[0] != "application/json":
        return False
    try:
        return bool(VALID[name](json.loads(body)))
    except ValueError:
        return False


class Fast(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, as little of it as the engine needs."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._received = transport, b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            first, *lines = self._received[:end].decode("latin-1").split("\r\n")
            headers = {key.strip().lower(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
            length = end + 4 + int(headers.get("content-length", 0))
            if len(self._received) < length:
                return
            body, self._received = self._received[end + 4 : length], self._received[length:]
            method, target, _ = first.split(" ", 2)
            self._answer(method, *respond(method, target, headers, body))

    def _answer(self, method: str, status: int, body: bytes) -> None:
        media = "application/json" if status < 300 else "application/problem+json"
        head = f"HTTP/1.1 {status} .\r\nContent-Type: {media}\r\nAllow: GET\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + (b"" if method == "HEAD" else body))


async def serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Fast, "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
