"""Single words of Swagger 2.0 in those of OpenAPI 3.0, and what tells its parameters apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_MOVED = {
    "#/definitions/": "#/components/schemas/",
    "#/parameters/": "#/components/parameters/",
    "#/responses/": "#/components/responses/",
}
SCHEMA_WORDS = (
    *("type", "format", "items", "default", "enum", "pattern", "multipleOf"),
    *("maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"),
    *("maxLength", "minLength", "maxItems", "minItems", "uniqueItems", "x-nullable"),
)
_FLOWS = {"application": "clientCredentials", "accessCode": "authorizationCode"}
_STYLES = {"ssv": "spaceDelimited", "pipes": "pipeDelimited"}


def moved_to(reference: str) -> str:
    """Where what a reference names stands in 3.0; the reference itself where it does not move."""
    for old, new in _MOVED.items():
        if reference.startswith(old):
            return new + reference.removeprefix(old)
    return reference


def key_of(parameter: Mapping[str, Any]) -> tuple[str, str]:
    """What tells parameters apart; there is only one body."""
    place = str(parameter.get("in"))
    return ("" if place == "body" else str(parameter.get("name")), place)


def in_body(entry: Any) -> bool:
    """Whether a parameter is a body, or a part of one."""
    return isinstance(entry, dict) and entry.get("in") in ("body", "formData")


def style_of(entry: Mapping[str, Any], place: str) -> dict[str, Any]:
    """``collectionFormat`` as ``style`` and ``explode``; ``tsv`` has no counterpart, and is read as ``csv``."""
    named = str(entry.get("collectionFormat", "csv"))
    if place in ("path", "header"):
        return {"style": "simple"}
    return {"style": _STYLES.get(named, "form"), "explode": named == "multi"}


def only(raw: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Those of the named members that are there."""
    return {name: raw[name] for name in names if name in raw}


def mapping(value: Any) -> Mapping[str, Any]:
    """The value, or an empty mapping in place of something else."""
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:
    """The value, or an empty list in place of something else."""
    return value if isinstance(value, list) else []


def texts(value: Any) -> list[str]:
    """The texts of a list."""
    return [item for item in listed(value) if isinstance(item, str)]


def servers_of(document: Mapping[str, Any]) -> list[str]:
    """``schemes``, ``host`` and ``basePath`` as URLs; only a path where no host is named."""
    base = str(document.get("basePath") or "").rstrip("/")
    host = document.get("host")
    if not isinstance(host, str) or not host:
        return [base or "/"]
    schemes = [item for item in listed(document.get("schemes")) if isinstance(item, str)] or ["https"]
    return [f"{scheme}://{host}{base}" for scheme in schemes]


def scheme_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A security scheme: ``basic`` is one of HTTP, and OAuth has flows."""
    match raw.get("type"):
        case "basic":
            return {**only(raw, "description"), "type": "http", "scheme": "basic"}
        case "oauth2":
            flow = {**only(raw, "authorizationUrl", "tokenUrl"), "scopes": mapping(raw.get("scopes"))}
            name = str(raw.get("flow"))
            return {**only(raw, "description"), "type": "oauth2", "flows": {_FLOWS.get(name, name): flow}}
        case _:
            return dict(raw)
