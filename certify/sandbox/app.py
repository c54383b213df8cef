"""The way in and out: Starlette routes by the contract's paths, bytes become a call, an answer becomes bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable

from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from certify.sandbox.assembly import Sandbox
from certify.sandbox.call import Answer, Call
from certify.sandbox.document import Operation

LARGEST_BODY = 64 * 1024
DRAINED = 4 * 1024 * 1024  # read on this far, so that a client that is still sending gets to see its 413


def build_app(sandbox: Sandbox) -> ASGIApp:
    """The sandbox as an ASGI application. Literal paths are matched before those with parameters."""
    paths: dict[str, list[Operation]] = {}
    for operation in sandbox.operations.values():
        paths.setdefault(operation.path, []).append(operation)
    routes = [
        Route(path, Entrance(sandbox, paths[path])) for path in sorted(paths, key=lambda path: ("{" in path, path))
    ]
    return Router(routes, redirect_slashes=False, default=Entrance(sandbox))


class Entrance:
    """One path of the contract, with the operations behind its methods; or, without any, every other path."""

    def __init__(self, sandbox: Sandbox, operations: Iterable[Operation] = ()) -> None:
        self._sandbox = sandbox
        self._operations = {operation.method: operation.id for operation in operations}
        if "GET" in self._operations:
            self._operations["HEAD"] = self._operations["GET"]  # RFC 9110 §9.1: GET and HEAD MUST be supported

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        content, too_large = await _read(receive)
        answer = self._sandbox.answer(self._call(scope, content, too_large))
        await _write(answer, scope["method"] == "HEAD", send)

    def _call(self, scope: Scope, content: bytes, too_large: bool) -> Call:
        found = self._operations.get(scope["method"])
        return Call(
            method=scope["method"],
            path=scope["path"],
            request_id=self._sandbox.request_ids.next(),
            operation=self._sandbox.operations[found] if found else None,
            allowed=tuple(self._operations),
            path_values=scope.get("path_params", {}),
            query=scope["query_string"],
            headers=_headers(scope),
            content=content,
            too_large=too_large,
            source=scope["client"][0] if scope.get("client") else "",
        )


def _headers(scope: Scope) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


async def _read(receive: Receive) -> tuple[bytes, bool]:
    """The body, and whether it is larger than may be."""
    parts: list[bytes] = []
    size, more = 0, True
    while more and size <= DRAINED:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size <= LARGEST_BODY:
            parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts), size > LARGEST_BODY


async def _write(answer: Answer, head: bool, send: Send) -> None:
    """HEAD gets the headers that GET would get, and no content (RFC 9110 §9.3.2)."""
    content = _content(answer)
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers.items()]
    if not answer.empty:
        headers.append((b"content-type", answer.media_type.encode("latin-1")))
    if answer.status != 204:  # RFC 9110 §8.6: no Content-Length on 204
        headers.append((b"content-length", str(len(content)).encode("ascii")))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else content})


def _content(answer: Answer) -> bytes:
    if answer.empty:
        return b""
    if isinstance(answer.body, str) and "json" not in answer.media_type:
        return answer.body.encode()
    return json.dumps(answer.body, ensure_ascii=False, separators=(",", ":")).encode()
