"""The sign-in that a contract describes: its security schemes, as a profile says them.

One function for each type of the Security Scheme Object (OpenAPI 3.1.2 §4.8.27). Where a contract knows several, the
one that opens most operations is taken; the others are named in a comment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

from certify.contract import Contract
from certify.errors import UsageError
from certify.nearest import did_you_mean, known_names
from certify.onboarding.kinds import KINDS, OPEN, PASSWORD_GRANT, Scheme
from certify.onboarding.metadata import read_metadata
from certify.onboarding.questions import Ask, Question

_RANK = ("client_credentials", "api_key", "basic", "bearer", "login", "mutual_tls", "authorization_code", "none")


def choose_scheme(contract: Contract, base_url: str, found_at: str, wanted: str, ask: Ask) -> Scheme:
    """The sign-in to write down. ``wanted`` is the name of one of the contract's schemes, or a kind of sign-in."""
    found = {name: list(_schemes(name, raw, base_url, found_at)) for name, raw in _declared(contract).items()}
    every = [scheme for schemes in found.values() for scheme in schemes]
    if wanted:
        return _wanted(wanted, every)
    used = _used(contract)
    if not any(used.values()) or not every:
        return _unused(every)
    ranked = sorted(every, key=lambda item: (-used.get(item.name, 0), _rank(item)))
    return _asked(ranked, ask) if len(ranked) > 1 else ranked[0]


def _unused(every: list[Scheme]) -> Scheme:
    """Nobody signs in, as the contract says; schemes that it declares and never asks for are named."""
    if not every:
        return OPEN
    named = ", ".join(dict.fromkeys(item.name for item in every))
    note = f"it declares {named} and asks for it nowhere; if the API does, draft again with --sign-in {every[0].name}"
    return replace(OPEN, notes=(*OPEN.notes, note))


def _asked(ranked: list[Scheme], ask: Ask) -> Scheme:
    """Let somebody choose among schemes; kinds tell them apart where one scheme offers several."""
    names = {f"{item.name} ({item.kind})": item for item in ranked}
    question = Question("How shall certify sign in?", next(iter(names)), tuple(names), "the contract declares several")
    chosen = names.get(ask(question), ranked[0])
    others = [label for label, item in names.items() if item is not chosen]
    return replace(chosen, notes=(*chosen.notes, f"the contract also declares {', '.join(others[:6])}"))


def _wanted(wanted: str, every: list[Scheme]) -> Scheme:
    for scheme in every:
        if wanted in (scheme.name, scheme.kind):
            return scheme
    if wanted in KINDS:
        return KINDS[wanted]
    known = {*KINDS, *(scheme.name for scheme in every)}
    raise UsageError(f"no sign-in is called {wanted!r}{did_you_mean(wanted, known)}", [known_names(known)])


def _rank(scheme: Scheme) -> int:
    return _RANK.index(scheme.kind) if scheme.kind in _RANK else len(_RANK)


def _declared(contract: Contract) -> Mapping[str, Any]:
    raw = contract.document.get("components", {}).get("securitySchemes", {})
    return {str(name): contract.follow(item) for name, item in raw.items() if isinstance(item, dict)}


def _used(contract: Contract) -> dict[str, int]:
    """How many operations each scheme opens by itself."""
    used: dict[str, int] = {}
    for operation in contract.operations:
        for name in {next(iter(option)) for option in operation.security if len(option) == 1}:
            used[name] = used.get(name, 0) + 1
    return used


