"""Sign-in at a login endpoint of the API's own: user name and password in a body, a token or a cookie in the answer.

sign_in:
  kind: login
  login_url: https://api.partner.example/v1/sessions
  body: {email: "{username}", password: "{password}"}
  token_pointer: /data/token
  expires_pointer: /data/expires_in     # seconds; a time (RFC 3339 or Unix) is understood too
  header: Authorization
  value: "Bearer {token}"
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from certify.http.call import Call, Reply
from certify.http.credentials import Credentials
from certify.http.signin.interface import Flow
from certify.http.signin.refusal import asked, refused, usable_token
from certify.http.signin.token_endpoint import USED, lifetime
from certify.http.token_request import FORM, client_id
from certify.model.partner import Identity

EARLIEST, LATEST = 1_000_000_000, 1_000_000_000_000
"""A lifetime that is larger than the first is a time: seconds since 1970. None is taken to be later than the second."""


class Login(Flow):
    """User name and password at the API's own login endpoint; the token or cookie that it answers."""

    kind = "login"
    converses = renewable = True

    def sign_in(self, identity: Identity) -> Credentials:
        body = filled(self.settings.get("body", {}), self._values(identity))
        form = self.settings.get("body_format") == "form"
        call = Call("POST", str(self.settings["login_url"]), body=body, media_type=FORM if form else "application/json")
        for name, value in self.settings.get("login_headers", {}).items():
            call = call.with_header(name, filled(value, self._values(identity)))
        bare = Credentials({}, certificate=self.means.certificate(identity))
        reply = asked(self.means, call, identity, bare)
        token = self._token(reply)
        if not reply.ok or not token or not usable_token(token):
            raise refused(self.means, identity, reply, self._causes(identity, reply))
        return self._credentials(token, time.time() + self._lifetime(reply) * USED)

    def _values(self, identity: Identity) -> dict[str, str]:
        return {
            "username": identity.settings.get("username", identity.name),
            "client_id": client_id(identity),
            "tenant": identity.tenant,
            "scope": " ".join(identity.scopes),
            **{name: self.secret(identity, name) for name in ("password", "client_secret", "api_key")},
        }

    def _token(self, reply: Reply) -> str:
        """The token, from the body, or the value of the cookie where no pointer is given."""
        pointer = self.settings.get("token_pointer")
        found = cookie_of(reply, str(self.settings.get("cookie"))) if pointer is None else reply.at(str(pointer))
        token = str(found) if isinstance(found, (str, int)) and not isinstance(found, bool) else ""
        self.means.wire.redactor.learn(token)
        return token

    def _credentials(self, token: str, expires: float) -> Credentials:
        if name := self.settings.get("cookie"):
            return Credentials({}, token, expires, cookies={str(name): token})
        value = str(self.settings.get("value", "Bearer {token}")).replace("{token}", token)
        return Credentials({str(self.settings.get("header", "Authorization")): value}, token, expires)

    def _lifetime(self, reply: Reply) -> float:
        """Seconds that the token lives."""
        pointer = self.settings.get("expires_pointer")
        found = None if pointer is None else reply.at(str(pointer))
        if isinstance(found, str):
            found = _moment(found)
        if isinstance(found, (int, float)) and found > EARLIEST:
            found = min(found, LATEST) - time.time()
        return lifetime(found)

    def _causes(self, identity: Identity, reply: Reply) -> list[str]:
        ours = f"user name or password of identity {identity.name!r} is wrong: identities.{identity.name}"
        place = "sign_in.login_url does not point at the login endpoint, or it wants another sign_in.body"
        if not reply.ok:
            return [ours, place] if reply.status in (400, 401, 403, 422) else [place, ours]
        where = self.settings.get("token_pointer")
        missing = f"cookie {self.settings.get('cookie')!r}" if where is None else f"token at {where!r}"
        return [f"the answer holds no {missing}: members are {_members(reply)}"]


def filled(template: Any, values: Mapping[str, str]) -> Any:
    """A template with its placeholders filled in, in texts however deep; a value is never read as a template."""
    match template:
        case str():
            parts = template
            for name in values:
                parts = parts.replace("{" + name + "}", f"\0{name}\0")
            pieces = parts.split("\0")
            return "".join(values[piece] if n % 2 else piece for n, piece in enumerate(pieces))
        case dict():
            return {name: filled(value, values) for name, value in template.items()}
        case list():
            return [filled(value, values) for value in template]
        case _:
            return template


def cookie_of(reply: Reply, name: str) -> str:
    """The value of a cookie that an answer sets (RFC 6265 §4.1), or an empty text."""
    for header, value in reply.headers:
        if header.lower() == "set-cookie":
            first, _, given = value.split(";", 1)[0].partition("=")
            if first.strip() == name:
                return _unquoted(given.strip())
    return ""


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value


def _moment(text: str) -> float | None:
    """A number, or the seconds since 1970 of a time; one without a zone is taken as UTC, wherever we run."""
    try:
        return float(text)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except ValueError:
        return None


def _members(reply: Reply) -> str:
    body = reply.json()
    return ", ".join(sorted(body)[:12]) if isinstance(body, dict) else "none; it is not a JSON object"
