"""Talking to a running sandbox the way a partner's client would: real requests over loopback, minted tokens."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx
import jwt
import pytest

from certify.sandbox.keys import AUDIENCE, PLATFORM_ISSUER, client_secret
from certify.sandbox.places import KEYS
from certify.sandbox.server import RunningSandbox, serve

ALL_SCOPES = (
    "leads:read leads:write customers:read customers:write usage:read usage:write "
    "webhooks:read webhooks:write audit:read admin"
)
LEAD = {"name": "Ada Byron", "source": "web"}


@cache
def platform_key(alg: str) -> Any:
    """Reading an RSA key takes longer than a hundred requests."""
    pem = (KEYS / f"TEST-ONLY-platform-{alg.lower()}.pem").read_bytes()
    return jwt.get_algorithm_by_name(alg).prepare_key(pem)


class Talk:
    """A client of one sandbox. ``as_`` names an identity; tokens are minted unless a test signs in."""

    def __init__(self, running: RunningSandbox) -> None:
        self.running = running
        self.http = httpx.Client(base_url=running.base_url, timeout=10)
        self._tokens: dict[str, str] = {}

    def mint(
        self, as_: str = "primary", alg: str = "RS256", header: dict[str, Any] | None = None, **claims: Any
    ) -> str:
        """A token of the platform issuer; a claim that is None is left out."""
        now = int(time.time())
        tenant = {"other_tenant": "globex", "fuzz": "initech"}.get(as_, "acme")
        told = {"iss": PLATFORM_ISSUER, "aud": AUDIENCE, "sub": as_, "client_id": as_, "tenant": tenant}
        told |= {"scope": ALL_SCOPES, "iat": now, "exp": now + 300, "jti": str(time.perf_counter_ns()), **claims}
        headers = {"kid": f"platform-{alg.lower()}-1", "typ": "at+jwt", **(header or {})}
        return jwt.encode(
            {name: value for name, value in told.items() if value is not None}, platform_key(alg), alg, headers
        )

    def send(
        self, method: str, path: str, as_: str = "primary", token: str | None = None, **more: Any
    ) -> httpx.Response:
        """One request. ``token=""`` sends no credential."""
        if token is None:
            token = self._tokens.get(as_) or self._tokens.setdefault(as_, self.mint(as_))
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.http.request(method, path, headers=headers | more.pop("headers", {}), **more)

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.send("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.send("POST", path, **more)

    def lead(self, **members: Any) -> httpx.Response:
        """Create a lead; ``as_`` and headers are keywords of :meth:`send`, the rest are members of the body."""
        passed = {name: members.pop(name) for name in ("as_", "token", "headers") if name in members}
        return self.post("/v1/leads", json={**LEAD, **members}, **passed)

    def customer(self) -> httpx.Response:
        return self.post("/v1/customers", json={"name": "Analytical Engines", "tier": "trial", "seats": 5})

    def sign_in(self, client: str = "primary", secret: str | None = None, **form: str) -> httpx.Response:
        """Ask the sandbox's own authorization server for a token."""
        secret = client_secret(client) if secret is None else secret
        return self.http.post("/oauth/token", auth=(client, secret), data={"grant_type": "client_credentials", **form})


@pytest.fixture(scope="session")
def honest_sandbox() -> Iterator[RunningSandbox]:
    with serve() as running:
        yield running


@pytest.fixture(scope="session")
def honest(honest_sandbox: RunningSandbox) -> Talk:
    return Talk(honest_sandbox)
