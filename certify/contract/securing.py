"""What is wrong with the ``security`` of a document or an operation (OpenAPI 3.1 §4.8.30)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from certify.contract.keywords import Wrong, named, short
from certify.contract.problem import Effect


def declared_schemes(document: dict[str, Any]) -> frozenset[str]:
    """The names of the security schemes that a document declares."""
    components = document.get("components", {})
    schemes = components.get("securitySchemes") if isinstance(components, dict) else None
    return frozenset(schemes if isinstance(schemes, dict) else ())


def wrong_in_security(node: dict[str, Any], declared: frozenset[str]) -> Iterator[Wrong]:
    """Alternatives, each of which maps the name of a declared scheme to scopes."""
    options = node.get("security", [])
    if not isinstance(options, list):
        yield Wrong(("security",), f"{named(options)} stands here, not a list")
        return
    for number, option in enumerate(options):
        if not isinstance(option, dict):
            yield Wrong(("security", number), f"{named(option)} stands here, not a mapping of members")
            continue
        for name, scopes in option.items():
            yield from _scopes(name, scopes, ("security", number, name), declared)


def _scopes(name: str, scopes: Any, place: tuple[str | int, ...], declared: frozenset[str]) -> Iterator[Wrong]:
    if not isinstance(scopes, list):
        yield Wrong(place, f"{named(scopes)} stands here, not a list")
    elif wrong := [number for number, scope in enumerate(scopes) if not isinstance(scope, str)]:
        yield Wrong((*place, wrong[0]), f"{named(scopes[wrong[0]])} stands here, not a text")
    elif name not in declared:
        message = f"the security scheme {short(repr(name))} is not declared"
        yield Wrong(place, message, "declare it among the security schemes", Effect.NOTED)
