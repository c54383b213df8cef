"""The only module that talks to the network: bounded, guarded, paced and recorded.

Redirects are not followed (a redirect is an answer to judge), proxies and ambient settings are ignored, bodies are cut
at ``BODY_LIMIT``, an exchange ends at ``DEADLINE``, and a transport error is an exchange like any other.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any

from certify import __version__
from certify.budget import Budget, Meter
from certify.errors import ProfileError, SandboxUnreachableError
from certify.http.call import Call, Reply
from certify.http.connections import Address, Answer, Connections, NoAnswerError, address_of, any_case, unsendable
from certify.http.credentials import ClientCertificate, Credentials, cookie_header, with_query
from certify.http.decoding import ACCEPTED
from certify.http.guard import Guard
from certify.http.pacing import Pacer
from certify.http.recorder import Recorder
from certify.http.redaction import Redactor
from certify.http.trust import tls_context
from certify.model.exchange import Headers, ReceivedResponse, SentRequest

BODY_LIMIT = 8 * 1024 * 1024
DEADLINE = 60.0
"""Seconds for a whole exchange, from connecting to the last byte."""
AGENT = f"certify/{__version__}"
ACCEPT = "application/json, application/problem+json;q=0.9, */*;q=0.1"


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
        budget: Budget | None = None,
        deadline: float = DEADLINE,
    ) -> None:
        self._base, self.deadline = base_url.rstrip("/"), deadline
        self.limit = BODY_LIMIT  # bytes of a body that are read; more only where a document is fetched
        self.budget = budget or Budget(Meter.alone())
        self._guard, self._pacer, self._recorder = guard, pacer, recorder
        self._run_id, self._always = run_id, dict(always or {})
        self._ca_file = ca_file
        self._connections = self._fresh(None)
        self._known: dict[ClientCertificate, Connections] = {}
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
        address, content = self._address(call, credentials), call.content()
        self._guard.check(address.url)
        self._permit(call, paced=paced, purpose=purpose)
        headers = self._headers(call, address, credentials, content)
        started, clock = time.time(), time.perf_counter()
        answer = self._exchange(call.method, address, headers, content, fresh, credentials.certificate)
        seconds = time.perf_counter() - clock
        exchange = self._recorder.record(
            SentRequest(call.method, address.url, headers, content.decode("utf-8", "replace") if content else None),
            answer if isinstance(answer, str) else _received(answer, seconds),
            identity=identity,
            operation=call.operation,
            started=started,
            purpose=purpose,
            tags=tags,
            signed=credentials.whose,
        )
        if isinstance(answer, str):
            raise TransportError(answer, exchange)
        body = answer.content[: self.limit]
        reply = Reply(answer.status, answer.headers, body, seconds, exchange, call, started + seconds)
        self._settle(reply, paced=paced, purpose=purpose)
        return reply

    @property
    def redactor(self) -> Redactor:
        return self._recorder.redactor

    def share(self, meter: Meter) -> None:
        """Keep to the pace and the budget of a meter from now on."""
        self._pacer, self.budget = Pacer(meter), Budget(meter)

    def close(self) -> None:
        for connections in (self._connections, *self._known.values()):
            connections.close()

    # — what may be sent, and when —

    def _permit(self, call: Call, *, paced: bool, purpose: str) -> None:
        """Wait for our turn; raise where the budget is spent."""
        if paced:
            self._pacer.wait()
        cleans = purpose == "cleanup"
        self.budget.take(creates=_creates(call, purpose), cleaning=cleans and not call.safe, late=cleans)

    def _settle(self, reply: Reply, *, paced: bool, purpose: str) -> None:
        """What the answer tells of the limit is heeded, but for the checks that measure one (not ``paced``)."""
        if reply.status != 201 and _creates(reply.call, purpose):
            self.budget.settle()
        if paced:
            self._pacer.learn(reply)

    # — the request —

    def _address(self, call: Call, credentials: Credentials) -> Address:
        url = call.path if call.path.startswith(("http://", "https://")) else self._base + call.path
        return address_of(with_query(with_query(url, call.query), credentials.query))

    def _headers(self, call: Call, address: Address, credentials: Credentials, content: bytes | None) -> Headers:
        """Ours, then the profile's, the credentials' and the call's: of one name, the last counts."""
        merged = {"host": address.host, "accept": ACCEPT, "accept-encoding": ACCEPTED, "connection": "keep-alive"}
        merged |= {"user-agent": AGENT, "certify-run": self._marker()}
        _refuse_unsendable("target.headers of the profile", self._always)
        if credentials.whose:  # others are a check's, which spoils them on purpose
            _refuse_unsendable(f"the secrets of identity {credentials.whose!r}", credentials.headers)
        if content is not None:
            merged["content-type"] = call.media_type
        for name, value in (*self._always.items(), *credentials.headers.items(), *call.headers):
            merged[name.lower()] = value
        if credentials.cookies:
            merged["cookie"] = "; ".join(filter(None, (merged.get("cookie"), cookie_header(credentials.cookies))))
        if content or call.method in ("POST", "PUT", "PATCH"):
            merged.setdefault("content-length", str(len(content or b"")))
        if credentials.sign is not None:
            signature = credentials.sign(call.method, address.url, any_case(merged), content or b"")
            merged |= {name.lower(): value for name, value in signature.items() if call.header(name) is None}
        return tuple(merged.items())

    def _marker(self) -> str:
        """Run and check, so that a partner finds the request in their own logs."""
        return f"{self._run_id}/{self._recorder.context.check}".strip("/") or "none"

    # — the connection —

    def _exchange(
        self,
        method: str,
        address: Address,
        headers: Headers,
        content: bytes | None,
        fresh: bool,
        certificate: ClientCertificate | None,
    ) -> Answer | str:
        connections = self._fresh(certificate) if fresh else self._connections_of(certificate)
        try:
            return connections.exchange(method, address, headers, content, limit=self.limit, deadline=self.deadline)
        except NoAnswerError as error:  # it may quote what the partner answered, and a partner may echo a credential
            return self.redactor.text(str(error))
        finally:
            if fresh:
                connections.close()

    def _fresh(self, certificate: ClientCertificate | None) -> Connections:
        return Connections(tls_context(self._ca_file, certificate))

    def _connections_of(self, certificate: ClientCertificate | None) -> Connections:
        """A connection proves one client: each certificate has connections of its own."""
        if certificate is None:
            return self._connections
        with self._lock:
            if certificate not in self._known:
                self._known[certificate] = self._fresh(certificate)
            return self._known[certificate]


def _refuse_unsendable(where: str, headers: Mapping[str, str]) -> None:
    """Raise :class:`ProfileError` for a header of the profile that cannot be sent. Its value is never quoted."""
    if name := unsendable(headers.items()):
        raise ProfileError(
            f"header {name!r} cannot be sent: it holds a control character, or white space around its value",
            [f"correct {where}: a secret is one line (RFC 9110 §5.5)"],
        )


def _creates(call: Call, purpose: str) -> bool:
    return call.method == "POST" and purpose not in ("sign-in", "cleanup")


def _received(answer: Answer, seconds: float) -> ReceivedResponse:
    body = answer.content[:BODY_LIMIT].decode("utf-8", "replace")
    return ReceivedResponse(answer.status, answer.headers, body, round(seconds, 6), len(answer.content) > BODY_LIMIT)


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
