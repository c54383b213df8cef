"""How answers travel."""

from __future__ import annotations

import hashlib
from typing import Any

from starlette.middleware.gzip import GZipMiddleware

from tests.second_api.depot import Depot
from tests.second_api.exchange import NOTHING, Answer, Asked, RefusedError
from tests.second_api.variants import INPUTS, QUIET, variant


def header(depot: Depot, name: str, value: str) -> None:
    """Send a header with every answer."""
    depot.finishers[name] = lambda asked, answer: answer.headers.setdefault(name, value)


@variant("etag-weak", "RFC 9110 §8.8.1: weak validators are validators, and 304 is how they are used.")
def etag_weak(depot: Depot) -> None:
    def tag(asked: Asked, answer: Answer) -> None:
        if asked.method in ("GET", "HEAD") and answer.status == 200:
            answer.headers["ETag"] = f'W/"{hashlib.sha256(answer.payload()).hexdigest()[:20]}"'
            if asked.headers.get("if-none-match") == answer.headers["ETag"]:
                answer.status, answer.content = 304, NOTHING

    depot.finishers["etag"] = tag


@variant("no-head", "RFC 9110 §9.1 wants GET and HEAD of general purpose servers; the contract names no HEAD.")
def no_head(depot: Depot) -> None:
    honest = depot.find_route

    def find_route(whole: Depot, asked: Asked) -> Answer | None:
        if asked.method == "HEAD":
            raise RefusedError(405, "method_not_allowed", Allow="GET")
        return honest(asked)

    depot.steps["route"] = find_route


@variant("charset-told", "RFC 9110 §8.3.1: parameters belong to the media type.")
def charset_told(depot: Depot) -> None:
    def tell(asked: Asked, answer: Answer) -> None:
        answer.media = "Application/JSON; charset=UTF-8"

    depot.finishers["charset"] = tell


@variant("zipped", "RFC 9110 §8.4.1.3: the client said that it reads gzip.")
def zipped(depot: Depot) -> None:
    depot.wrap = lambda application: GZipMiddleware(application, minimum_size=1)


@variant("chunked", "RFC 9112 §7.1: a body without Content-Length comes in chunks.")
def chunked(depot: Depot) -> None:
    def wrap(application: Any) -> Any:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            async def sending(message: Any) -> None:
                if message["type"] == "http.response.start" and message["status"] not in (204, 304):
                    kept = [pair for pair in message["headers"] if pair[0] != b"content-length"]
                    message = {**message, "headers": kept}
                await send(message)

            await application(scope, receive, sending)

        return app

    depot.wrap = wrap


@variant("shouting-headers", "RFC 9110 §5.1: names of fields have no case.")
def shouting_headers(depot: Depot) -> None:
    def wrap(application: Any) -> Any:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            async def sending(message: Any) -> None:
                if message["type"] == "http.response.start":
                    message = {**message, "headers": [(name.upper(), value) for name, value in message["headers"]]}
                await send(message)

            await application(scope, receive, sending)

        return app

    depot.wrap = wrap


@variant(
    "slow", "Three tenths of a second are no fault.", checks=("net.*", "auth.*", "error.not-found-clean", "page.*")
)
def slow(depot: Depot) -> None:
    depot.delay_s = 0.3


@variant(
    "strict-accept", "RFC 9110 §15.5.7: 406 to a client that asks for what is not there.", checks=(*QUIET, *INPUTS)
)
def strict_accept(depot: Depot) -> None:
    def negotiate(whole: Depot, asked: Asked) -> Answer | None:
        wanted = asked.headers.get("accept", "*/*")
        if not any(kind in wanted for kind in ("*/*", "application/*", "application/json")):
            raise RefusedError(406, "not_acceptable")
        return None

    depot.steps = {"negotiate": negotiate, **depot.steps}


@variant("strict-query", "Parameters that nobody declared are refused with 400.", checks=(*QUIET, *INPUTS))
def strict_query(depot: Depot) -> None:
    known = {
        "listParts": {"offset", "limit", "name", "kind", "company"},
        "listBins": {"page", "size"},
        "listMovements": {"after", "count"},
        "readJournal": {"after", "count", "subject"},
    }

    def look(whole: Depot, asked: Asked) -> Answer | None:
        strange = {name for name, _ in asked.query} - known.get(asked.route.name, set())
        if strange:
            raise RefusedError(400, "bad_parameter", f"unknown: {', '.join(sorted(strange))}")
        return None

    order = dict(depot.steps)
    perform = order.pop("perform")
    depot.steps = {**order, "look": look, "perform": perform}


@variant("repeated-parameter-400", "A parameter that is given twice is refused.", checks=(*QUIET, *INPUTS))
def repeated_parameter_400(depot: Depot) -> None:
    def look(whole: Depot, asked: Asked) -> Answer | None:
        names = [name for name, _ in asked.query]
        if len(names) != len(set(names)):
            raise RefusedError(400, "bad_parameter", "given twice")
        return None

    depot.steps = {"once": look, **depot.steps}


@variant("slashes-redirect", "A path with a slash too many leads to the one without (RFC 9110 §15.4.8).")
def slashes_redirect(depot: Depot) -> None:
    def redirect(whole: Depot, asked: Asked) -> Answer | None:
        return Answer(307, headers={"Location": asked.path.rstrip("/")}) if asked.path.endswith("/") else None

    depot.steps = {"slashes": redirect, **depot.steps}


@variant("many-headers", "Cookies, tracing and security headers that no contract names.")
def many_headers(depot: Depot) -> None:
    for name, value in (
        ("Set-Cookie", "edge=1; Path=/; HttpOnly"),
        ("Server", "edge/2.1"),
        ("X-Content-Type-Options", "nosniff"),
        ("Strict-Transport-Security", "max-age=1"),
        ("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ("Vary", "Accept-Encoding, X-Depot-Key"),
        ("Cache-Control", "no-store"),
    ):
        header(depot, name, value)
