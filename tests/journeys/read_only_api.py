"""An honest API of nothing but reads, and nobody signs in: lakes, by number, in pages."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

LAKES = [{"id": number, "name": f"Lake {number}"} for number in range(1, 26)]
MOST = 50


def _in_json(schema: dict[str, Any], kind: str = "application/json") -> dict[str, Any]:
    return {"description": "as it says", "content": {kind: {"schema": schema}}}


def contract(url: str) -> dict[str, Any]:
    """Its OpenAPI document."""
    problem = _in_json({"type": "object", "required": ["title", "status"]}, "application/problem+json")
    lake = {
        "type": "object",
        "required": ["id", "name"],
        "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
    }
    page = {
        "type": "object",
        "required": ["lakes"],
        "properties": {"lakes": {"type": "array", "items": lake}},
    }
    whole = {"type": "integer", "minimum": 0, "maximum": 1000, "default": 0}
    size = {"type": "integer", "minimum": 1, "maximum": MOST, "default": 10}
    number = {"type": "integer", "minimum": 1, "maximum": 1_000_000}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Lakes", "version": "1.0.0"},
        "servers": [{"url": url}],
        "security": [],
        "paths": {
            "/lakes": {
                "get": {
                    "operationId": "listLakes",
                    "parameters": [
                        {"name": "offset", "in": "query", "schema": whole},
                        {"name": "limit", "in": "query", "schema": size},
                    ],
                    "responses": {"200": _in_json(page), "400": problem},
                }
            },
            "/lakes/{lakeId}": {
                "get": {
                    "operationId": "getLake",
                    "parameters": [{"name": "lakeId", "in": "path", "required": True, "schema": number}],
                    "responses": {"200": _in_json(lake), "400": problem, "404": problem},
                }
            },
        },
    }


def answer(target: str, most: int = MOST) -> tuple[int, dict[str, Any]]:
    """Status and body for a request target. ``most``: the largest page that is given."""
    parts = urlsplit(target)
    match parts.path.strip("/").split("/"):
        case ["lakes"]:
            asked = parse_qs(parts.query, keep_blank_values=True)
            offset, limit = _number(asked.pop("offset", ["0"])), _number(asked.pop("limit", ["10"]))
            if offset is None or limit is None or offset > 1000 or not 1 <= limit <= most:
                return 400, {"title": "Bad Request", "status": 400}
            return 200, {"lakes": LAKES[offset : offset + limit]}
        case ["lakes", name]:
            number = _number([name])
            if number is None or not 1 <= number <= 1_000_000:
                return 400, {"title": "Bad Request", "status": 400}
            if number <= len(LAKES):
                return 200, LAKES[number - 1]
    return 404, {"title": "Not Found", "status": 404}


def _number(said: list[str]) -> int | None:
    return int(said[0]) if len(said) == 1 and said[0].isascii() and said[0].isdigit() else None


@contextmanager
def running(most: int = MOST) -> Iterator[str]:
    """Its base URL, while it runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, body = answer(self.path, most)
            self._say(status, body)

        def do_HEAD(self) -> None:
            self.do_GET()

        def _other(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(length)
            self._say(405, {"title": "Method Not Allowed", "status": 405})

        do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = _other

        def _say(self, status: int, body: dict[str, Any]) -> None:
            raw = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json" if status == 200 else "application/problem+json")
            self.send_header("Content-Length", str(len(raw)))
            self.send_header("Cache-Control", "no-cache")
            self.send_header("X-Content-Type-Options", "nosniff")
            if status == 405:
                self.send_header("Allow", "GET, HEAD")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
