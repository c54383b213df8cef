"""What each kind of sign-in needs of a profile: its own members, and the secrets of its identities.

A member that is missing is told with a line that could stand there, and one that no such sign-in reads is told too: it
would silently change nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from certify.model.partner import SecretRef
from certify.nearest import did_you_mean
from certify.program.lint import Lint
from certify.program.source import Place

SECRETS = (
    *("client_secret", "token", "password", "api_key", "refresh_token", "private_key", "signing_key"),
    *("certificate", "certificate_key"),
)
"""Members of an identity that refer to a secret."""
SIGNING = ("private_key", "signing_key", "certificate", "certificate_key")
"""Those with which something is signed, and which are never sent themselves; as are all keys of platform tokens."""


@dataclass(frozen=True)
class Need:
    """What a kind of sign-in reads: members that it must have, others that it may have, and secrets of identities."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()


_CLIENT = ("client_auth", "assertion_audience", "assertion_algorithm", "parameters", "dpop")
_AUTHORIZATION = ("authorize_url", "redirect_uri", "token_url", "consent")
_LOGIN = ("login_headers", "body_format", "token_pointer", "expires_pointer", "header", "value", "cookie")
_API_KEY = ("header", "query", "cookie")
_PROOFS = {"private_key_jwt": "private_key", "tls": "certificate", "none": ""}

NEEDS: dict[str, Need] = {
    "none": Need(),
    "bearer": Need(secrets=("token",)),
    "basic": Need(secrets=("password",)),
    "api_key": Need(optional=_API_KEY, secrets=("api_key",)),
    "client_credentials": Need(("token_url",), _CLIENT),
    "authorization_code": Need(_AUTHORIZATION, (*_CLIENT, "authorize_parameters", "issuer")),
    "refresh_token": Need(("token_url",), _CLIENT, ("refresh_token",)),
    "login": Need(("login_url", "body"), _LOGIN),
    "platform_tokens": Need(),
    "hmac": Need(("signature",), (), ("signing_key",)),
    "mutual_tls": Need((), (), ("certificate", "certificate_key")),
}
_EVERYWHERE = ("kind", "metadata_url")

EXAMPLES = {
    "token_url": "token_url: https://sandbox.partner.example/oauth/token",
    "authorize_url": "authorize_url: https://sandbox.partner.example/oauth/authorize",
    "redirect_uri": "redirect_uri: https://certify.example/callback",
    "consent": 'consent: [{fields: {login: "{username}", password: "{password}"}}]',
    "login_url": "login_url: https://sandbox.partner.example/v1/login",
    "body": 'body: {email: "{username}", password: "{password}"}',
    "token_pointer": "token_pointer: /token",
    "signature": 'signature: {text: "{method}\\n{path}\\n{timestamp}", headers: {X-Signature: "{signature}"}}',
}
"""A line for each member that could stand in a profile."""


def check_kind(lint: Lint) -> None:
    """Each kind has what it needs, and nothing that it does not read."""
    written = lint.mapping("sign_in")
    kind = lint.text("sign_in", "kind")
    if kind not in NEEDS:
        return
    for name in NEEDS[kind].required:
        if name not in written:
            lint.report(("sign_in",), f"sign-in {kind} needs {name!r}", f"for example {EXAMPLES[name]}")
    read = {*NEEDS[kind].required, *NEEDS[kind].optional, *_EVERYWHERE, *_tolerated(kind)}
    for name in written:
        if name not in read:
            where = ", ".join(other for other, need in NEEDS.items() if name in (*need.required, *need.optional))
            lint.report(("sign_in", name), f"sign-in {kind} does not read {name!r}", f"it belongs to {where}")
    if kind == "platform_tokens" and "platform_tokens" not in lint.document.value:
        example = "platform_tokens: {issuer: …, audience: …, algorithms: [RS256], keys: {RS256: {file: key.pem}}}"
        lint.report(("sign_in",), "sign-in platform_tokens needs the member platform_tokens", f"for example {example}")


def _tolerated(kind: str) -> tuple[str, ...]:
    """The token endpoint of platform tokens is read by checks, though nobody signs in there."""
    return ("token_url", "client_auth") if kind in ("platform_tokens", "bearer") else ()


def check_places(lint: Lint) -> None:
    """A credential stands in one place; a login takes its token from somewhere."""
    written, kind = lint.mapping("sign_in"), lint.text("sign_in", "kind")
    named = [name for name in _API_KEY if name in written]
    if kind == "api_key" and len(named) > 1:
        lint.report(("sign_in", named[1]), f"an API key stands in one place, not in {' and '.join(named)}", "keep one")
    if kind == "login" and "token_pointer" not in written and "cookie" not in written:
        advice = f"for example {EXAMPLES['token_pointer']}, or cookie: session"
        lint.report(("sign_in",), "sign-in login needs 'token_pointer' or 'cookie'", advice)


