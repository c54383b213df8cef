"""An API of another style than the reference: API key, numeric ids, PUT, offset paging, an error envelope, OpenAPI 3.0.

It is honest, so no check may fail on it; and nothing in it is called as in the reference contract.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

KEY = "TEST-ONLY-key-of-the-other-api"
OTHER_KEY = "TEST-ONLY-key-of-another-tenant"


def error(status: int, code: str) -> JSONResponse:
    headers = {"WWW-Authenticate": "ApiKey"} if status == 401 else {}
    return JSONResponse({"error": {"code": code, "message": code.replace("_", " ")}}, status, headers)


class Shelf:
    """Books, by number; each tenant, known by its key, counts its own from 101."""

    def __init__(self) -> None:
        self.books: dict[int, dict[str, Any]] = {}
        self.made: dict[str, int] = {KEY: 100, OTHER_KEY: 100}
        self.shelves: dict[str, dict[int, dict[str, Any]]] = {KEY: self.books, OTHER_KEY: {}}
        self.tenant = KEY

    def answer(self, request: Request, act: Any) -> Response:
        self.tenant = request.headers.get("x-shelf-key", "")
        if self.tenant not in self.shelves:
            return error(401, "key_missing")
        self.books = self.shelves[self.tenant]
        return act()

    async def collection(self, request: Request) -> Response:
        body = await request.body()
        if request.method == "GET":
            return self.answer(request, lambda: self.page(request))
        return self.answer(request, lambda: self.add(body))

    async def item(self, request: Request) -> Response:
        body = await request.body()
        return self.answer(request, lambda: self.one(request, body))

    def page(self, request: Request) -> Response:
        try:
            start, size = (int(request.query_params.get(k, d)) for k, d in (("offset", 0), ("count", 10)))
        except ValueError:
            return error(400, "bad_number")
        if not (0 <= start < 10**9 and 1 <= size <= 50):
            return error(400, "out_of_range")
        return JSONResponse({"books": self.window(start, size), "total": len(self.books)})

    def window(self, start: int, size: int) -> list[dict[str, Any]]:
        return list(self.books.values())[start : start + size]

    def missing(self) -> Response:
        return error(404, "no_such_book")

    def delete(self, number: int) -> Response:
        del self.books[number]
        return Response(status_code=204)

    def read(self, body: bytes) -> dict[str, Any] | None:
        return read(body)

    def add(self, body: bytes) -> Response:
        book = self.read(body)
        if book is None:
            return error(400, "bad_book")
        number = self.made[self.tenant] = self.made[self.tenant] + 1
        self.books[number] = {"number": number, "subtitle": None, **book}
        return JSONResponse(self.books[number], 201, {"Location": f"/api/books/{number}"})

    def one(self, request: Request, body: bytes) -> Response:
        text = request.path_params["number"]
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1
        if number not in self.books:
            return self.missing()
        if request.method == "DELETE":
            return self.delete(number)
        if request.method == "PUT":
            book = self.read(body)
            if book is None:
                return error(400, "bad_book")
            self.books[number] = {"number": number, "subtitle": None, **book}
        return JSONResponse(self.books[number])


def read(body: bytes) -> dict[str, Any] | None:
    """A book, or None where it is none."""
    try:
        book = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(book, dict) or set(book) - {"title", "pages", "subtitle"} or not {"title", "pages"} <= set(book):
        return None
    title, pages, subtitle = book["title"], book["pages"], book.get("subtitle")
    good = isinstance(title, str) and 1 <= len(title) <= 80 and type(pages) is int and 1 <= pages <= 9999
    return book if good and (subtitle is None or (isinstance(subtitle, str) and len(subtitle) <= 80)) else None


def app(shelf: Shelf) -> Starlette:
    routes = [
        Route("/api/books", shelf.collection, methods=["GET", "POST"]),
        Route("/api/books/{number}", shelf.item, methods=["GET", "PUT", "DELETE"]),
        Route("/api/ping", lambda request: JSONResponse({"pong": True})),
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: lambda request, e: error(e.status_code, "http")})


def profile(url: str) -> dict[str, Any]:
    return {
        "schema": "certify/partner/1",
        "id": "shelf",
        "name": "Shelf",
        "target": {"base_url": url, "contract": "contract.json"},
        "sign_in": {"kind": "api_key", "header": "X-Shelf-Key"},
        "identities": {
            "primary": {"api_key": {"env": "SHELF_KEY"}},
            "other_tenant": {"api_key": {"env": "OTHER_SHELF_KEY"}},
        },
        "pagination": {
            "style": "offset",
            "cursor_param": "offset",
            "size_param": "count",
            "items_pointer": "/books",
            "max_size": 50,
        },
        "limits": [{"requests": 100_000, "window_s": 10}],
    }


def contract() -> dict[str, Any]:
    def ref(name: str) -> dict[str, Any]:
        return {"$ref": f"#/components/schemas/{name}"}

    def answers(success: str, schema: Any, *errors: str) -> dict[str, Any]:
        content = {"content": {"application/json": {"schema": schema}}} if schema else {}
        failed = {"description": "no", "content": {"application/json": {"schema": ref("Error")}}}
        return {success: {"description": "yes", **content}, **dict.fromkeys((*errors, "401"), failed)}

    sent = {"required": True, "content": {"application/json": {"schema": ref("NewBook")}}}
    number = {"name": "number", "in": "path", "required": True, "schema": {"type": "integer"}}
    bounds = {"offset": {"minimum": 0, "maximum": 999999999}, "count": {"minimum": 1, "maximum": 50, "default": 10}}
    paging = [{"name": n, "in": "query", "schema": {"type": "integer", **b}} for n, b in bounds.items()]
    return {
        "openapi": "3.0.3",
        "info": {"title": "Shelf", "version": "7"},
        "security": [{"key": []}],
        "paths": {
            "/books": {
                "get": {"parameters": paging, "responses": answers("200", ref("Page"), "400")},
                "post": {"requestBody": sent, "responses": answers("201", ref("Book"), "400")},
            },
            "/books/{number}": {
                "parameters": [number],
                "get": {"responses": answers("200", ref("Book"), "404")},
                "put": {"requestBody": sent, "responses": answers("200", ref("Book"), "400", "404")},
                "delete": {"responses": answers("204", None, "404")},
            },
            "/ping": {"get": {"security": [], "responses": {"200": {"description": "yes"}}}},
        },
        "components": {
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Shelf-Key"}},
            "schemas": {
                "NewBook": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["title", "pages"],
                    "properties": {
                        "title": {"type": "string", "minLength": 1, "maxLength": 80},
                        "pages": {"type": "integer", "minimum": 1, "maximum": 9999},
                        "subtitle": {"type": "string", "nullable": True, "maxLength": 80},
                    },
                },
                "Book": {
                    "type": "object",
                    "required": ["number", "title", "pages", "subtitle"],
                    "properties": {
                        "number": {"type": "integer"},
                        "title": {"type": "string"},
                        "pages": {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
                        "subtitle": {"type": "string", "nullable": True},
                    },
                },
                "Page": {
                    "type": "object",
                    "required": ["books", "total"],
                    "properties": {"books": {"type": "array", "items": ref("Book")}, "total": {"type": "integer"}},
                },
                "Error": {
                    "type": "object",
                    "required": ["error"],
                    "properties": {
                        "error": {
                            "type": "object",
                            "required": ["code", "message"],
                            "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
                        }
                    },
                },
            },
        },
    }
