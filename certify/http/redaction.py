"""Redaction at capture: a secret that never reaches the run directory cannot leak from a report.

Three nets, each sufficient by itself for what it knows: header and member *names* that carry secrets, *values* that the
run itself uses as secrets, and the *shape* of a compact JWT (RFC 7515 §7.1).
"""

from __future__ import annotations

import json
import re
from urllib.parse import quote, quote_plus

from certify.model.exchange import Headers

MARK = "[redacted]"
SHORTEST = 6
"""Characters of a value that is looked for everywhere; cutting shorter ones would shred the evidence."""

SECRET_HEADERS = frozenset(
    [
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "x-api-key",
        "api-key",
        "apikey",
        "x-auth-token",
        "dpop",
    ]
)
_NAMES = (
    r"(?:access|refresh|id|auth|session|bearer|csrf)[_-]?token|(?:client|signing|webhook|shared|app|api)[_-]?secret|"
    r"(?:api|private|signing|secret|encryption)[_-]?key|client[_-]?assertion|code[_-]?verifier|password|passwd|"
    r"pass[_-]?phrase|secret|token|authorization"
)
_NUMBER = r"-?\d[\d.eE+-]*"
# Each pattern takes all that it looked at, closed or not, so that no text is scanned twice.
_JSON_MEMBER = re.compile(rf'("(?:{_NAMES})"\s*:\s*)(?:"(?:[^"\\]|\\.)*+"?|{_NUMBER})', re.IGNORECASE | re.DOTALL)
_ESCAPED_MEMBER = re.compile(
    rf'(\\"(?:{_NAMES})(?P<escape>\\++)"\s*:\s*)'
    rf'(?:(?P=escape)"(?:[^"\\]++|(?!(?P=escape)")\\++"?)*+(?:(?P=escape)")?|{_NUMBER})',
    re.IGNORECASE,
)
_FORM_FIELD = re.compile(rf"(^|[?&])({_NAMES})=[^&\s]*", re.IGNORECASE)
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{5,}+(\.[A-Za-z0-9_-]*+\.?[A-Za-z0-9_-]*+)?")


class Redactor:
    """Takes secrets out of what is about to be recorded. ``learn`` teaches it a value."""

    def __init__(
        self, secret_headers: frozenset[str] = frozenset(), secret_parameters: frozenset[str] = frozenset()
    ) -> None:
        self._secrets: tuple[str, ...] = ()
        self._headers = SECRET_HEADERS | {name.lower() for name in secret_headers}
        self._parameters = _parameters(secret_parameters) if secret_parameters else None
        self._members = _members(secret_parameters) if secret_parameters else None

    @property
    def longest(self) -> int:
        """The length of the longest spelling of a value that is looked for."""
        return len(self._secrets[0]) if self._secrets else 0

    def learn(self, secret: str) -> None:
        """Remember a secret value in every spelling that it may be met in."""
        if len(secret) >= SHORTEST:
            self._secrets = tuple(sorted({*self._secrets, *_spellings(secret)}, key=len, reverse=True))

    def text(self, text: str) -> str:
        """A body or a URL without secrets."""
        for secret in self._secrets:
            if secret in text:
                text = text.replace(secret, MARK)
        if "eyJ" in text:
            text = _JWT.sub(lambda match: MARK if match[1] else match[0], text)
        if '"' in text:
            text = _JSON_MEMBER.sub(rf'\1"{MARK}"', text)
            text = self._members.sub(rf'\1"{MARK}"', text) if self._members else text
        if '\\"' in text:
            text = _ESCAPED_MEMBER.sub(rf'\1\g<escape>"{MARK}\g<escape>"', text)
        if "=" in text:
            text = _FORM_FIELD.sub(rf"\1\2={MARK}", text)
            text = self._parameters.sub(rf"\1\2={MARK}", text) if self._parameters else text
        return text

    def headers(self, headers: Headers) -> Headers:
        """Headers without secrets; of an ``Authorization`` the scheme stays, because it is evidence."""
        return tuple((name, self._header(name.lower(), value)) for name, value in headers)

    def _header(self, name: str, value: str) -> str:
        if name in self._headers:
            scheme = value.split(" ", 1)[0] if name.endswith("authorization") and " " in value else ""
            return f"{scheme} {MARK}".strip()
        return self.text(value)


def _parameters(names: frozenset[str]) -> re.Pattern[str]:
    """Query parameters and form fields that a profile names as secret, also where their value is too short to learn."""
    spelt = {spelling for name in names for spelling in (name, quote(name, safe=""))}
    return re.compile(rf"(^|[?&])({'|'.join(map(re.escape, sorted(spelt)))})=[^&\s#]*", re.IGNORECASE)


def _members(names: frozenset[str]) -> re.Pattern[str]:
    """Members of a JSON text that a profile names as secret."""
    spelt = "|".join(re.escape(json.dumps(name)) for name in sorted(names))
    return re.compile(rf'((?:{spelt})\s*:\s*)(?:"(?:[^"\\]|\\.)*+"?|{_NUMBER})', re.DOTALL)


def _spellings(secret: str) -> set[str]:
    """A value as it is, percent-encoded in both ways and cases, and inside JSON."""
    encoded = {quote(secret, safe=""), quote_plus(secret)}
    lower = {re.sub(r"%[0-9A-F]{2}", lambda match: match[0].lower(), text) for text in encoded}
    quoted = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    return {secret, *encoded, *lower, *quoted}
