"""What a profile's schema cannot say: that its parts fit each other, and that every secret is there.

Each rule takes the :class:`Lint` of the document and notes what it finds.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from certify.model.partner import SecretRef
from certify.nearest import known_names
from certify.program.lint import Lint
from certify.program.secrets import unavailable
from certify.program.sign_in_rules import SECRETS, SIGN_IN_RULES, reference
from certify.program.source import Place

PLACEHOLDERS = ("tenant", "subject", "scope", "client_id")

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


def check_secrets(lint: Lint) -> None:
    """Variables are set, files are there and readable. Commands are not started."""
    base = Path(lint.document.file).parent
    for place, ref in secret_places(lint):
        message, advice = unavailable(ref, base)
        if message:
            lint.report((*place, ref.kind), message, advice)


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
    *SIGN_IN_RULES,
    check_tokens,
    check_limits,
    check_capabilities,
    check_headers,
    check_secrets,
)
