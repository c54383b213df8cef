"""A person's part of an authorization, played from a script: pages are followed and forms filled in, without a browser.

Every address is checked against the hosts that the profile names, cookies go back only to the host that set them, the
number of requests is bounded, and ``redirect_uri`` is read, never fetched.

    consent:
      - fields: {login: "{username}", password: "{password}"}    # fills in the page's form; hidden fields stay
      - form: consent                                            # by id, name, or a part of its action
        fields: {decision: allow}
      - method: POST                                             # or a request by itself, with no page to read
        url: https://sandbox.partner.example/approve
        fields: {ok: "yes"}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from certify.errors import SandboxUnreachableError
from certify.http.call import ABSENT, Call, Reply
from certify.http.credentials import Credentials
from certify.http.signin.forms import Form, forms
from certify.http.signin.interface import Means
from certify.http.signin.login import filled
from certify.http.signin.refusal import asked
from certify.http.token_request import FORM
from certify.model.partner import Identity

MAX_REQUESTS = 20
"""Requests of one authorization, redirects included."""


class Consent:
    """Walks one identity from the authorization endpoint to the redirect URI. One use."""

    def __init__(self, means: Means, identity: Identity, redirect_uri: str) -> None:
        self._means, self._identity, self._redirect_uri = means, identity, redirect_uri
        self._jar: dict[tuple[str, str], str] = {}
        self._sent = 0

    def walk(self, start: str, steps: Sequence[Mapping[str, Any]], values: Mapping[str, str]) -> str:
        """The URL to which the authorization server sends the browser in the end (RFC 6749 §4.1.2).

        Raises :class:`SandboxUnreachableError`, naming the step and what the page offers, where it does not get there.
        """
        here, reply = self._follow("GET", start, None)
        for number, step in enumerate(steps, start=1):
            if reply is None:
                return here
            method, url, fields = self._prepared(number, step, here, reply, values)
            here, reply = self._follow(method, url, fields)
        if reply is None:
            return here
        raise self._stuck(f"after the last step ({len(steps)})", here, reply)

    def _follow(self, method: str, url: str, fields: Mapping[str, str] | None) -> tuple[str, Reply | None]:
        """Send, and follow redirects: to a page, or to the redirect URI, which is not fetched."""
        while True:
            reply = self._send(method, url, fields)
            location = reply.header("Location")
            if not (300 <= reply.status < 400 and location):
                return url, reply
            url = self._joined(url, location)
            if self._arrived(url):
                return url, None
            if reply.status in (301, 302, 303):  # RFC 9110 §15.4: what browsers do
                method, fields = "GET", None

    def _arrived(self, url: str) -> bool:
        return url.split("?", 1)[0].split("#", 1)[0] == self._redirect_uri.split("?", 1)[0]

    def _send(self, method: str, url: str, fields: Mapping[str, str] | None) -> Reply:
        self._sent += 1
        if self._sent > MAX_REQUESTS:
            raise SandboxUnreachableError(
                f"the sign-in of identity {self._identity.name!r} took more than {MAX_REQUESTS} requests",
                ["two pages send us to each other: is a cookie or a step of sign_in.consent missing?"],
            )
        if method == "GET" and fields:
            url, fields = f"{url}{'&' if '?' in url else '?'}{urlencode(fields)}", None
        host = urlsplit(url).netloc
        cookies = {name: value for (owner, name), value in self._jar.items() if owner == host}
        certificate = self._means.certificate(self._identity)
        call = Call(method, url, media_type=FORM, body=ABSENT if fields is None else dict(fields))
        call = call.with_header("Accept", "text/html, */*;q=0.1")
        reply = asked(self._means, call, self._identity, Credentials({}, cookies=cookies, certificate=certificate))
        self._keep(host, reply)
        return reply

    def _keep(self, host: str, reply: Reply) -> None:
        for header, value in reply.headers:
            if header.lower() == "set-cookie":
                name, _, given = value.split(";", 1)[0].partition("=")
                self._jar[host, name.strip()] = given.strip()
                self._means.wire.redactor.learn(given.strip())

    def _prepared(
        self, number: int, step: Mapping[str, Any], here: str, reply: Reply, values: Mapping[str, str]
    ) -> tuple[str, str, dict[str, str]]:
        """Method, address and fields of a step."""
        typed: dict[str, str] = filled(dict(step.get("fields", {})), values)
        if url := step.get("url"):
            return str(step.get("method", "POST")), self._joined(here, str(url)), typed
        form = _chosen(forms(reply.text), str(step.get("form", "")))
        if form is None:
            raise self._stuck(f"at step {number}", here, reply)
        if form.method == "get" and "{password}" in str(step.get("fields")):
            raise self._exposed(number, here)
        return form.method.upper(), self._joined(here, form.action or here), form.sent(typed)

    def _joined(self, here: str, there: str) -> str:
        """Where a page sends us. Raises :class:`SandboxUnreachableError` where that is no address."""
        try:
            return urljoin(here, there)
        except ValueError:
            raise SandboxUnreachableError(
                f"the sign-in of identity {self._identity.name!r} leads from {here.split('?', 1)[0]} to "
                f"{there[:100]!r}, which is not an address",
                ["the page or redirect of the authorization server is broken (RFC 3986 §3.2.2)"],
            ) from None

    def _exposed(self, number: int, here: str) -> SandboxUnreachableError:
        return SandboxUnreachableError(
            f"the sign-in of identity {self._identity.name!r} stopped at step {number}, at {here.split('?', 1)[0]}: "
            "the form there is of method GET, and would send the password in a URL",
            [
                "sign_in.consent names the wrong form of this page",
                "the page sends its form by a script: write the step with method: POST, url and fields",
            ],
        )

    def _stuck(self, where: str, here: str, reply: Reply) -> SandboxUnreachableError:
        offered = "; ".join(_described(form) for form in forms(reply.text)[:3]) or "no form"
        page = here.split("?", 1)[0]
        return SandboxUnreachableError(
            f"the sign-in of identity {self._identity.name!r} stopped {where}, at {page}: {reply}, with {offered}",
            [
                "user name or password is wrong: a login page that comes back asks again",
                "sign_in.consent needs another step, or names fields or a form that this page does not have",
                "client_id or redirect_uri is not registered: the page then is an error page",
            ],
        )


def _chosen(found: Sequence[Form], wanted: str) -> Form | None:
    """The form that a step names, or the first one."""
    matching = [form for form in found if not wanted or wanted == form.name or wanted in form.action]
    return matching[0] if matching else None


def _described(form: Form) -> str:
    fields = ", ".join([*form.fields, *form.buttons]) or "no field"
    return f"form {form.name or form.action!r} ({fields})"[:200]
