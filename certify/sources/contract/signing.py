"""Credentials inside a worker: asked of the parent, and put on each request of the engine where they belong.

The engine sends with ``requests``; what has to sign the request as it goes on the wire does so as its ``auth``, and
asks the parent, where the keys stay. A client certificate is needed here, by TLS itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import certifi

from certify.errors import BudgetSpentError, CertifyError
from certify.http.broker import Asked
from certify.http.credentials import Credentials, with_query, without_query
from certify.http.trust import pem_file
from certify.link import Link


class Signing:
    """The fuzzing identity's credentials in this process, renewed when they expire; ``changed`` hears of each.

    ``ended`` makes what ends the engine's run where the budget does not allow to sign in.
    """

    def __init__(
        self,
        link: Link,
        identity: str,
        changed: Callable[[Credentials], None] = lambda _: None,
        ended: Callable[[BudgetSpentError], BaseException] = lambda error: error,
    ) -> None:
        self._asked = Asked(lambda question: link.ask(**_named(question)))
        self._identity = identity
        self._changed, self._ended, self._last = changed, ended, ""
        self._files = ExitStack()

    def credentials(self) -> Credentials:
        """Valid credentials. Raises ``RuntimeError`` with the parent's words, for the engine to tell."""
        try:
            held = self._asked.credentials(self._identity)
        except BudgetSpentError as error:
            raise self._ended(error) from None
        except CertifyError as error:
            raise RuntimeError(error.message) from None
        if held.fingerprint != self._last:
            self._last = held.fingerprint
            self._changed(held)
        return held

    def renew(self) -> None:
        """Ask anew: the parent has other credentials by now."""
        self._asked.forget()

    def apply(self, case: Any) -> None:
        """Put the credentials on a case."""
        held = self.credentials()
        _update(case, "headers", held.headers)
        _update(case, "query", dict(held.query))
        _update(case, "cookies", held.cookies)

    def mark(self, sending: dict[str, Any]) -> None:
        """Have a request signed right before it is sent; ``sending`` is what the engine gives to ``requests``."""
        sending["auth"] = _mark(self)

    def ready(self, request: Any) -> None:
        """Sign a request whose turn has come: its credentials may have ended while it waited."""
        if (held := getattr(request, _MARK, None)) is None:
            return
        now = self.credentials()
        if now.fingerprint != held.fingerprint:
            _replace(request, held, now)
        if now.sign is not None:
            _sign(request, now)
        if now.heard is not None:
            request.register_hook("response", _once_more(now))

    def certificate(self) -> str:
        """The client certificate and its key as a file of this process, in memory where the system has that."""
        held = self.credentials().certificate
        return self._files.enter_context(pem_file(held)) if held else ""


def trust_file(ca_file: str, folder: Path) -> str:
    """The authorities that the engine trusts, as one file: the usual ones and the profile's."""
    if not ca_file:
        return ""
    file = folder / "trust.pem"
    file.write_text(Path(certifi.where()).read_text("utf-8") + "\n" + Path(ca_file).read_text("utf-8"), "utf-8")
    return str(file)


def _named(question: Mapping[str, Any]) -> dict[str, Any]:
    return {"what" if name == "ask" else name: value for name, value in question.items()}


def _update(case: Any, place: str, values: Mapping[str, str]) -> None:
    if values:
        known = getattr(case, place, None)
        if known is None:
            setattr(case, place, dict(values))
        else:
            known.update(values)


_MARK = "certify_credentials"


def _mark(signing: Signing) -> Any:
    from requests.auth import AuthBase

    class Mark(AuthBase):
        """Notes on a prepared request what it was signed with; copies of it, for redirects, do not have the note."""

        def __call__(self, request: Any) -> Any:
            setattr(request, _MARK, signing.credentials())
            return request

    return Mark()


def _replace(request: Any, old: Credentials, new: Credentials) -> None:
    """Credentials of now in the place of those that ended."""
    request.headers.update(new.headers)
    request.url = with_query(without_query(request.url, {name for name, _ in old.query}), new.query)
    cookies = request.headers.get("Cookie", "")
    for name, value in new.cookies.items():
        cookies = cookies.replace(f"{name}={old.cookies.get(name)}", f"{name}={value}")
    if cookies:
        request.headers["Cookie"] = cookies


def _sign(request: Any, held: Credentials) -> None:
    assert held.sign is not None
    body = request.body if isinstance(request.body, bytes) else str(request.body or "").encode()
    request.headers.update(held.sign(request.method, request.url, dict(request.headers), body))


def _once_more(held: Credentials) -> Any:
    def again(response: Any, **sending: Any) -> Any:
        assert held.heard is not None
        if not held.heard(
            response.request.url, response.status_code, tuple(response.headers.items()), response.content
        ):
            return response
        response.close()
        request = response.request.copy()
        request.hooks = {"response": []}
        _sign(request, held)
        other = response.connection.send(request, **sending)
        other.history.append(response)
        other.request = request
        return other

    return again
