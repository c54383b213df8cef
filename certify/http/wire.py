"""The only module that talks to the network: bounded, guarded, paced and recorded.

Redirects are not followed (a redirect is an answer to judge), proxies and ambient settings are ignored, bodies are cut
at ``BODY_LIMIT``, an exchange ends at ``DEADLINE``, and a transport error is an exchange like any other.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import httpcore
import httpx

from certify import __version__
from certify.errors import SandboxUnreachableError
from certify.http.call import Call, Reply
from certify.http.credentials import ClientCertificate, Credentials, cookie_header, with_query
from certify.http.deadline import PunctualBackend, within
from certify.http.decoding import ACCEPTED, UndecodableError, decoded
from certify.http.guard import Guard
from certify.http.pacing import Pacer
from certify.http.recorder import Recorder
from certify.http.redaction import Redactor
from certify.http.trust import tls_context
from certify.model.exchange import ReceivedResponse, SentRequest

BODY_LIMIT = 8 * 1024 * 1024
DEADLINE = 60.0
"""Seconds for a whole exchange, from connecting to the last byte."""
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
AGENT = f"certify/{__version__}"


class TransportError(Exception):
    """The request got no HTTP answer. ``exchange`` is the id of the recorded attempt."""

    def __init__(self, message: str, exchange: str) -> None:
        super().__init__(message)
        self.exchange = exchange


class Wire:
    """Sends calls to one sandbox, with the headers that the profile wants ``always``. Thread-safe, like the client."""

    def __init__(
        self,
        base_url: str,
        guard: Guard,
        pacer: Pacer,
        recorder: Recorder,
        run_id: str = "",
        always: Mapping[str, str] | None = None,
        ca_file: str = "",
    ) -> None:
        self._base = base_url.rstrip("/")
        self._guard, self._pacer, self._recorder = guard, pacer, recorder
        self._run_id, self._always = run_id, dict(always or {})
        self._ca_file = ca_file
        self._client = _client(tls_context(ca_file))
        self._known: dict[ClientCertificate, httpx.Client] = {}
        self._lock = threading.Lock()

    def send(
        self,
        call: Call,
        signed: Mapping[str, str] | Credentials,
        *,
        identity: str = "anonymous",
        paced: bool = True,
        fresh: bool = False,
        purpose: str = "",
        tags: tuple[str, ...] = (),
    ) -> Reply:
        """Send one call, ``signed`` by credentials or headers, and return its reply.

        Raises :class:`TransportError` where no answer came. Where the credentials learn from the answer how the request
        has to be signed (a DPoP nonce, RFC 9449 §9), it is sent once more; both exchanges are recorded.
        ``fresh`` opens a connection of its own; ``paced=False`` is for the checks that measure a limit.
        """
        credentials = signed if isinstance(signed, Credentials) else Credentials(signed)

        def once() -> Reply:
            return self._once(call, credentials, identity, paced=paced, fresh=fresh, purpose=purpose, tags=tags)

        reply = once()
        url = self._address(call, credentials).url if credentials.heard is not None else ""
        if credentials.heard is not None and credentials.heard(url, reply.status, reply.headers, reply.content):
            reply = once()
        return reply

    def _once(
        self,
        call: Call,
        credentials: Credentials,
        identity: str,
        *,
        paced: bool,
        fresh: bool,
        purpose: str,
        tags: tuple[str, ...],
    ) -> Reply:
        url = call.path if call.path.startswith(("http://", "https://")) else self._base + call.path
        self._guard.check(url)
        if paced:
            self._pacer.wait()
        request = self._request(call, url, credentials)
        started, clock = time.time(), time.perf_counter()
        answer = self._exchange(request, fresh, credentials.certificate)
        seconds = time.perf_counter() - clock
        exchange = self._recorder.record(
            _sent(request),
            answer if isinstance(answer, str) else _received(answer, seconds),
            identity=identity,
            operation=call.operation,
            started=started,
            purpose=purpose,
            tags=tags,
        )
        if isinstance(answer, str):
            raise TransportError(answer, exchange)
        return Reply(
            answer.status_code,
            tuple(answer.headers.multi_items()),
            answer.content[:BODY_LIMIT],
            seconds,
            exchange,
            call,
            started + seconds,
        )

    @property
    def redactor(self) -> Redactor:
        return self._recorder.redactor

    def close(self) -> None:
        for client in (self._client, *self._known.values()):
            client.close()

    def _request(self, call: Call, url: str, credentials: Credentials) -> httpx.Request:
        content = call.content()
        ours: list[tuple[str, str]] = [("Accept", "application/json, application/problem+json;q=0.9, */*;q=0.1")]
        ours += [("User-Agent", AGENT), ("Certify-Run", self._marker())]
        if content is not None:
            ours.append(("Content-Type", call.media_type))
        merged = httpx.Headers(ours)
        for name, value in (*self._always.items(), *credentials.headers.items(), *call.headers):
            merged[name] = value
        if credentials.cookies:
            merged["Cookie"] = "; ".join(filter(None, (merged.get("Cookie"), cookie_header(credentials.cookies))))
        query = httpx.QueryParams(call.query) if call.query else None
        whole = httpx.URL(url, params=query) if query else url
        address = with_query(str(whole), credentials.query)
        request = self._client.build_request(call.method, address, headers=merged, content=content)
        if credentials.sign is not None:
            signature = credentials.sign(request.method, str(request.url), request.headers, content or b"")
            request.headers.update({name: value for name, value in signature.items() if call.header(name) is None})
        return request

    def _marker(self) -> str:
        """Run and check, so that a partner finds the request in their own logs."""
        return f"{self._run_id}/{self._recorder.context.check}".strip("/") or "none"

    def _exchange(
        self, request: httpx.Request, fresh: bool, certificate: ClientCertificate | None
    ) -> httpx.Response | str:
        try:
            with within(DEADLINE):
                if not fresh:
                    return _read(self._client_of(certificate), request)
                with _client(tls_context(self._ca_file, certificate)) as client:
                    return _read(client, request)
        except (httpx.HTTPError, UndecodableError) as error:
            return f"{type(error).__name__}: {error}"

    def _client_of(self, certificate: ClientCertificate | None) -> httpx.Client:
        """A connection proves one client: each certificate has connections of its own."""
        if certificate is None:
            return self._client
        with self._lock:
            if certificate not in self._known:
                self._known[certificate] = _client(tls_context(self._ca_file, certificate))
            return self._known[certificate]


def _client(trust: ssl.SSLContext) -> httpx.Client:
    client = httpx.Client(timeout=TIMEOUT, trust_env=False, follow_redirects=False, transport=_transport(trust))
    client.headers["Accept-Encoding"] = ACCEPTED
    # A cookie that one identity was given would sign in the next one, and the call that carries no credential.
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return client


def _transport(trust: ssl.SSLContext) -> httpx.HTTPTransport:
    transport = httpx.HTTPTransport(verify=trust, trust_env=False)
    # NOTE: httpx offers no way to name a network backend, and httpcore does; a dripping answer in the tests proves it.
    transport._pool = httpcore.ConnectionPool(
        ssl_context=trust,
        max_connections=100,
        max_keepalive_connections=50,
        keepalive_expiry=5.0,
        network_backend=PunctualBackend(),
    )
    return transport


def _read(client: httpx.Client, request: httpx.Request) -> httpx.Response:
    """Read an answer, but no more than ``BODY_LIMIT`` of it: a partner may send without end."""
    response = client.send(request, stream=True)
    try:
        encoding = response.headers.get("Content-Encoding", "").strip().lower().replace("identity", "")
        response._content = decoded(response.iter_raw(), encoding, BODY_LIMIT)
    finally:
        response.close()
    return response


def _sent(request: httpx.Request) -> SentRequest:
    body = request.content.decode("utf-8", "replace") if request.content else None
    return SentRequest(request.method, str(request.url), tuple(request.headers.multi_items()), body)


def _received(response: httpx.Response, seconds: float) -> ReceivedResponse:
    headers, content = tuple(response.headers.multi_items()), response.content
    body = content[:BODY_LIMIT].decode("utf-8", "replace")
    return ReceivedResponse(response.status_code, headers, body, round(seconds, 6), len(content) > BODY_LIMIT)


def unreachable(url: str, error: Any) -> SandboxUnreachableError:
    """The error for a sandbox that gives no answer, with the likely causes in order."""
    return SandboxUnreachableError(
        f"the sandbox at {url} gives no answer: {error}",
        [
            "the sandbox is not running, or listens on another port: check target.base_url in the profile",
            "the way there is blocked: a proxy, a firewall or an address allow-list; try `curl -i` from this machine",
            "the name does not resolve, or the certificate is not trusted (target.ca_file): see the error above",
        ],
    )
