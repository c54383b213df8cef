"""The error of a refused sign-in: which identity, which endpoint, what was said (redacted), and the likely causes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from certify.errors import SandboxUnreachableError
from certify.http.call import Call, Reply
from certify.http.connections import unsendable
from certify.http.credentials import Credentials
from certify.http.signin.interface import Means
from certify.http.wire import TransportError, unreachable
from certify.model.partner import Identity

SAID_LIMIT = 200
"""Characters of a refusal that are quoted."""


def asked(means: Means, call: Call, identity: Identity, credentials: Credentials | None = None) -> Reply:
    """Send one request of a sign-in. Raises :class:`SandboxUnreachableError` where no answer comes."""
    try:
        return means.wire.send(call, credentials or Credentials({}), identity=identity.name, purpose="sign-in")
    except TransportError as error:
        raise unreachable(_place(call), error) from None


def refused(
    means: Means, identity: Identity, reply: Reply, causes: Mapping[str, str] | Sequence[str]
) -> SandboxUnreachableError:
    """The error, with the cause that belongs to the ``error`` code (RFC 6749 §5.2) first, where the answer has one."""
    code = reply.at("/error")
    if isinstance(causes, Mapping):
        ranked = [causes[code]] if isinstance(code, str) and code in causes else []
        causes = [*ranked, *(cause for cause in causes.values() if cause not in ranked)]
    return SandboxUnreachableError(
        f"identity {identity.name!r} cannot sign in at {_place(reply.call)}: {reply}{_said(means, reply)}", list(causes)
    )


def usable_token(token: object) -> bool:
    """Whether a token of an answer can be sent at all; RFC 6749 Appendix A.12 allows it less."""
    return isinstance(token, str) and not unsendable([("authorization", f"Bearer {token}")])


def _place(call: Call) -> str:
    """Where it was sent. A query is left out: a form of method GET carries there what was typed."""
    return call.path.split("?", 1)[0]


def _said(means: Means, reply: Reply) -> str:
    """What the answer says, in the members where errors are told; nothing of the rest, and no secret."""
    members = ("/error", "/error_description", "/title", "/detail", "/message", "/error/message")
    found = dict.fromkeys(str(value) for name in members if isinstance(value := reply.at(name), str) and value)
    said = " · ".join(means.wire.redactor.text(text) for text in found)
    return f": {said[:SAID_LIMIT]}" if said else ""
