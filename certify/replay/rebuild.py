"""A recorded request made ready to be sent again. The record is redacted, so credentials come fresh from the profile.

What was single-use is made anew: an idempotency key (a used one would get the remembered answer), and the entity tag of
a conditional write (RFC 9110 §13.1.1). What redaction took out of path, query or body cannot be put back.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from certify.http.call import ABSENT, Call
from certify.http.credentials import NOBODY, Credentials
from certify.http.recorder import CAPTURE_LIMIT
from certify.http.redaction import MARK
from certify.http.session import Session
from certify.model.exchange import Exchange, Headers
from certify.model.partner import Partner

_OURS = frozenset(
    {"host", "accept-encoding", "connection", "user-agent", "certify-run", "content-length", "content-type"}
)
"""Headers that the wire gives each request by itself."""
_LOST = "�"


class CannotRebuildError(Exception):
    """The request cannot be made again from its record; the message says why."""


@dataclass(frozen=True)
class Rebuilt:
    """A call, who signs it, and the name under which that is recorded."""

    call: Call
    credentials: Credentials
    identity: str


def rebuild(exchange: Exchange, recorded_base: str, session: Session) -> Rebuilt:
    """The request of an exchange, for the sandbox of a session. Raises :class:`CannotRebuildError`."""
    _permitted(exchange.request.method, session.partner)
    credentials = _credentials(exchange, session)
    url = _url(exchange, recorded_base, session.partner, credentials)
    call = Call(
        exchange.request.method,
        url,
        exchange.operation,
        headers=_headers(exchange, session.partner, credentials),
        body=_body(exchange),
        media_type=_media_type(exchange.request.headers),
    )
    return Rebuilt(_with_fresh_tag(call, credentials, session), credentials, exchange.identity)


def _permitted(method: str, partner: Partner) -> None:
    """What the profile forbids is not sent, whatever was recorded."""
    allowed = partner.permissions
    if method not in ("GET", "HEAD", "OPTIONS") and not allowed.allow_writes:
        raise CannotRebuildError(f"it is a {method}, and permissions.allow_writes is false in the profile")
    if method == "DELETE" and not allowed.allow_destructive:
        raise CannotRebuildError("it is a DELETE, and permissions.allow_destructive is false in the profile")


def _credentials(exchange: Exchange, session: Session) -> Credentials:
    if exchange.signed:
        if exchange.signed not in session.partner.identities and session.partner.identities:
            raise CannotRebuildError(f"the profile has no identity {exchange.signed!r} any more")
        return session.credentials(exchange.signed)
    if any(MARK in value for _, value in exchange.request.headers):
        raise CannotRebuildError("it carried credentials that were made for that one request, and are not recorded")
    return NOBODY


def _url(exchange: Exchange, recorded_base: str, partner: Partner, credentials: Credentials) -> str:
    """The same place on the sandbox of today; what signs in by the query is left to the credentials."""
    url = exchange.request.url
    base = recorded_base.rstrip("/")
    if url.startswith(base):
        url = partner.base_url.rstrip("/") + url[len(base) :]
    own = {name for name, _ in credentials.query}
    path, _, query = url.partition("?")
    kept = [part for part in query.split("&") if part and part.split("=", 1)[0] not in own]
    url = path + ("?" + "&".join(kept) if kept else "")
    if MARK in url:
        raise CannotRebuildError("its URL held a secret, which is not recorded")
    return url


def _headers(exchange: Exchange, partner: Partner, credentials: Credentials) -> Headers:
    given = _OURS | {name.lower() for name in (*credentials.headers, *partner.headers)}
    given |= {"cookie"} if credentials.cookies else frozenset()
    kept = tuple((name, value) for name, value in exchange.request.headers if name.lower() not in given)
    redacted = [name for name, value in kept if MARK in value]
    if redacted and credentials.sign is None:
        raise CannotRebuildError(f"its header {redacted[0]} held a secret, which is not recorded")
    return tuple((name, _fresh(name, value, partner)) for name, value in kept if MARK not in value)


def _fresh(name: str, value: str, partner: Partner) -> str:
    own = partner.idempotency.header.lower() if partner.idempotency else ""
    return str(uuid.uuid4()) if name.lower() in ("idempotency-key", own) and len(value) == 36 else value


def _body(exchange: Exchange) -> object:
    body = exchange.request.body
    if body is None:
        return ABSENT
    if MARK in body:
        raise CannotRebuildError("its body held a secret, which is not recorded")
    if len(body) >= CAPTURE_LIMIT or _LOST in body:
        raise CannotRebuildError("its body is not recorded whole: it was too long, or is not text")
    return body.encode()


def _media_type(headers: Headers) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "application/json")


def _with_fresh_tag(call: Call, credentials: Credentials, session: Session) -> Call:
    tag = call.header("If-Match")
    if tag is None or not tag.strip('W/"') or tag == "*" or '"' not in tag:
        return call
    reply = session.wire.send(Call("GET", call.path), credentials, identity=credentials.whose, purpose="setup")
    fresh = reply.header("ETag")
    return call.with_header("If-Match", fresh) if reply.ok and fresh else call