def check_identities(lint: Lint) -> None:
    """``primary`` is there, and each identity has the secrets that its sign-in needs."""
    kind, identities = lint.text("sign_in", "kind"), lint.mapping("identities")
    if kind not in {"none", ""} and "primary" not in identities:
        near = did_you_mean("primary", identities)
        lint.report(("identities",), f"identity 'primary' is missing{near}", "every other check begins with it")
    for name in identities:
        written = lint.mapping("identities", name)
        for needed in _secrets(lint, kind):
            if needed not in written:
                example = f"for example {needed}: {{env: {name.upper()}_{needed.upper()}}}"
                lint.report(("identities", name), f"sign-in {kind} needs {needed!r} of identity {name!r}", example)
        _check_pair(lint, name, written)


def _check_pair(lint: Lint, name: str, written: dict[str, Any]) -> None:
    if ("certificate" in written) != ("certificate_key" in written) and lint.text("sign_in", "kind") != "mutual_tls":
        has = "certificate" if "certificate" in written else "certificate_key"
        other = "certificate_key" if has == "certificate" else "certificate"
        example = f"for example {other}: {{file: {name}.pem}}"
        lint.report(("identities", name, has), f"{has!r} of identity {name!r} needs {other!r} beside it", example)


def _secrets(lint: Lint, kind: str) -> list[str]:
    """Secrets that every identity must have."""
    need = NEEDS.get(kind, Need())
    if "client_auth" not in need.optional:
        sent = f"{lint.get('sign_in', 'body')} {lint.get('sign_in', 'login_headers')}" if kind == "login" else ""
        return [*need.secrets, *(name for name in SECRETS if f"{{{name}}}" in sent)]
    proof = _PROOFS.get(lint.text("sign_in", "client_auth"), "client_secret")
    typed = "{password}" in str(lint.get("sign_in", "consent"))
    return [*need.secrets, *([proof] if proof else []), *(["password"] if typed else [])]


def check_templates(lint: Lint) -> None:
    """Templates name placeholders that exist."""
    signature = lint.mapping("sign_in", "signature")
    known = SIGNED
    places: list[tuple[Place, str]] = [(("sign_in", "signature", "text"), str(signature.get("text", "")))]
    headers = lint.mapping("sign_in", "signature", "headers")
    places += [(("sign_in", "signature", "headers", name), str(text)) for name, text in headers.items()]
    for place, text in places:
        allowed = (*known, "signature") if "headers" in place else known
        for name in re.findall(r"\{([a-z_]+)\}", text):
            if name not in allowed:
                lint.unknown(place, "placeholder", name, allowed)
    if headers and "{signature}" not in str(list(headers.values())):
        advice = 'for example X-Signature: "{signature}"'
        lint.report(("sign_in", "signature", "headers"), "no header carries {signature}", advice)
    _check_typed(lint)


def _check_typed(lint: Lint) -> None:
    """What is typed into a login or a consent; a misspelt placeholder would be sent as it stands there."""
    templates: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("body", TYPED),
        ("login_headers", TYPED),
        ("consent", PLAYED),
    )
    for member, known in templates:
        for place, text in _texts(lint.get("sign_in", member), ("sign_in", member)):
            for name in re.findall(r"\{([a-z_]+)\}", text) if member != "consent" or "fields" in place else ():
                if name not in known:
                    lint.unknown(place, "placeholder", name, known)


SIGNED = (
    *("method", "path", "query", "sorted_query", "target", "url", "host"),
    *("timestamp", "nonce", "body", "body_hash", "key_id"),
)
"""What ``sign_in.signature.text`` may name, besides ``header:NAME``."""
TYPED = ("username", "password", "client_id", "client_secret", "api_key", "tenant", "scope")
"""What ``sign_in.body`` and ``sign_in.login_headers`` may name."""
PLAYED = ("username", "password", "tenant")
"""What the fields of ``sign_in.consent`` may name."""


def _texts(value: Any, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from _texts(member, (*place, str(name)))
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from _texts(member, (*place, number))


def reference(lint: Lint, place: Place) -> SecretRef | None:
    """The reference at a place, with its file and line, or None where it is not well-formed."""
    written = lint.mapping(*place)
    value: str | tuple[str, ...]
    match list(written.items()):
        case [("env" as kind, str(value))] if re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", value):
            pass
        case [("file" as kind, str(value))] if value:
            pass
        case [("command" as kind, [str(), *_] as argv)]:
            value = tuple(str(item) for item in argv)
        case _:
            return None
    signs = place[0] == "platform_tokens" or place[-1] in SIGNING
    return SecretRef(kind, value, lint.document.file, lint.document.line_of((*place, kind)), signs)


SIGN_IN_RULES = (check_kind, check_places, check_identities, check_templates)
