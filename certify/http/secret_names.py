"""Where a sign-in puts secrets: names that are redacted whatever stands there, even if too short to look for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from certify.model.partner import Partner

_FILLED = ("{password}", "{client_secret}", "{api_key}")


def secret_headers(partner: Partner) -> frozenset[str]:
    """Names of headers that sign the profile's identities in."""
    settings = partner.sign_in.settings
    signing = [name for name, text in _signature_headers(settings).items() if "{signature}" in str(text)]
    named = [str(settings["header"])] if "header" in settings else []
    return frozenset([*named, *signing, *settings.get("login_headers", {})])


def secret_parameters(partner: Partner) -> frozenset[str]:
    """Names of query parameters, form fields and JSON members that carry secrets when identities sign in."""
    settings = partner.sign_in.settings
    pointer = str(settings.get("token_pointer", "")).rpartition("/")[2].replace("~1", "/").replace("~0", "~")
    typed = [
        *_typed(settings.get("body", {})),
        *(name for step in settings.get("consent", ()) for name in _typed(step)),
    ]
    code = "code" if partner.sign_in.kind == "authorization_code" else ""
    return frozenset({str(settings.get("query", "")), pointer, code, *typed} - {""})


def _signature_headers(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    headers: Mapping[str, Any] = settings.get("signature", {}).get("headers", {})
    return headers


def _typed(template: object, name: str = "") -> Iterator[str]:
    """Members of a template into which a secret is filled."""
    if isinstance(template, Mapping):
        for member, value in template.items():
            yield from _typed(value, str(member))
    elif isinstance(template, str) and any(secret in template for secret in _FILLED):
        yield name