def _schemes(name: str, raw: Mapping[str, Any], base_url: str, found_at: str) -> Iterator[Scheme]:
    match raw.get("type"), str(raw.get("scheme", "")).lower():
        case "apiKey", _:
            yield _api_key(name, raw)
        case "http", "basic":
            yield _labelled(KINDS["basic"], name, f"scheme {name}: HTTP Basic (RFC 7617)")
        case "http", "bearer" | "":
            shape = f", {raw['bearerFormat']}" if raw.get("bearerFormat") else ""
            note = "the contract does not say where tokens come from: give one that lives long enough for a run, or"
            other = "describe the token endpoint with another kind (see docs/partner-engineers.md)"
            yield _labelled(KINDS["bearer"], name, f"scheme {name}: a bearer token{shape}", f"{note} {other}")
        case "http", other:
            yield _labelled(OPEN, name, f"scheme {name}: HTTP {other}, which certify cannot do by itself")
        case "oauth2", _:
            yield from _oauth(name, raw, base_url)
        case "openIdConnect", _:
            yield from _openid(name, raw, base_url, found_at)
        case "mutualTLS", _:
            yield _labelled(KINDS["mutual_tls"], name, f"scheme {name}: a client certificate (RFC 8705)")


def _api_key(name: str, raw: Mapping[str, Any]) -> Scheme:
    place, key = str(raw.get("in", "header")), str(raw.get("name", "X-API-Key"))
    if place == "header" and key.lower() == "authorization":
        # Many documents describe a bearer token as a key in Authorization, because Swagger 2.0 knew no other way.
        note = f"scheme {name}: a key in Authorization, which is nearly always a bearer token"
        return _labelled(KINDS["bearer"], name, note, "otherwise: kind api_key, with header: Authorization")
    return Scheme(
        "api_key",
        name,
        ((place, key),) if place in ("header", "query", "cookie") else (),
        secrets=(("api_key", "the API key"),),
        notes=(f"scheme {name}: an API key in {place} {key}",),
    )


def _oauth(name: str, raw: Mapping[str, Any], base_url: str) -> Iterator[Scheme]:
    flows = {flow: given for flow, given in raw.get("flows", {}).items() if isinstance(given, dict)}
    for flow, kind in _FLOWS.items():
        if flow in flows:
            yield _from_flow(kind, name, flow, flows[flow], base_url)
    if not set(_FLOWS) & set(flows):
        note = f"scheme {name}: OAuth 2.0 by {', '.join(flows) or 'no flow'}, which needs a person with a browser"
        yield _labelled(KINDS["bearer"], name, note, "so: a token that somebody obtained, or another kind of sign-in")


_FLOWS = {
    "clientCredentials": KINDS["client_credentials"],
    "password": PASSWORD_GRANT,
    "authorizationCode": KINDS["authorization_code"],
}
_URLS = {"token_url": "tokenUrl", "login_url": "tokenUrl", "authorize_url": "authorizationUrl"}


def _from_flow(kind: Scheme, name: str, flow: str, given: Mapping[str, Any], base_url: str) -> Scheme:
    """A flow's addresses and scopes. Addresses may be relative to the server (OpenAPI 3.1.2 OAuth Flow Object)."""
    urls = {
        member: urljoin(f"{base_url}/", str(given.get(_URLS[member], "")))
        for member, _ in kind.members
        if member in _URLS
    }
    known = {member: url for member, url in urls.items() if url.startswith(("http://", "https://"))}
    members = tuple((member, known.get(member, value)) for member, value in kind.members)
    scopes = tuple(str(scope) for scope in given.get("scopes", {}) or {})
    note = f"scheme {name}: OAuth 2.0, {flow} flow"
    return replace(kind, name=name, members=members, scopes=scopes, notes=(note,))


def _openid(name: str, raw: Mapping[str, Any], base_url: str, found_at: str) -> Iterator[Scheme]:
    url = urljoin(f"{base_url}/", str(raw.get("openIdConnectUrl", "")))
    known = read_metadata(url, (base_url, found_at))
    for kind in ("client_credentials", "authorization_code"):
        if kind in (known.grants or ("client_credentials",)):
            given = {"token_url": known.token_url, "authorize_url": known.authorize_url}
            members = [(member, given.get(member) or value) for member, value in KINDS[kind].members]
            members += [("client_auth", known.client_auth)] if known.client_auth else []
            notes = (f"scheme {name}: OpenID Connect at {url}", *known.notes)
            yield replace(KINDS[kind], name=name, members=tuple(members), notes=notes)


def _labelled(scheme: Scheme, name: str, *notes: str) -> Scheme:
    return replace(scheme, name=name, notes=notes)
