"""Token requests of ``primary``: the valid one, and those that differ from it in one thing."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

from certify.http.call import Call
from certify.http.session import Session
from certify.http.token_request import client_auth, client_id, client_proof, token_request, with_client


class TokenRequests:
    """Requests to the partner's token endpoint; nothing is sent by this class."""

    def __init__(self, session: Session) -> None:
        self._partner, self._identity = session.partner, session.identity("primary")
        self._secret = client_proof(session.partner, session.secrets.get("primary", {}))

    def valid(self) -> Call:
        return token_request(self._partner, self._identity, self._secret)

    def refusable(self) -> Iterator[tuple[str, Call]]:
        """Requests that must not get a token, each with what is wrong with it."""
        client, valid = client_id(self._identity), self.valid()
        nobody, nothing = f"certify-{uuid.uuid4().hex[:8]}", f"certify-{uuid.uuid4().hex}"
        if self._secret and client_auth(self._partner) != "tls":  # a certificate is not spoiled by another secret
            yield "a wrong secret", with_client(self._partner, self._bare(), client, nothing)
        yield "an unknown client", with_client(self._partner, self._bare(), nobody, nothing)
        yield "no client", self._bare()
        yield "no grant_type", valid.with_body({k: v for k, v in valid.body.items() if k != "grant_type"})
        yield "an unknown grant", valid.with_body({**valid.body, "grant_type": "certify-no-such-grant"})

    def lenient(self) -> Iterator[tuple[str, Call, str]]:
        """Requests that a careful server refuses and a lenient one understands, with the advice for the latter."""
        valid = self.valid()
        scope = " ".join(self._identity.scopes) or "openid"
        twice = [*((k, v) for k, v in valid.body.items() if k != "scope"), ("scope", scope), ("scope", scope)]
        advice = "refuse repeated parameters with invalid_request (RFC 6749 §3.2)"
        yield "scope twice", valid.with_body(urlencode(twice).encode()), advice
        yield "a JSON body", replace(valid, media_type="application/json"), "take forms only (RFC 6749 §4.4.2)"

    def by_get(self) -> Call:
        valid = self.valid()
        query = tuple((name, str(value)) for name, value in valid.body.items())
        bare = Call("GET", valid.path, query=query)
        return replace(bare, headers=valid.headers)

    def _bare(self) -> Call:
        """The request without any client authentication (RFC 6749 §2.3, RFC 7523 §2.2)."""
        valid = self.valid()
        proofs = ("client_id", "client_secret", "client_assertion", "client_assertion_type")
        form = {name: value for name, value in valid.body.items() if name not in proofs}
        return valid.without_header("Authorization").with_body(form)
