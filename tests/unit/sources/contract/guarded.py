"""An honest API of two resources behind any guard, and the guards: where a credential can stand in a request."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.unit.sources.contract.mortal import ERROR, NOTE, _operation

Guard = Callable[[Request, bytes], Response | None]
"""None lets a request in."""
KEY = "TEST-ONLY shared key"


def contract(scheme: dict[str, Any] | None) -> dict[str, Any]:
    """The contract; ``scheme`` is its security scheme."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Guarded", "version": "1"},
        **({"security": [{"door": []}]} if scheme else {}),
        "paths": {
            f"/{name}": {
                "get": _operation(f"list-{name}", "200", {"type": "array", "items": NOTE}),
                "post": _operation(f"create-{name}", "201", NOTE, NOTE),
            }
            for name in ("notes", "pads")
        },
        "components": {"securitySchemes": {"door": scheme} if scheme else {}},
    }


@dataclass
class GuardedApi:
    """``let_in`` and ``refused`` count requests to the resources; ``lifetime_s`` is that of its tokens."""

    guard: Guard
    lifetime_s: float = 2.0
    let_in: int = 0
    refused: list[str] = field(default_factory=list)
    tokens: dict[str, float] = field(default_factory=dict)

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/token", self.token, methods=["POST"]),
                Route("/{name}", self.resource, methods=["GET", "POST"]),
            ]
        )

    async def token(self, request: Request) -> Response:
        token = uuid.uuid4().hex
        self.tokens[token] = time.time() + self.lifetime_s
        kind = "DPoP" if "dpop" in request.headers else "Bearer"
        return JSONResponse({"access_token": token, "token_type": kind, "expires_in": self.lifetime_s})

    async def resource(self, request: Request) -> Response:
        body = await request.body()
        if (refusal := self.guard(request, body)) is not None:
            self.refused.append(str(request.headers.get("authorization") or request.url.query))
            return refusal
        self.let_in += 1
        if request.method == "GET":
            return JSONResponse([{"text": "x"}])
        try:
            text = json.loads(body)["text"]
        except (ValueError, KeyError, TypeError):
            text = None
        if not isinstance(text, str) or len(text) > 20:
            return JSONResponse({"error": "text"}, 400)
        return JSONResponse({"text": text}, 201)


def shut(why: str, **headers: str) -> Response:
    return JSONResponse({"error": why}, 401, {"WWW-Authenticate": "Bearer", **headers})


def by_query(request: Request, _: bytes) -> Response | None:
    return None if request.query_params.get("key") == KEY else shut("key")


def by_cookie(request: Request, _: bytes) -> Response | None:
    return None if request.cookies.get("sid") == "TEST-ONLY-session" else shut("cookie")


def by_signature(request: Request, body: bytes) -> Response | None:
    """``METHOD\\nPATH?QUERY\\nTIMESTAMP\\nSHA256(BODY)``, not older than two seconds."""
    stamp = request.headers.get("x-timestamp", "0")
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    text = "\n".join((request.method, target, stamp, hashlib.sha256(body).hexdigest()))
    wanted = hmac.new(KEY.encode(), text.encode(), "sha256").digest()
    fresh = abs(time.time() - int(stamp)) < 3
    given = request.headers.get("x-signature", "")
    return None if fresh and given == base64.b64encode(wanted).decode() else shut("signature")


def by_token(api: Callable[[], GuardedApi]) -> Guard:
    """A bearer token that has not expired."""

    def guard(request: Request, _: bytes) -> Response | None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return None if api().tokens.get(token, 0) > time.time() else shut("token")

    return guard


def by_proof(api: Callable[[], GuardedApi]) -> Guard:
    """A token with a fresh proof of possession that carries the nonce of now (RFC 9449 §4.3, §9)."""

    def guard(request: Request, _: bytes) -> Response | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        nonce = f"nonce-{int(time.time()) // 2}"
        told = {"DPoP-Nonce": nonce}
        if scheme != "DPoP" or api().tokens.get(token, 0) <= time.time():
            return shut("token")
        head = jwt.get_unverified_header(request.headers.get("dpop", ""))
        key = jwt.PyJWK(head["jwk"])
        claims = jwt.decode(request.headers["dpop"], key, ["ES256"])
        if claims.get("nonce") != nonce:
            return shut("nonce", **{**told, "WWW-Authenticate": 'DPoP error="use_dpop_nonce"'})
        ath = base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).rstrip(b"=").decode()
        bound = (claims["htm"], claims["htu"], claims["ath"])
        address = f"{request.url.scheme}://{request.url.netloc}{request.url.path}"
        return None if bound == (request.method, address, ath) else shut("proof")

    return guard


__all__ = ["ERROR", "KEY", "GuardedApi", "by_cookie", "by_proof", "by_query", "by_signature", "by_token", "contract"]
