"""What a profile's schema cannot say: that its parts fit each other, and that it points at no production.

Each rule takes the :class:`Lint` of the document and notes what it finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from urllib.parse import SplitResult, urlsplit

from certify.model.partner import SecretRef
from certify.program.lint import Lint
from certify.program.nearest import did_you_mean, known_names
from certify.program.secrets import unavailable
from certify.program.source import Place

SECRETS = ("client_secret", "token", "password", "api_key")
PLACEHOLDERS = ("tenant", "subject", "scope", "client_id")
URLS: tuple[Place, ...] = (("target", "base_url"), ("sign_in", "token_url"), ("sign_in", "metadata_url"))

_NEEDED = {"bearer": "token", "basic": "password", "api_key": "api_key", "client_credentials": "client_secret"}
_PRODUCTION, _REHEARSAL = {"prod", "production", "live", "prd"}, {"non", "nonprod", "sandbox", "staging", "test", "dev"}
_SECRET_HEADERS = {"authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "x-auth-token"}


def secret_places(lint: Lint) -> Iterator[tuple[Place, SecretRef]]:
    """Every well-formed reference to a secret, and where it stands."""
    places: list[Place] = [("identities", name, member) for name in lint.mapping("identities") for member in SECRETS]
    places += [("platform_tokens", "keys", name) for name in lint.mapping("platform_tokens", "keys")]
    for place in places:
        ref = reference(lint, place)
        if ref:
            yield place, ref


def reference(lint: Lint, place: Place) -> SecretRef | None:
    """The reference at a place, with its file and line, or None."""
    match lint.mapping(*place):
        case {"env": str(value)} | {"file": str(value)}:
            pass
        case {"command": [str(), *_] as value}:
            value = tuple(str(item) for item in value)
        case _:
            return None
    kind = next(iter(lint.mapping(*place)))
    return SecretRef(kind, value, lint.document.file, lint.document.line_of((*place, kind)))


def check_secrets(lint: Lint) -> None:
    """Variables are set, files are there and readable. Commands are not started."""
    base = Path(lint.document.file).parent
    for place, ref in secret_places(lint):
        message, advice = unavailable(ref, base)
        if message:
            lint.report((*place, ref.kind), message, advice)


def check_urls(lint: Lint) -> None:
    """URLs are absolute http(s), without user information or query."""
    for place in URLS:
        written = lint.text(*place)
        if re.match("https?://", written):
            problem = _url_problem(written)
            if problem:
                lint.report(place, problem, "write it like https://sandbox.partner.example/api")


def _url_problem(written: str) -> str:
    url = _split(written)
    if url is None or not url.hostname or re.search(r"[\s\\]", written):
        return f"{written!r} is not an absolute http(s) URL"
    if "@" in url.netloc:
        return "a URL must not carry a user name or password; identities sign in"
    if url.query or url.fragment:
        return f"{url.scheme}://{url.netloc}{url.path} must not carry a query or fragment"
    return ""


def _split(written: str) -> SplitResult | None:
    try:
        url = urlsplit(written)
        _ = url.port
    except ValueError:
        return None
    return url


def check_production(lint: Lint) -> None:
    """Nothing points at production: not the environment, not the hosts."""
    environment = lint.text("target", "environment")
    if _marked(environment):
        lint.report(("target", "environment"), f"{environment!r} is refused: certify attacks what it tests", _SANDBOX)
    named = {host.lower() for _, host in lint.texts("target", "production_hosts")}
    for place, host in _hosts(lint):
        if host in named or host.partition(":")[0] in named or _marked(host.partition(":")[0]):
            lint.report(place, f"host {host!r} is marked as production and is refused", _SANDBOX)


_SANDBOX = "name a sandbox that may be written to and overloaded"


def _hosts(lint: Lint) -> Iterator[tuple[Place, str]]:
    for place in URLS:
        url = _split(lint.text(*place))
        if url and url.hostname:
            yield place, f"{url.hostname}:{url.port}" if url.port else url.hostname
    for place, host in lint.texts("target", "allowed_hosts"):
        yield place, host.lower()


def _marked(name: str) -> bool:
    words = set(re.split("[^a-z0-9]+", name.lower()))
    return bool(words & _PRODUCTION) and not words & _REHEARSAL


def check_hosts(lint: Lint) -> None:
    """Hosts are hosts, not URLs."""
    for list_name in ("allowed_hosts", "production_hosts"):
        for place, host in lint.texts("target", list_name):
            if not re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?", host):
                lint.report(place, f"{host!r} is not a host", "write host or host:port, without scheme and path")


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


def check_headers(lint: Lint) -> None:
    """No credential hides among the headers that are always sent."""
    for name in lint.mapping("headers"):
        if name.lower() in _SECRET_HEADERS:
            message = f"header {name!r} carries a credential, and a profile holds none"
            lint.report(("headers", name), message, "describe it under sign_in, with the secret by reference")


def check_files(lint: Lint) -> None:
    """The contract and the answers, where the profile names them, are there."""
    base = Path(lint.document.file).parent
    for place in (("target", "contract"), ("answers",)):
        name = lint.text(*place)
        if name and not re.match("https?://", name) and not (base / name).is_file():
            lint.report(place, f"file {name!r} does not exist", "paths start at the profile's folder")


RULES = (
    check_urls,
    check_production,
    check_hosts,
    check_identities,
    check_sign_in,
    check_tokens,
    check_limits,
    check_headers,
    check_files,
    check_secrets,
)
