"""Credentials across processes: the parent answers for its office, a child asks, over a socket that only they have.

    {"ask": "secrets"}                                                answered {"secrets": {…}, "keys": {…}}
    {"ask": "credentials", "identity": …, "refused": …}               answered {"headers": {…}, "expires": …, …}
    {"ask": "signature", "identity": …, "method": …, "url": …, …}     answered {"headers": {…}}
    {"ask": "heard", "identity": …, "status": …, "headers": …, …}     answered {"again": true or false}

What cannot be given is answered {"error", "advice", "kind"}. Secrets travel here and nowhere else: not on a command
line, not in the environment, not on disk; the keys that sign each request stay with the parent.
"""

from __future__ import annotations

import base64
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from certify.errors import BudgetSpentError, CertifyError, HarnessError, ProfileError, SandboxUnreachableError
from certify.http.credentials import ClientCertificate, Credentials
from certify.link import Link
from certify.model.exchange import Headers

if TYPE_CHECKING:
    from certify.http.session import Session

VARIABLE = "CERTIFY_SIGN_IN"
"""Names the descriptor of a child's end of the socket; a number, and no secret."""
_KINDS: Mapping[str, type[CertifyError]] = {
    "profile": ProfileError,
    "budget": BudgetSpentError,
    "harness": HarnessError,
}
"""Errors that keep their class on the way; any other is about the sandbox."""
Ask = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""A question to the parent, and its answer."""


# — the parent's side —


class Broker:
    """Answers what children ask of a session. Thread-safe, like the session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(self, question: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return self._answer(question)
        except CertifyError as error:
            kind = next((name for name, known in _KINDS.items() if isinstance(error, known)), "sandbox")
            return {"error": error.message, "advice": list(error.advice), "kind": kind}
        except Exception as error:  # one question that fails must not leave all others without an answer
            said = self._session.wire.redactor.text(str(error))[:300]
            return {"error": f"signing in failed: {type(error).__name__}: {said}", "kind": "harness"}

    def serve(self, end: socket.socket) -> threading.Thread:
        """Answer a child until it closes its end."""
        thread = threading.Thread(target=self._serve, args=(Link(end),), name="sign-in", daemon=True)
        thread.start()
        return thread

    def _serve(self, link: Link) -> None:
        try:
            for question in link.messages():
                link.say(self(question))
        except OSError:  # the child is gone
            pass
        finally:
            link.close()

    def _answer(self, question: Mapping[str, Any]) -> dict[str, Any]:
        match question["ask"]:
            case "secrets":
                return {"secrets": self._session.secrets, "keys": self._session.keys}
            case "credentials":
                return written(self._credentials(question))
            case "signature":
                return {"headers": signature(self._credentials(question), question)}
            case "heard":
                return {"again": heard(self._credentials(question), question)}
            case other:
                raise ProfileError(f"nobody answers {other!r}")

    def _credentials(self, question: Mapping[str, Any]) -> Credentials:
        return self._session.credentials(str(question["identity"]), str(question.get("refused", "")))


def written(credentials: Credentials) -> dict[str, Any]:
    """Credentials as JSON. What signs and what listens stays here; it is said that there is something."""
    certificate = credentials.certificate
    return {
        "headers": dict(credentials.headers),
        "token": credentials.token,
        "expires": credentials.expires,
        "query": list(credentials.query),
        "cookies": dict(credentials.cookies),
        "signs": credentials.sign is not None,
        "hears": credentials.heard is not None,
        "certificate": [certificate.chain, certificate.key] if certificate else None,
    }


def signature(credentials: Credentials, question: Mapping[str, Any]) -> dict[str, str]:
    """The headers that sign the request of a question."""
    if credentials.sign is None:
        return {}
    body = base64.b64decode(question["body"])
    return dict(credentials.sign(question["method"], question["url"], question["headers"], body))


def heard(credentials: Credentials, question: Mapping[str, Any]) -> bool:
    """Whether the request of a question is to be sent once more."""
    if credentials.heard is None:
        return False
    headers = tuple((str(name), str(value)) for name, value in question["headers"])
    return credentials.heard(question["url"], int(question["status"]), headers, base64.b64decode(question["body"]))


# — the child's side —


class Asked:
    """Asks the parent for the credentials of identities, and keeps them until they expire."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._held: dict[str, Credentials] = {}

    def credentials(self, identity: str, refused: str = "") -> Credentials:
        """Valid credentials; others than those with the fingerprint ``refused``, where the parent can have others."""
        held = self._held.get(identity)
        if held is None or not held.valid(time.time()) or (refused and refused == held.fingerprint):
            answer = asked(self._ask, {"ask": "credentials", "identity": identity, "refused": refused})
            held = self._held[identity] = read(answer, self._ask, identity)
        return held

    def forget(self) -> None:
        """Ask anew; the parent goes on holding what it has."""
        self._held.clear()


def read(answer: Mapping[str, Any], ask: Ask, identity: str) -> Credentials:
    """Credentials as the parent wrote them; what signs and what listens asks the parent."""
    certificate = answer.get("certificate")

    def sign(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Mapping[str, str]:
        said = {"method": method, "url": url, "headers": dict(headers), "body": base64.b64encode(body).decode()}
        given: Mapping[str, str] = asked(ask, {"ask": "signature", "identity": identity, **said})["headers"]
        return given

    def listen(url: str, status: int, headers: Headers, body: bytes) -> bool:
        said = {"url": url, "status": status, "headers": list(headers), "body": base64.b64encode(body[:8192]).decode()}
        return bool(asked(ask, {"ask": "heard", "identity": identity, **said})["again"])

    return Credentials(
        answer["headers"],
        answer["token"],
        answer["expires"],
        tuple((name, value) for name, value in answer["query"]),
        answer["cookies"],
        sign if answer["signs"] else None,
        listen if answer["hears"] else None,
        ClientCertificate(*certificate) if certificate else None,
        identity,
    )


def asked(ask: Ask, question: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer. Raises the error that the parent met."""
    answer = ask(question)
    if "error" in answer:
        kind = _KINDS.get(str(answer.get("kind")), SandboxUnreachableError)
        raise kind(str(answer["error"]), [str(line) for line in answer.get("advice", ())])
    return answer


def parent() -> Ask | None:
    """The way to the parent that the environment names, or None. It is named once: nothing that we start sees it."""
    descriptor = os.environ.pop(VARIABLE, "")
    if not descriptor.isdigit():
        return None
    link, lock = Link(socket.socket(fileno=int(descriptor))), threading.Lock()

    def ask(question: Mapping[str, Any]) -> Mapping[str, Any]:
        with lock:
            try:
                link.say(question)
                answer = link.hear()
            except OSError:
                answer = None
        return answer or {"error": "the process that signs in is gone"}

    return ask
