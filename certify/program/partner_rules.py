"""What a profile's schema cannot say: that its parts fit each other, and that every secret is there.

Each rule takes the :class:`Lint` of the document and notes what it finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from certify.model.partner import SecretRef
from certify.program.lint import Lint
from certify.program.nearest import did_you_mean, known_names
from certify.program.secrets import unavailable
from certify.program.source import Place

SECRETS = ("client_secret", "token", "password", "api_key")
PLACEHOLDERS = ("tenant", "subject", "scope", "client_id")

_NEEDED = {"bearer": "token", "basic": "password", "api_key": "api_key", "client_credentials": "client_secret"}
_SECRET_HEADERS = {"authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "x-auth-token"}


CAPABILITIES = ("audit", "idempotency", "pagination", "refresh_tokens", "webhooks")
"""What a profile can say to be offered or not."""


def secret_places(lint: Lint) -> Iterator[tuple[Place, SecretRef]]:
    """Every well-formed reference to a secret, and where it stands."""
    places: list[Place] = [("identities", name, member) for name in lint.mapping("identities") for member in SECRETS]
    places += [("platform_tokens", "keys", name) for name in lint.mapping("platform_tokens", "keys")]
    for place in places:
        ref = reference(lint, place)
        if ref:
            yield place, ref


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
    return SecretRef(kind, value, lint.document.file, lint.document.line_of((*place, kind)))


def check_secrets(lint: Lint) -> None:
    """Variables are set, files are there and readable. Commands are not started."""
    base = Path(lint.document.file).parent
    for place, ref in secret_places(lint):
        message, advice = unavailable(ref, base)
        if message:
            lint.report((*place, ref.kind), message, advice)


def check_identities(lint: Lint) -> None:
    """``primary`` is there, and each identity has the secret that its sign-in needs."""
    kind, identities = lint.text("sign_in", "kind"), lint.mapping("identities")
    if kind not in {"none", ""} and "primary" not in identities:
        near = did_you_mean("primary", identities)
        lint.report(("identities",), f"identity 'primary' is missing{near}", "every other check begins with it")
    needed = _NEEDED.get(kind)
    for name in identities:
        if needed and needed not in lint.mapping("identities", name):
            lint.report(("identities", name), f"sign-in {kind} needs {needed!r} of identity {name!r}")


def check_sign_in(lint: Lint) -> None:
    """Each flow has its address or issuer."""
    kind = lint.text("sign_in", "kind")
    if kind == "client_credentials" and "token_url" not in lint.mapping("sign_in"):
        lint.report(("sign_in",), "sign-in client_credentials needs a token_url", "the metadata's token_endpoint is it")
    if kind == "platform_tokens" and "platform_tokens" not in lint.document.value:
        lint.report(("sign_in",), "sign-in platform_tokens needs the member platform_tokens")


def check_tokens(lint: Lint) -> None:
    """Each algorithm has a key, and claim templates use names that exist."""
    tokens = lint.mapping("platform_tokens")
    algorithms = [name for _, name in lint.texts("platform_tokens", "algorithms")]
    for place, name in lint.texts("platform_tokens", "algorithms"):
        if "keys" in tokens and name not in lint.mapping("platform_tokens", "keys"):
            lint.report(place, f"algorithm {name!r} has no key", f"add platform_tokens.keys.{name}")
    for member in ("keys", "key_ids"):
        for name in lint.mapping("platform_tokens", member):
            if name not in algorithms:
                lint.unknown(("platform_tokens", member, name), "algorithm", name, algorithms)
    for claim in lint.mapping("platform_tokens", "claims"):
        _check_template(lint, ("platform_tokens", "claims", claim))


def _check_template(lint: Lint, place: Place) -> None:
    try:
        names = [name for _, name, _, _ in Formatter().parse(lint.text(*place)) if name is not None]
    except ValueError as error:
        lint.report(place, f"not a template: {error}", known_names([f"{{{name}}}" for name in PLACEHOLDERS]))
        return
    for name in names:
        if name not in PLACEHOLDERS:
            lint.unknown(place, "placeholder", name, PLACEHOLDERS)


def check_limits(lint: Lint) -> None:
    """Limits name identities that exist, or all of them."""
    identities = lint.mapping("identities")
    for place in lint.each("limits"):
        name = lint.text(*place, "identity")
        if name not in {"", "*", *identities}:
            lint.unknown((*place, "identity"), "identity", name, ["*", *identities])


def check_capabilities(lint: Lint) -> None:
    """Capabilities are names that some check asks for: one that is misspelt would silently change nothing."""
    for name in lint.mapping("capabilities"):
        if name not in CAPABILITIES:
            lint.unknown(("capabilities", name), "capability", name, list(CAPABILITIES))


def check_headers(lint: Lint) -> None:
    """No credential hides among the headers that are always sent."""
    for name in lint.mapping("headers"):
        if name.lower() in _SECRET_HEADERS:
            message = f"header {name!r} carries a credential, and a profile holds none"
            lint.report(("headers", name), message, "describe it under sign_in, with the secret by reference")


RULES = (
    check_identities,
    check_sign_in,
    check_tokens,
    check_limits,
    check_capabilities,
    check_headers,
    check_secrets,
)
