"""What proves who is calling, in every place of a request where it can stand: headers, query, cookies, TLS, signature.

A sign-in flow makes :class:`Credentials`; the wire puts them on each request. They never stand in a call, so that a
check can send the same call as somebody else, or as nobody.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import unquote_plus, urlencode

from certify.model.exchange import Headers

Sign = Callable[[str, str, Mapping[str, str], bytes], Mapping[str, str]]
"""Method, absolute URL, headers and body of a request as it goes on the wire; gives the headers that sign it."""
Heard = Callable[[str, int, Headers, bytes], bool]
"""Told the URL of each request, and status, headers and body of the answer; true asks for the request once more, signed
anew (RFC 9449 §9)."""


@dataclass(frozen=True)
class ClientCertificate:
    """A certificate chain and its private key, both PEM, with which the client proves itself in TLS (RFC 8705 §2)."""

    chain: str
    key: str = field(repr=False)


@dataclass(frozen=True)
class Credentials:
    """``headers``, ``query`` pairs and ``cookies`` go with each request; ``sign`` adds headers that depend on it.

    ``token`` is the bare token where there is one, for the checks that look inside or replace it. ``expires`` is our
    clock's time from which the credentials are renewed, or None. ``whose`` names the identity whose own, untouched
    credentials these are; empty where they were made up, spoiled or left out.
    """

    headers: Mapping[str, str] = field(repr=False)
    token: str = field(default="", repr=False)
    expires: float | None = None
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)
    sign: Sign | None = field(default=None, repr=False)
    heard: Heard | None = field(default=None, repr=False)
    certificate: ClientCertificate | None = None
    whose: str = ""

    @cached_property
    def fingerprint(self) -> str:
        """Tells these credentials from others, without telling them."""
        places = (sorted(self.headers.items()), self.query, sorted(self.cookies.items()))
        return hashlib.sha256(repr(places).encode()).hexdigest()[:32]

    @property
    def present(self) -> bool:
        """Whether there is anything at all that proves who is calling."""
        return bool(self.headers or self.query or self.cookies or self.sign or self.certificate)

    def valid(self, now: float) -> bool:
        """Whether the credentials need not be renewed yet, at a time of our clock."""
        return self.expires is None or now < self.expires

    def secrets(self) -> tuple[str, ...]:
        """Every value that must not be recorded, bare tokens of a scheme included."""
        values = [*self.headers.values(), *self.cookies.values(), *(value for _, value in self.query)]
        return (self.token, *values, *(value.rpartition(" ")[2] for value in self.headers.values()))

    def with_token(self, token: str) -> Credentials:
        """The same credentials with another token in the place of theirs; a Bearer token where they hold none."""
        other = replace(self, whose="")
        if not self.token:
            return replace(other, headers={"Authorization": f"Bearer {token}"}, token=token, query=(), cookies={})
        return replace(
            other,
            headers={name: value.replace(self.token, token) for name, value in self.headers.items()},
            cookies={name: value.replace(self.token, token) for name, value in self.cookies.items()},
            query=tuple((name, value.replace(self.token, token)) for name, value in self.query),
            token=token,
        )

    def unknown(self) -> Credentials:
        """Credentials of the same kind that nobody issued. A signature alone is spoiled; a certificate is left out."""
        sign = self.sign
        if sign is not None and not (self.headers or self.query or self.cookies):
            sign = _spoiling(sign)
        return Credentials(
            {name: _spoiled(value) for name, value in self.headers.items()},
            query=tuple((name, _UNKNOWN) for name, _ in self.query),
            cookies=dict.fromkeys(self.cookies, _UNKNOWN),
            sign=sign,
            heard=self.heard,
            certificate=self.certificate if self.headers or self.query or self.cookies or self.sign else None,
        )


NOBODY = Credentials({})
_UNKNOWN = "certify-not-a-credential"


def cookie_header(cookies: Mapping[str, str]) -> str:
    """Cookies as one header (RFC 6265 §4.2.1)."""
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def with_query(url: str, query: tuple[tuple[str, str], ...]) -> str:
    """A URL with further query parameters; what it has stays as it was written."""
    if not query:
        return url
    base, mark, fragment = url.partition("#")
    return f"{base}{'&' if '?' in base else '?'}{urlencode(query)}{mark}{fragment}"


def without_query(url: str, names: Collection[str]) -> str:
    """A URL without the query parameters of these names; what it has besides stays as it was written."""
    base, mark, query = url.partition("?")
    kept = [pair for pair in query.split("&") if unquote_plus(pair.split("=", 1)[0]) not in names]
    return base + (mark + "&".join(kept) if mark and any(kept) else "") if names else url


def _spoiling(sign: Sign) -> Sign:
    return lambda method, url, headers, body: dict.fromkeys(sign(method, url, headers, body), _UNKNOWN)


def _spoiled(value: str) -> str:
    scheme, _, credential = value.partition(" ")
    if not credential:
        return _UNKNOWN
    if scheme.lower() == "basic":
        return f"{scheme} {base64.b64encode(b'certify-nobody:certify-nothing').decode()}"
    return f"{scheme} certify-not-a-token"
